/** The databases of an InfluxDB 1.x, by InfluxQL. */
import { unprocessable } from '../../domain/base/errors.ts'
import type { UpstreamDatabase, UpstreamDatabases } from '../../domain/records/upstream-databases.ts'
import { isAnswered, readAnswer } from '../exchange/answers.ts'
import { type Exchange, formOf } from '../exchange/exchange.ts'

/** What InfluxDB keeps about itself. */
const OWN = '_internal'

interface Series {
  readonly columns: readonly string[]
  readonly values?: readonly (readonly unknown[])[]
}

export function createInfluxdb1Databases(exchange: Exchange): UpstreamDatabases {
  /** The series of each statement. */
  async function query(...statements: readonly string[]): Promise<readonly (readonly Series[])[]> {
    const { status, text } = await exchange.send('POST', '/query', formOf({ q: statements.join('; ') }))
    const { results, error } = readAnswer(text, (answer) => answer as Answer)
    const failure = error ?? results?.find((each) => each.error !== undefined)?.error
    if (status !== 200 || failure !== undefined || !results) {
      throw unprocessable(`InfluxDB refused it: ${failure ?? `it answered ${status}`}`)
    }
    return results.map(({ series = [] }) => series)
  }

  async function databaseNames(): Promise<readonly string[]> {
    const [[series] = []] = await query('SHOW DATABASES')
    return (series?.values ?? []).map(([name]) => String(name)).filter((name) => name !== OWN)
  }

  /** The retention policies of each of these databases, by one request. */
  async function policiesOf(...databases: readonly string[]): Promise<readonly (readonly Policy[])[]> {
    if (databases.length === 0) return []
    const found = await query(...databases.map((name) => `SHOW RETENTION POLICIES ON ${quoted(name)}`))
    return found.map(([series]) => policiesIn(series))
  }

  return {
    isReady: () => isAnswered(exchange, '/ping', [204, 200]),

    async list() {
      // A slash in the name of a database would make it look like a policy.
      const names = (await databaseNames()).filter((name) => !name.includes('/'))
      const policies = await policiesOf(...names)
      return names.flatMap((name, at): UpstreamDatabase[] => {
        const its = policies[at] ?? []
        const retentionSeconds = its.find(({ isDefault }) => isDefault)?.retentionSeconds ?? 0
        return [
          { name, retentionSeconds },
          ...its.map((policy) => ({
            ...{ name: `${name}/${policy.name}`, retentionSeconds: policy.retentionSeconds },
            isDefaultPolicy: policy.isDefault,
          })),
        ]
      })
    },

    async create({ name, retentionSeconds }) {
      const [database = '', policy] = splitName(name)
      const isMissing = !(await databaseNames()).includes(database)
      if (isMissing) {
        const first = policy === undefined ? ` WITH DURATION ${durationOf(retentionSeconds)}` : ''
        await query(`CREATE DATABASE ${quoted(database)}${retentionSeconds === 0 ? '' : first}`)
      }
      if (policy === undefined || (await policiesOf(database))[0]?.some((each) => each.name === policy))
        return isMissing
      await query(
        `CREATE RETENTION POLICY ${quoted(policy)} ON ${quoted(database)} DURATION ${durationOf(retentionSeconds)} REPLICATION 1`,
      )
      return true
    },

    async setRetention({ name, retentionSeconds }) {
      const [database = '', policy] = splitName(name)
      const changed = policy ?? (await policiesOf(database))[0]?.find(({ isDefault }) => isDefault)?.name
      if (changed === undefined)
        throw unprocessable(`the database ${JSON.stringify(database)} has no default policy`)
      await query(
        `ALTER RETENTION POLICY ${quoted(changed)} ON ${quoted(database)} DURATION ${durationOf(retentionSeconds)}`,
      )
    },

    async drop(name) {
      const [database = '', policy] = splitName(name)
      await query(
        policy === undefined
          ? `DROP DATABASE ${quoted(database)}`
          : `DROP RETENTION POLICY ${quoted(policy)} ON ${quoted(database)}`,
      )
    },
  }
}

interface Policy {
  readonly name: string
  readonly retentionSeconds: number
  readonly isDefault: boolean
}

function policiesIn(series: Series | undefined): readonly Policy[] {
  if (!series) return []
  const at = (column: string) => series.columns.indexOf(column)
  return (series.values ?? []).map((row) => ({
    name: String(row[at('name')]),
    retentionSeconds: secondsOf(String(row[at('duration')])),
    isDefault: row[at('default')] === true,
  }))
}

interface Answer {
  readonly results?: readonly { readonly error?: string; readonly series?: readonly Series[] }[]
  readonly error?: string
}

/** A name of InfluxQL in quotes (influxdata/influxql, QuoteIdent). */
function quoted(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

function splitName(name: string): readonly string[] {
  const slash = name.indexOf('/')
  return slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)]
}

const durationOf = (seconds: number): string => (seconds === 0 ? 'INF' : `${seconds}s`)

/** The seconds of a duration as InfluxDB writes it, such as `168h0m0s`; 0 means forever. */
function secondsOf(text: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.\d+)?s)?$/.exec(text) ?? []
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
