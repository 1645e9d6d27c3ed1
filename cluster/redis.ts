/** One master, two replicas and three Sentinels, and the faults to inject. */
import { connect } from 'node:net'
import { type RedisServer, startRedisWithSentinels } from '../scripts/engines/redis.ts'
import { until } from './program.ts'

export interface Redis {
  /** The master's name in the Sentinels. */
  readonly name: string
  readonly servers: readonly RedisServer[]
  readonly sentinelPorts: readonly number[]
  /** The current master according to the Sentinels. */
  master(): Promise<RedisServer>
  /** Kills the master (kill -9) and returns it when another server is master. */
  killMaster(): Promise<RedisServer>
  /** Restarts a killed server without data, as a replica. */
  revive(server: RedisServer): Promise<void>
  /** A failover from a healthy master, so that for some seconds there are two. */
  failOver(): Promise<void>
  /** Kills all servers (kill -9) and restarts them without data. */
  restartEmpty(): Promise<void>
  /** Resolves once the master has two replicas and the Sentinels agree. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(): Promise<Redis> {
  const started = await startRedisWithSentinels()
  const { name, master: first, replicas, sentinels } = started
  const servers = [first, ...replicas]
  const sentinelPorts = sentinels.map(({ port }) => port)

  async function masterAt(sentinelPort: number): Promise<RedisServer | undefined> {
    const answer = await askRedis(sentinelPort, `SENTINEL GET-MASTER-ADDR-BY-NAME ${name}`)
    return servers.find(({ port }) => answer.includes(`\n${port}\r`))
  }
  async function master(): Promise<RedisServer> {
    const found = await masterAt(sentinelPorts[0] ?? 0)
    if (!found) throw new Error('the Sentinels report no master')
    return found
  }
  const isMaster = async (server: RedisServer) => (await askRedis(server.port, 'ROLE')).includes('master')
  const another = (than: RedisServer) =>
    until('the Sentinels choose another master', async () => {
      const next = await master()
      return next !== than && (await isMaster(next))
    })
  const replicaOf = ({ port }: RedisServer) => ['--replicaof', '127.0.0.1', String(port)]

  return {
    name,
    servers,
    sentinelPorts,
    master,
    async killMaster() {
      const killed = await master()
      await killed.kill()
      await another(killed)
      return killed
    },
    async revive(server) {
      await server.restart(replicaOf(await master()))
    },
    async failOver() {
      const before = await master()
      await askRedis(sentinelPorts[0] ?? 0, `SENTINEL FAILOVER ${name}`)
      await another(before)
    },
    async restartEmpty() {
      const chief = await master()
      const others = servers.filter((server) => server !== chief)
      await Promise.all(servers.map((server) => server.kill()))
      await chief.restart(['--replicaof', 'no', 'one'])
      await Promise.all(others.map((server) => server.restart(replicaOf(chief))))
    },
    settled: () =>
      until('Redis has its replicas again', async () => {
        const agreed = await Promise.all(sentinelPorts.map(masterAt))
        if (new Set(agreed).size !== 1) return false
        return /connected_slaves:2/.test(await askRedis((await master()).port, 'INFO replication'))
      }),
    stop: () => started.stop(),
  }
}

/** The raw response to a command; empty if there is none. */
export function askRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`${command}\r\nQUIT\r\n`))
    let text = ''
    socket.setEncoding('utf8').setTimeout(2000, () => socket.destroy())
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve(text))
  })
}
