/** Clients that send 1,300 requests at once on each of many connections and take no answers, while others are served. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { residentMiB } from '../test/support/process-memory.ts'
import { setUp, startServer } from './server.ts'
import { MissingTool } from './tools.ts'

export interface PipeliningResult {
  readonly attacks: number
  readonly mostMiB: number
  readonly slowestMs: number
  readonly wrong: string[]
}

const CONNECTIONS = [6, 42]
const REQUESTS = 1300
const SECONDS = 3
const MOST_MIB = 256
const MOST_MS = 1000
/** The slowest of a handful; what the machine does besides is not what is measured. */
const ALLOWED_SLOW = 1

export async function pipelining(sqlitePath: string): Promise<PipeliningResult> {
  if (process.platform !== 'linux') throw new MissingTool('/proc')
  const server = await startServer({ sqlitePath })
  const total = { attacks: 0, mostMiB: 0, slowestMs: 0, wrong: [] as string[] }
  try {
    const { operator } = await setUp(server)
    for (let count = 0; count < 100; count += 1) {
      await server.ask('POST', '/api/v2/users', { headers: operator, json: { name: `user ${count}` } })
    }
    const token = `Authorization: ${operator.authorization}`
    const line = (request: string, ...more: string[]) =>
      `${[`${request} HTTP/1.1`, 'Host: localhost', ...more].join('\r\n')}\r\n\r\n`
    const single: Readonly<Record<string, string>> = {
      document: line('GET /api/v2/openapi.json'),
      'document, HEAD': line('HEAD /api/v2/openapi.json'),
      metrics: line('GET /metrics'),
      health: line('GET /health'),
      'sign-in': line(
        'POST /api/v2/signin',
        `Authorization: Basic ${btoa('ada:wrong')}`,
        'Content-Length: 0',
      ),
      'no such path': line('GET /nothing'),
      'a large list': line('GET /api/v2/users?limit=100', token),
      'tiny requests': 'GET / HTTP/1.1\r\nHost:\r\n\r\n',
    }
    const attacks = { ...Object.fromEntries(Object.entries(single).map(([k, v]) => [k, [v]])) }
    for (const [name, lines] of Object.entries({ ...attacks, mixed: Object.values(single) })) {
      for (const connections of CONNECTIONS)
        await run(`${name}, ${connections} connections`, connections, lines)
    }

    async function run(name: string, connections: number, lines: readonly string[]): Promise<void> {
      total.attacks += 1
      const port = Number(new URL(server.url).port)
      const sockets = await Promise.all(Array.from({ length: connections }, () => flood(port, lines)))
      const times: number[] = []
      let most = 0
      for (const end = performance.now() + SECONDS * 1000; performance.now() < end; ) {
        const asked = performance.now()
        const { status } = await server.ask('GET', '/health')
        times.push(performance.now() - asked)
        if (status !== 200) total.wrong.push(`${name}: /health answers ${status}`)
        most = Math.max(most, residentMiB(server.pid))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      for (const socket of sockets) socket.destroy()
      const slowest = times.toSorted((a, b) => b - a)[ALLOWED_SLOW] ?? 0
      total.mostMiB = Math.max(total.mostMiB, most)
      total.slowestMs = Math.max(total.slowestMs, slowest)
      if (most > MOST_MIB) total.wrong.push(`${name}: ${most.toFixed(0)} MiB`)
      if (slowest > MOST_MS) total.wrong.push(`${name}: /health took ${slowest.toFixed(0)} ms`)
    }
  } finally {
    await server.stop()
  }
  return total
}

async function flood(port: number, lines: readonly string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  socket.write(Array.from({ length: REQUESTS }, (_, index) => lines[index % lines.length]).join(''))
  return socket
}
