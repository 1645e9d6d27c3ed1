/**
 * Hundreds of slow clients from slowhttptest (headers, bodies and reading), while other clients are served. None may
 * hold a connection longer than the server's limit.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { type Server, setUp, startServer } from './server.ts'
import { needProgram } from './tools.ts'

export interface SlowClientsResult {
  readonly clients: number
  readonly served: number
  readonly slowestMs: number
  readonly longestHeldMs: number
  readonly wrong: string[]
}

interface Attack {
  readonly name: string
  readonly path: string
  readonly options: readonly string[]
  /** The longest time that a connection may be held, in seconds. */
  readonly limit: number
}

const LIMITS = { header: 3, body: 4, idle: 3 }
const FLAGS = [
  ...['--http-read-header-timeout', `${LIMITS.header}s`, '--http-body-timeout', `${LIMITS.body}s`],
  ...['--http-idle-timeout', `${LIMITS.idle}s`],
]
const ATTACKS: readonly Attack[] = [
  { name: 'slow headers', path: '/api/v2/me', options: ['-H'], limit: LIMITS.header },
  // Setup reads the body before it checks anything, and needs no credentials.
  { name: 'slow bodies', path: '/api/v2/setup', options: ['-B'], limit: LIMITS.body },
  {
    name: 'slow reading',
    path: '/api/v2/openapi.json',
    options: ['-X', '-w', '10', '-y', '20', '-z', '5', '-n', '1'],
    // Two seconds more for a response of about 120 KB; after that only the system's buffers are full.
    limit: LIMITS.body + 2 + LIMITS.idle,
  },
]
const PER_SECOND = 200
/** Node checks for overdue requests once a second; the rest allows for a busy machine. */
const SLACK_S = 4
/** Longer than any limit, so that the server closes first. */
const LENGTH_S = 20

export async function slowClients(sqlitePath: string, clients: number): Promise<SlowClientsResult> {
  const program = needProgram('slowhttptest', 'slowhttptest')
  const server = await startServer({ sqlitePath, flags: FLAGS })
  const total = { served: 0, slowestMs: 0, longestHeldMs: 0, wrong: [] as string[] }
  try {
    const { operator } = await setUp(server)
    for (const attack of ATTACKS) await run(attack)

    async function run({ name, path, options, limit }: Attack): Promise<void> {
      const before = openSockets(server)
      const size = ['-c', String(clients), '-r', String(PER_SECOND), '-i', '1', '-l', String(LENGTH_S)]
      const child = spawn(program, [...options, ...size, '-u', server.url + path], { stdio: 'ignore' })
      const ended = once(child, 'exit')
      const started = performance.now()
      const end = started + (clients / PER_SECOND + limit + SLACK_S) * 1000
      let [most, held, heldMs] = [0, 0, 0]
      do {
        await serveOther(name)
        held = openSockets(server) - before
        most = Math.max(most, held)
        if (most > held && held > SPARE) heldMs = performance.now() - started
        await new Promise((resolve) => setTimeout(resolve, 20))
      } while (performance.now() < end && (most < clients / 2 || held > SPARE))
      total.longestHeldMs = Math.max(total.longestHeldMs, heldMs)
      if (most < clients / 2)
        total.wrong.push(`${name}: only ${most} of ${clients} connections were established`)
      if (held > SPARE) total.wrong.push(`${name}: ${held} connections were held longer than ${limit} s`)
      child.kill()
      await ended
    }

    async function serveOther(name: string): Promise<void> {
      const asked = performance.now()
      const { status } = await server.ask('GET', '/api/v2/me', { headers: operator })
      total.slowestMs = Math.max(total.slowestMs, performance.now() - asked)
      if (status === 200) total.served += 1
      else total.wrong.push(`${name}: another client got ${status}`)
    }
  } finally {
    await server.stop()
  }
  return { clients, ...total }
}

/** The connections of the clients served meanwhile, and of slowhttptest's probe. */
const SPARE = 5

/** The number of the server's open sockets from Linux's /proc, independent of what its clients see. */
function openSockets({ pid }: Server): number {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((each) => {
    try {
      return readlinkSync(`${folder}/${each}`).startsWith('socket:')
    } catch {
      // The socket was closed after it was listed.
      return false
    }
  }).length
}
