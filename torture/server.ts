/** A Sluice server in a separate process, on loopback, that can be killed and restarted on the same file. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../test/support/free-port.ts'

/** What runs now. It ends with this process. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

const MAIN = fileURLToPath(new URL('../scripts/start.ts', import.meta.url))

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says, as JSON
  readonly body: any
  readonly cookie: string | undefined
}

export interface Server {
  readonly url: string
  readonly pid: number
  ask(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; json?: unknown },
  ): Promise<Answer>
  /** Kills the process without warning, like a power failure. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server, through the command `wrapper` if given, and waits until it answers. */
export async function startServer(options: {
  sqlitePath: string
  flags?: readonly string[]
  wrapper?: readonly string[]
  env?: Record<string, string>
}): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = [
    '--http-bind-address',
    `127.0.0.1:${port}`,
    '--sqlite-path',
    options.sqlitePath,
    '--log-level',
    'error',
  ]
  const command = [...(options.wrapper ?? []), process.execPath, MAIN, ...args, ...(options.flags ?? [])]
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, ...options.env },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const server = connect(url, child)
  for (const deadline = performance.now() + 30_000; ; ) {
    if (child.exitCode !== null) throw new Error(`the server ended with status ${child.exitCode}`)
    if (performance.now() > deadline) throw new Error('the server does not answer')
    const status = await server.ask('GET', '/api/v2/setup').then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return server
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function connect(url: string, child: ChildProcess): Server {
  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    pid: child.pid ?? 0,
    async ask(method, path, { headers = {}, json } = {}) {
      const response = await fetch(url + path, {
        method,
        headers,
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        signal: AbortSignal.timeout(20_000),
      })
      const text = await response.text()
      const cookie = response.headers.get('set-cookie')?.split(';')[0]
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text, cookie }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

export const PASSWORD = 'correct horse 1'
export const basic = (name: string, password = PASSWORD) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})

/** Sets up a new server and returns the operator's headers. */
export async function setUp(
  server: Server,
): Promise<{ operator: Record<string, string>; orgID: string; userID: string }> {
  const json = { username: 'ada', password: PASSWORD, org: 'analytics', bucket: 'engine' }
  const { body } = await server.ask('POST', '/api/v2/setup', { json })
  return { operator: { authorization: `Token ${body.auth.token}` }, orgID: body.org.id, userID: body.user.id }
}
