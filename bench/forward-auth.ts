/** What other gateways ask about each request. */
import { setUp, signIn } from './client.ts'
import { compareLoads } from './compare.ts'
import { startSluice } from './processes.ts'
import type { Figure } from './report.ts'

/** The check by cookie, with the headers of nginx, in turns with GET /me by cookie on the same server. */
export async function benchForwardAuth(show: (figure: Figure) => void): Promise<void> {
  const sluice = await startSluice('--trusted-proxies', 'loopback')
  await setUp(sluice.port)
  const cookie = await signIn(sluice.port)
  const common = { port: sluice.port, connections: 32, seconds: 0.6 }
  const headers = { cookie, 'x-original-method': 'GET', 'x-original-url': 'http://localhost/d/1' }
  const { base, ratios } = await compareLoads([
    { ...common, path: '/api/v2/me', headers: { cookie } },
    { ...common, path: '/api/v2/auth/check', headers, status: 204 },
  ])
  await sluice.stop()
  show({
    name: 'GET /auth/check by cookie against GET /me by cookie',
    value: ratios[1] ?? 0,
    ...{ unit: 'ratio', atLeast: 0.8 },
    detail: `GET /me: ${Math.round(base)} requests a second on one core`,
  })
}
