/** What it would cost to give Node the headers of every answer by its public interface. */
import { freePort } from '../test/support/free-port.ts'
import { compare } from './compare.ts'
import { script, start } from './processes.ts'
import type { Figure } from './report.ts'

export async function benchHeaders(show: (figure: Figure) => void): Promise<void> {
  const servers = []
  for (const way of ['text', 'public']) {
    const port = await freePort()
    servers.push(await start([script('headers-server.ts'), String(port), way], port, '/api/v2/me'))
  }
  const { base, ratios } = await compare(servers.map(({ port }) => ({ port, headers: {} })))
  for (const server of servers) await server.stop()
  show({
    name: "a bare Fastify route with constant headers by Node's writeHead against text made once",
    value: ratios[1] ?? 0,
    unit: 'ratio',
    detail: `as text: ${Math.round(base)} requests a second on one core`,
  })
}
