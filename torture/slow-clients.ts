/** Hundreds of clients that send a byte now and then, while others are served. */
import { connect } from 'node:net'
import { setUp, startServer } from './server.ts'

export interface SlowClientsResult {
  readonly clients: number
  readonly served: number
  readonly slowestMs: number
  readonly cut: number
  readonly wrong: string[]
}

export async function slowClients(sqlitePath: string, clients: number): Promise<SlowClientsResult> {
  const server = await startServer({ sqlitePath, flags: ['--http-read-header-timeout', '3s'] })
  const wrong: string[] = []
  let cut = 0
  let served = 0
  let slowestMs = 0
  try {
    const { operator } = await setUp(server)
    const sockets = Array.from({ length: clients }, () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      socket.on('error', () => {})
      socket.on('close', () => {
        cut += 1
        clearInterval(drip)
      })
      socket.resume()
      socket.write('GET /api/v2/me HTTP/1.1\r\nHost: x\r\n')
      const drip = setInterval(() => socket.write('X-A: b\r\n'), 700)
      return socket
    })
    const end = performance.now() + 8000
    while (performance.now() < end) {
      const started = performance.now()
      const { status } = await server.ask('GET', '/api/v2/me', { headers: operator })
      slowestMs = Math.max(slowestMs, performance.now() - started)
      if (status === 200) served += 1
      else wrong.push(`a client beside slow ones: ${status}`)
    }
    if (cut < clients) wrong.push(`only ${cut} of ${clients} slow clients were cut`)
    for (const socket of sockets) socket.destroy()
  } finally {
    await server.stop()
  }
  return { clients, served, slowestMs, cut, wrong }
}
