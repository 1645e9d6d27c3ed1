/** Which server a link goes to, and whether Sluice can work with it. */
import { UnsuitableRedisError } from './failure.ts'
import type { Link } from './link.ts'

const OLDEST_VERSION = 7

export interface RedisServerInfo {
  /**
   * The process (`run_id`) and its history (`master_replid`). A master that became a replica and then the master
   * again is still the same process, but took over another's data: its history has a new name.
   */
  readonly serverID: string
  /** A setting of the server that should be changed, as a sentence for the operator. */
  readonly warning: string | undefined
}

/** Throws unless the server is a master; UnsuitableRedisError for problems that retrying cannot solve. */
export async function inspect(link: Link): Promise<RedisServerInfo> {
  const info = parseInfo(String(await link.send(['INFO'])))
  const of = (name: string) => info.get(name) ?? ''
  if (of('cluster_enabled') === '1') {
    throw new UnsuitableRedisError(
      'this Redis is a Redis Cluster, which Sluice does not work with: its scripts change several keys at once, and a cluster keeps them on different nodes; use one master, with replicas and Sentinels if it is to survive a machine',
    )
  }
  if (Number.parseInt(of('redis_version'), 10) < OLDEST_VERSION) {
    throw new UnsuitableRedisError(
      `this Redis has version ${of('redis_version')}; Sluice needs Redis ${OLDEST_VERSION}, or Valkey`,
    )
  }
  if (of('role') !== 'master') throw new Error(`this Redis is no master but a ${of('role')}`)
  if (of('loading') === '1') throw new Error('this Redis is still loading its data')
  return { serverID: `${of('run_id')}.${of('master_replid')}`, warning: warningOf(of) }
}

function warningOf(of: (name: string) => string): string | undefined {
  if (of('maxmemory') === '0' || of('maxmemory_policy') === 'noeviction') return undefined
  return `Redis forgets keys when its memory is full (maxmemory-policy ${of('maxmemory_policy')}); people would be signed out and failed tries forgotten, so set it to noeviction`
}

/** Lines `name:value` under headings `# Section`. */
function parseInfo(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}
