/** The whole: PostgreSQL, Redis with Sentinels, HAProxy and Sluice nodes, on loopback, gone with this process. */
import { startPostgres } from '../scripts/engines/postgres.mjs'
import { folderWithParent } from '../scripts/engines/with-parent.mjs'
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
  /** Undefined where none was asked for. */
  readonly haproxy: Haproxy | undefined
  /** By node: what stands between it and the engines. Empty where nothing was asked for. */
  readonly links: readonly Links[]
  stop(): Promise<void>
}

export interface Links {
  readonly postgres: readonly TcpProxy[]
  /** The servers', and the Sentinels'. */
  readonly redis: readonly TcpProxy[]
}

export interface ClusterOptions {
  readonly nodes?: number
  /** HAProxy's; another one where it is taken, none where false. */
  readonly port?: number | false
  /** Whether there is a proxy to fail between each node and each engine. */
  readonly links?: boolean
  /** Whether PostgreSQL keeps what it acknowledged when the machine fails. Slower; nothing else changes. */
  readonly durable?: boolean
  readonly flags?: readonly string[]
  /** The core on which all nodes run, where one is to be measured. */
  readonly core?: string | undefined
  readonly onStep?: (what: string) => void
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { nodes: count = 3, port = 0, links: linked = false, durable = true, flags = [], core } = options
  const step = options.onStep ?? (() => {})
  const folder = folderWithParent('sluice-cluster-')
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
      // Arguments are for everybody's eyes, and this holds a password.
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

/** Each node's Sentinels name the proxies in place of the servers. Both ports have five digits, so lengths stay. */
async function startLinks(postgresPort: number, redis: Redis): Promise<Links> {
  const servers = await Promise.all(redis.servers.map(({ port }) => startTcpProxy(port)))
  const names = new Map(redis.servers.map(({ port }, i) => [String(port), String(servers[i]?.port)]))
  const rename = (text: string) => text.replaceAll(/\b\d{5}\b/g, (port) => names.get(port) ?? port)
  const sentinels = await Promise.all(redis.sentinelPorts.map((port) => startTcpProxy(port, rename)))
  return { postgres: [await startTcpProxy(postgresPort)], redis: [...servers, ...sentinels] }
}

/** That one if it is free. */
async function portOr(wanted: number): Promise<number> {
  if (wanted === 0) return freePort()
  const { createServer } = await import('node:net')
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(freePort()))
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(wanted)))
  })
}
