/** What other gateways ask about each request. */
import { setUp, signIn } from './client.ts'
import { compareLoads } from './compare.ts'
import { startOauth2Proxy } from './oauth2-proxy.ts'
import { startSluice } from './processes.ts'
import type { Figure } from './report.ts'

/**
 * The check by cookie, with the headers of nginx, in turns with GET /me by cookie on the same server, and with the same
 * of oauth2-proxy.
 */
export async function benchForwardAuth(show: (figure: Figure) => void): Promise<void> {
  const sluice = await startSluice('--trusted-proxies', 'loopback')
  const other = await startOauth2Proxy()
  await setUp(sluice.port)
  const cookie = await signIn(sluice.port)
  const common = { port: sluice.port, connections: 32, seconds: 0.6 }
  const headers = { cookie, 'x-original-method': 'GET', 'x-original-url': 'http://localhost/d/1' }
  const { base, ratios } = await compareLoads([
    { ...common, path: '/api/v2/me', headers: { cookie } },
    { ...common, path: '/api/v2/auth/check', headers, status: 204 },
    ...(other
      ? [
          {
            ...common,
            port: other.port,
            path: '/oauth2/auth',
            headers: { cookie: other.cookie },
            status: 202,
          },
        ]
      : []),
  ])
  await Promise.all([sluice.stop(), other?.stop()])
  const [, check = 0, otherCheck] = ratios
  show({
    name: 'GET /auth/check by cookie against GET /me by cookie',
    value: check,
    ...{ unit: 'ratio', atLeast: 0.8 },
    detail: `GET /me: ${Math.round(base)} requests a second on one core`,
  })
  if (otherCheck === undefined) return
  show({
    name: 'GET /auth/check by cookie against GET /oauth2/auth of oauth2-proxy',
    value: check / otherCheck,
    ...{ unit: 'ratio', atLeast: 2 },
    detail: `oauth2-proxy: ${Math.round(base * otherCheck)} requests a second on one core`,
  })
}
