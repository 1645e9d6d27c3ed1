/** One master, two replicas and three Sentinels, with what one does to them. */
import { connect } from 'node:net'
import { type RedisServer, startRedisWithSentinels } from '../scripts/engines/redis.mjs'
import { until } from './program.ts'

export interface Redis {
  /** What the Sentinels call the master. */
  readonly name: string
  readonly servers: readonly RedisServer[]
  readonly sentinelPorts: readonly number[]
  /** Which one the Sentinels say is the master. */
  master(): Promise<RedisServer>
  /** kill -9 of the master; returns it when another is master. */
  killMaster(): Promise<RedisServer>
  /** Starts one that was killed, without data, as a replica. */
  revive(server: RedisServer): Promise<void>
  /** A failover while the master is well, so that for some seconds there are two. */
  failOver(): Promise<void>
  /** kill -9 of all of them, then all again, without any data. */
  restartEmpty(): Promise<void>
  /** Until the master has two replicas and the Sentinels agree. */
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
    if (!found) throw new Error('the Sentinels name no master')
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

/** The whole answer to a command, as it comes over the wire; the empty text where none comes. */
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
