/**
 * Redis for tests and trials, from Debian's packages: on free loopback ports, in a temporary folder, separate from any
 * Redis of the system. It ends with this process.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/free-port.ts'
import { createFolderUntilExit, type RunningProgram, runUntilExit } from './cleanup-on-exit.ts'

const READY_WITHIN_MS = 10_000
const SENTINEL_MASTER = 'sluice'

export interface RedisServer {
  readonly port: number
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string
  pid(): number
  /** Kills it immediately, without closing its clients' connections. */
  kill(): Promise<void>
  /** Restarts it on the same port without its data, with `more` arguments of redis-server. */
  restart(more?: readonly string[]): Promise<void>
}

export interface RedisSentinel {
  readonly port: number
  pid(): number
  kill(): Promise<void>
}

export interface RedisWithSentinels {
  readonly master: RedisServer
  readonly replicas: readonly RedisServer[]
  readonly sentinels: readonly RedisSentinel[]
  /** The master's name in the Sentinels. */
  readonly name: string
  stop(): Promise<void>
}

/** The command for redis-server, or undefined if it is missing (Debian: redis-server, or redis-tools alone). */
export function redisProgram(): string | undefined {
  for (const name of ['redis-server', 'valkey-server', 'redis-check-rdb']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name)
      if (existsSync(path)) return path
    }
  }
  return undefined
}

/** A single Redis without persistence, which ends with this process. `args` are arguments of redis-server. */
export async function startRedis({
  args = [],
}: {
  args?: readonly string[]
} = {}): Promise<RedisServer & { stop(): Promise<void> }> {
  const folder = createFolderUntilExit('sluice-redis-')
  try {
    const server = await startServer(folder.path, args)
    const stop = async () => {
      await server.kill()
      await folder.remove()
    }
    return { ...server, stop }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

/** One master, two replicas, and three Sentinels that agree on a new master within about two seconds. */
export async function startRedisWithSentinels({
  args = [],
}: {
  args?: readonly string[]
} = {}): Promise<RedisWithSentinels> {
  const folder = createFolderUntilExit('sluice-redis-')
  const started: RedisSentinel[] = []
  const start = async (more: readonly string[]) => {
    const server = await startServer(folder.path, more)
    started.push(server)
    return server
  }
  const stop = async () => {
    await Promise.all(started.map((each) => each.kill()))
    await folder.remove()
  }
  try {
    const master = await start(args)
    const replicaOf = ['--replicaof', '127.0.0.1', String(master.port)]
    const replicas = await Promise.all([start([...args, ...replicaOf]), start([...args, ...replicaOf])])
    const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(folder.path, master.port)))
    started.push(...sentinels)
    await until(master.port, 'INFO replication', /(state=online.*){2}/s)
    const all = /status=ok.*slaves=2,sentinels=3/
    await Promise.all(sentinels.map(({ port }) => until(port, 'INFO sentinel', all)))
    return { master, replicas, sentinels, name: SENTINEL_MASTER, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const PLAIN = [
  ...['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
  // Without this, a replica waits five seconds for others that might need the same data.
  ...['--repl-diskless-sync-delay', '0'],
]

async function startServer(folder: string, args: readonly string[]): Promise<RedisServer> {
  const port = await freePort()
  const dir = join(folder, String(port))
  mkdirSync(dir)
  const command = [...PLAIN, '--port', String(port), '--dir', dir, '--logfile', join(dir, 'log'), ...args]
  let running = await run(command, port)
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: () => running.pid,
    kill: () => running.end(),
    async restart(more = []) {
      await running.end()
      running = await run([...command, ...more], port)
    },
  }
}

async function startSentinel(folder: string, masterPort: number): Promise<RedisSentinel> {
  const port = await freePort()
  const dir = join(folder, String(port))
  mkdirSync(dir)
  const file = join(dir, 'sentinel.conf')
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `logfile ${join(dir, 'log')}`,
    `sentinel monitor ${SENTINEL_MASTER} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${SENTINEL_MASTER} 500`,
    `sentinel failover-timeout ${SENTINEL_MASTER} 3000`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const running = await run([file, '--sentinel'], port)
  return { port, pid: () => running.pid, kill: () => running.end() }
}

async function run(args: readonly string[], port: number): Promise<RunningProgram> {
  const program = redisProgram()
  if (!program) throw new Error('there is no redis-server on the path (Debian: apt-get install redis-server)')
  // The name of the program selects its role: Debian has one file under several names.
  const name = program.endsWith('check-rdb') ? 'redis-server' : program
  const running = await runUntilExit('/bin/bash', ['-c', 'exec -a "$0" "$@"', name, program, ...args])
  try {
    await until(port, 'PING', /./)
    return running
  } catch (error) {
    await running.end()
    throw error
  }
}

/** Polls until the answer matches. */
async function until(port: number, command: string, expected: RegExp): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ; await sleep(20)) {
    if (expected.test(await ask(port, command))) return
    if (Date.now() > end) throw new Error(`Redis on port ${port} does not answer ${command} as it should`)
  }
}

/** The first chunk of the answer, or an empty string. */
function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.setTimeout(1000, () => socket.destroy())
    socket.once('data', (chunk) => {
      resolve(chunk.toString())
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(''))
  })
}
