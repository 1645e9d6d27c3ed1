/**
 * The InfluxDB that a test runs against: the binary that the environment variable INFLUXD names, else the stand-in. Both
 * have a first user `root`, an organization `o1` and a bucket `b1`.
 */
import { startInfluxd } from './influxd.ts'
import { startRealInfluxd } from './real-influxd.ts'

export interface Upstream {
  readonly isReal: boolean
  readonly url: string
  readonly operatorToken: string
  /** The first user's. */
  readonly userID: string
  readonly orgID: string
  readonly bucketID: string
  /** Where the upstream looks for files that a request names. */
  readonly workingDirectory: string
  stop(): Promise<void>
}

export async function startUpstream({ isSetUp = true } = {}): Promise<Upstream> {
  const binary = process.env.INFLUXD
  return binary
    ? { isReal: true, ...(await startRealInfluxd(binary, [], { isSetUp })) }
    : { isReal: false, ...(await startInfluxd({ isSetUp })) }
}
