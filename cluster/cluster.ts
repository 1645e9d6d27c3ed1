/**
 * The whole cluster: PostgreSQL, Redis with Sentinels, HAProxy and Sluice nodes on loopback. It ends with this process.
 */

import { createFolderUntilExit } from '../scripts/engines/cleanup-on-exit.ts'
import { startPostgres } from '../scripts/engines/postgres.ts'
import { freePort } from '../test/support/free-port.ts'
import { type Haproxy, startHaproxy } from './haproxy.ts'
import { type Node, prepareNode } from './node.ts'
import { type Redis, startRedis } from './redis.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export interface Cluster {
  readonly folder: string
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>
  readonly redis: Redis
  readonly nodes: readonly Node[]
  /** Undefined if none was requested. */
  readonly haproxy: Haproxy | undefined
  /** By node, the proxies between it and the databases. Empty unless requested. */
  readonly links: readonly Links[]
  stop(): Promise<void>
}

export interface Links {
  readonly postgres: readonly TcpProxy[]
  /** The proxies of the Redis servers and of the Sentinels. */
  readonly redis: readonly TcpProxy[]
}

export interface ClusterOptions {
  readonly nodes?: number
  /** HAProxy's port, or another one if it is taken; false for no HAProxy. */
  readonly port?: number | false
  /** Whether to put a proxy that can fail between each node and each database. */
  readonly links?: boolean
  /** Whether PostgreSQL's acknowledged writes survive a crash of the machine. Slower; nothing else differs. */
  readonly durable?: boolean
  readonly flags?: readonly string[]
  /** The core for all nodes, for benchmarks. */
  readonly core?: string | undefined
  readonly onStep?: (what: string) => void
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { nodes: count = 3, port = 0, links: linked = false, durable = true, flags = [], core } = options
  const step = options.onStep ?? (() => {})
  const folder = createFolderUntilExit('sluice-cluster-')
  const stops: (() => Promise<unknown>)[] = [() => folder.remove()]
  const stop = async () => {
    for (const each of stops.splice(0).toReversed()) await each()
  }
  try {
    step('PostgreSQL')
    const postgres = await startPostgres({ durable })
    stops.push(() => postgres.stop())
    step('Redis and its Sentinels')
    const redis = await startRedis()
    stops.push(() => redis.stop())

    const links: Links[] = []
    const nodes: Node[] = []
    for (let i = 1; i <= count; i += 1) {
      const link = linked ? await startLinks(postgres.port, redis) : undefined
      if (link) {
        links.push(link)
        stops.push(() => Promise.all([...link.postgres, ...link.redis].map((proxy) => proxy.close())))
      }
      const url = new URL(postgres.url)
      url.port = String(link?.postgres[0]?.port ?? postgres.port)
      const sentinels = link
        ? link.redis.slice(redis.servers.length).map((proxy) => proxy.port)
        : redis.sentinelPorts
      // Not as an argument: all users of the machine can read those, and this holds a password.
      const env = { SLUICE_POSTGRES_URL: url.href }
      const engines = [
        ...['--store', 'postgres'],
        ...['--session-store', 'redis', '--redis-sentinel-master', redis.name],
        ...['--redis-sentinels', sentinels.map((each) => `127.0.0.1:${each}`).join(',')],
        ...['--redis-wait-replicas', '1', '--trusted-proxies', '127.0.0.1'],
      ]
      nodes.push(
        await prepareNode(folder.path, { name: `node${i}`, flags: [...engines, ...flags], env, core }),
      )
    }
    step(`${count} nodes of Sluice`)
    stops.push(() => Promise.all(nodes.map((node) => node.stop())))
    await Promise.all(nodes.map((node) => node.start()))

    let haproxy: Haproxy | undefined
    if (port !== false) {
      step('HAProxy')
      const addressed = nodes.map(({ name, port: at }) => ({ name, address: `127.0.0.1:${at}` }))
      haproxy = await startHaproxy(folder.path, { port: await portOr(port), nodes: addressed })
      const { stop: stopHaproxy } = haproxy
      stops.push(stopHaproxy)
    }
    return { folder: folder.path, postgres, redis, nodes, haproxy, links, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Rewrites the Sentinels' answers so that nodes connect through the proxies. Both ports have five digits, so lengths
 * stay.
 */
async function startLinks(postgresPort: number, redis: Redis): Promise<Links> {
  const servers = await Promise.all(redis.servers.map(({ port }) => startTcpProxy(port)))
  const names = new Map(redis.servers.map(({ port }, i) => [String(port), String(servers[i]?.port)]))
  const rename = (text: string) => text.replaceAll(/\b\d{5}\b/g, (port) => names.get(port) ?? port)
  const sentinels = await Promise.all(redis.sentinelPorts.map((port) => startTcpProxy(port, rename)))
  return { postgres: [await startTcpProxy(postgresPort)], redis: [...servers, ...sentinels] }
}

/** This port if it is free. */
async function portOr(wanted: number): Promise<number> {
  if (wanted === 0) return freePort()
  const { createServer } = await import('node:net')
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(freePort()))
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(wanted)))
  })
}
