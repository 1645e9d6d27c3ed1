/** Starts a separate PostgreSQL for tests and trials: on a free loopback port, in a folder that is removed with it. */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
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
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keep } from './keeper.mjs'

const DEBIAN = '/usr/lib/postgresql'
const DEADLINE_MS = 30_000

/** The folder of Debian's newest `initdb` and `postgres`, or undefined. */
export function postgresPrograms() {
  if (!existsSync(DEBIAN)) return undefined
  const versions = readdirSync(DEBIAN).filter((name) => existsSync(`${DEBIAN}/${name}/bin/postgres`))
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest && `${DEBIAN}/${newest}/bin`
}

/**
 * Starts a server and waits until it answers: `{ url, port, stop(), restart(), pid() }`. `url` contains the superuser's
 * random password. Acknowledged writes survive kill -9 but not a crash of the machine; set `durable` to measure writes.
 * `tls` has the paths of a certificate and a key.
 */
export async function startPostgres({ durable = false, settings = {}, tls } = {}) {
  const programs = postgresPrograms()
  if (!programs) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)')
  const user = otherUser()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'))
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')]
  const password = randomBytes(12).toString('hex')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)

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
    if (user.uid !== undefined) chownSync(join(data, 'server.key'), user.uid, user.gid)
  }
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

  async function run() {
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(join(programs, 'postgres'), ['-D', data, ...flags], {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a separate group: Ctrl-C must reach only the process that started it, which stops it.
      detached: true,
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-4000)
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const callOff = keep(child.pid, folder)
    await answering(port, child, () => output)
    child.unref()
    child.stderr.unref()
    return { child, ended, callOff }
  }
  async function end({ child, ended, callOff }, signal) {
    callOff()
    child.ref()
    child.kill(signal)
    await ended
  }

  let running = await run()
  return {
    url: `postgres://sluice:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: () => running.child.pid,
    /** Stops it by `signal` (SIGINT: fast, SIGQUIT: immediate) and restarts it on the same port and data. */
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

/** PostgreSQL refuses to run as root. */
function otherUser() {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (ids.every(({ status }) => status === 0)) {
      const [uid, gid] = ids.map(({ stdout }) => Number(stdout))
      return { uid, gid }
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no other user to run it as')
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until its log reports that it accepts connections; until then it refuses them. */
async function answering(port, child, output) {
  const deadline = Date.now() + DEADLINE_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended:\n${output()}`)
    if (output().includes('ready to accept connections') && (await isOpen(port))) return
    await sleep(20)
  }
  child.kill('SIGQUIT')
  throw new Error(`PostgreSQL does not answer:\n${output()}`)
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
