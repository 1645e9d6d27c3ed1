/** Starts a separate PostgreSQL for tests and trials: on a free loopback port, in a folder that is removed with it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/free-port.ts'
import { killOnExit } from './cleanup-on-exit.ts'

const DEBIAN = '/usr/lib/postgresql'
const DEADLINE_MS = 30_000

export interface PostgresServer {
  /** For the superuser, with a random password. */
  readonly url: string
  readonly port: number
  pid(): number
  /** Stops it by the signal (SIGINT: fast, SIGQUIT: immediate) and restarts it on the same port and data. */
  restart(signal?: NodeJS.Signals, pauseMs?: number): Promise<void>
  stop(): Promise<void>
}

interface Running {
  readonly child: ChildProcess
  readonly pid: number
  readonly exited: Promise<unknown>
  readonly cancelCleanup: () => void
}

/** The folder of Debian's newest `initdb` and `postgres`, or undefined. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined
  const versions = readdirSync(DEBIAN).filter((name) => existsSync(`${DEBIAN}/${name}/bin/postgres`))
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest && `${DEBIAN}/${newest}/bin`
}

/**
 * Starts a server with an empty data folder and waits until it accepts connections. It ends with this process.
 * Acknowledged writes survive SIGKILL but not a crash of the machine, unless `durable` is set.
 */
export async function startPostgres(
  options: {
    /** Waits for the disk at each commit, for measuring writes. */
    durable?: boolean
    settings?: Readonly<Record<string, string | number>>
    /** Paths of a certificate and its key (PEM). */
    tls?: { cert: string; key: string }
  } = {},
): Promise<PostgresServer> {
  const { durable = false, settings = {}, tls } = options
  const programs = postgresPrograms()
  if (!programs) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)')
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'))
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')]
  const password = randomBytes(12).toString('hex')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)

  const made = spawnSync(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'sluice',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    { ...user, cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } },
  )
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`initdb failed:\n${made.stderr ?? made.error}`)
  }
  if (tls) {
    copyFileSync(tls.cert, join(data, 'server.crt'))
    copyFileSync(tls.key, join(data, 'server.key'))
    chmodSync(join(data, 'server.key'), 0o600)
    if (user) chownSync(join(data, 'server.key'), user.uid, user.gid)
  }
  const program = join(programs, 'postgres')
  const port = await freePort()
  const all = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    max_connections: 200,
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...(tls ? { ssl: 'on' } : {}),
    ...settings,
  }

  async function run(): Promise<Running> {
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(program, ['-D', data, ...flags], {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a separate process group: Ctrl-C must reach only this process, which stops PostgreSQL.
      detached: true,
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
    const exited = once(child, 'exit')
    const pid = child.pid as number
    const cancelCleanup = killOnExit(pid, folder)
    await waitUntilReady(port, child, () => output)
    child.unref()
    ;(child.stderr as Socket).unref()
    return { child, pid, exited, cancelCleanup }
  }
  async function end({ child, exited, cancelCleanup }: Running, signal: NodeJS.Signals): Promise<void> {
    cancelCleanup()
    child.ref()
    child.kill(signal)
    await exited
  }

  let running = await run()
  return {
    url: `postgres://sluice:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: () => running.pid,
    async restart(signal = 'SIGINT', pauseMs = 0) {
      await end(running, signal)
      await sleep(pauseMs)
      running = await run()
    },
    async stop() {
      await end(running, 'SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The user to run as if this process is root, because PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new Error('PostgreSQL does not run as root, and there is no other user to run it as')
}

/** Waits until the log reports that the server accepts connections and one succeeds; before, it refuses them. */
async function waitUntilReady(port: number, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended:\n${output()}`)
    if (output().includes('ready to accept connections') && (await isOpen(port))) return
    await sleep(20)
  }
  child.kill('SIGQUIT')
  throw new Error(`PostgreSQL does not answer:\n${output()}`)
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
