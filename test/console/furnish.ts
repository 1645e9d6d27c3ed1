/** Fills a server with people, organizations, tokens, a day of sign-ins and traffic, so that pages have content. */

import { basic, cookieOf, send } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import type { ConsoleWorld } from './world.ts'

const HOUR_MS = 3_600_000
const PEOPLE = [
  'edsger',
  'grace',
  'barbara',
  'donald',
  'hedy',
  'katherine',
  'linus',
  'margaret',
  'radia',
  'tim',
]
const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15'
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'

/**
 * `moveTo` sets the server's clock, which ends near now. Returns the ids of the people by name. There is traffic if the
 * world has an upstream.
 */
export async function furnish(
  { server, addUser, upstream }: ConsoleWorld,
  moveTo: (at: number) => void = () => undefined,
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const name of PEOPLE) ids[name] = await addUser(name)
  await server.ask('PATCH', `/api/v2/users/${ids.tim}`, { status: 'inactive' })
  const ops = await server.ask('POST', '/api/v2/orgs', {
    name: 'operations',
    description: 'Machines and alerts',
  })
  await server.ask('PATCH', `/api/v2/orgs/${server.orgID}`, { description: 'What the products are used for' })
  for (const name of ['edsger', 'barbara', 'hedy']) {
    await server.ask('POST', `/api/v2/orgs/${server.orgID}/members`, { id: ids[name] })
  }
  await server.ask('POST', `/api/v2/orgs/${server.orgID}/owners`, { id: ids.grace })
  await server.ask('POST', `/api/v2/orgs/${ops.json.id}/owners`, { id: ids.grace })
  for (const [name, everySeconds] of [
    ['clicks', 2_592_000],
    ['orders', 0],
  ] as const) {
    const retentionRules = everySeconds ? [{ type: 'expire', everySeconds }] : []
    await server.ask('POST', '/api/v2/buckets', { orgID: server.orgID, name, retentionRules })
  }
  const traffic = trafficOf(server, await makeTokens(server))

  const now = Date.now()
  for (let hour = 23; hour >= 0; hour -= 1) {
    moveTo(now - hour * HOUR_MS - HOUR_MS / 2)
    const atWork = hour < 16 && hour > 5
    for (let count = 0; count < (atWork ? 3 + ((hour * 7) % 4) : hour % 3); count += 1) {
      const name = PEOPLE[(hour + count) % 8] ?? 'grace'
      await enter(server.url, name, PASSWORD, count % 2 ? BROWSER : PHONE)
    }
    if (upstream) await traffic(hour)
    if (hour % 5 === 2) await enter(server.url, PEOPLE[hour % 8] ?? 'grace', 'wrong', BROWSER)
    if (hour === 3)
      for (let count = 0; count < 9; count += 1) await enter(server.url, 'root', 'toor', 'curl/8.5')
  }
  moveTo(now)
  if (upstream) await traffic(0)
  for (let count = 0; count < 8; count += 1) await enter(server.url, 'admin', 'admin', 'python-requests/2.32')
  await enter(server.url, 'ada', PASSWORD, PHONE)
  await enter(server.url, 'grace', PASSWORD, BROWSER)
  return ids
}

/** Returns the secrets by description. */
async function makeTokens(server: ConsoleWorld['server']): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {}
  const { orgID } = server
  const bucket = (action: string) => ({ action, resource: { type: 'buckets', id: server.bucketID, orgID } })
  const made: [string, object[], object][] = [
    [
      'Telegraf on web-1',
      [bucket('write')],
      { expiresAt: new Date(Date.now() + 40 * 24 * HOUR_MS).toISOString() },
    ],
    ['Grafana, read only', [{ action: 'read', resource: { type: 'buckets', orgID } }], {}],
    ['Nightly export', [bucket('read')], { status: 'inactive' }],
  ]
  for (const [description, permissions, more] of made) {
    const made = await server.ask('POST', '/api/v2/authorizations', {
      ...{ orgID, description, permissions, ...more },
    })
    secrets[description] = made.json.token
  }
  return secrets
}

const QUERY = `from(bucket: "engine")
  |> range(start: -1h)
  |> filter(fn: (r) => r._measurement == "cpu" and r.host == "web-1")
  |> aggregateWindow(every: 1m, fn: mean)`

/** Sends what collectors, dashboards and people send in an hour: more by day than by night, and some of it refused. */
function trafficOf(server: ConsoleWorld['server'], secrets: Readonly<Record<string, string>>) {
  const { url, orgID, bucketID } = server
  const as = (description: string) => ({ authorization: `Token ${secrets[description]}` })
  const write = (headers: Record<string, string>, points: number) =>
    send(url, {
      ...{ method: 'POST', headers, body: 'cpu,host=web-1 usage=0.42 1767323045000000000\n'.repeat(points) },
      path: `/api/v2/write?orgID=${orgID}&bucket=${bucketID}`,
    })
  const query = (headers: Record<string, string>) =>
    send(url, {
      ...{ method: 'POST', headers: { ...headers, 'content-type': 'application/vnd.flux' }, body: QUERY },
      path: `/api/v2/query?orgID=${orgID}`,
    })
  return async (hour: number): Promise<void> => {
    const share = hour < 16 && hour > 5 ? 4 + (hour % 3) : 1 + (hour % 2)
    for (let count = 0; count < 4 * share; count += 1) await write(as('Telegraf on web-1'), 300 * share)
    for (let count = 0; count < 2 * share; count += 1) await query(as('Grafana, read only'))
    if (hour % 4 === 1) await write(as('Grafana, read only'), 1)
    if (hour % 6 === 3) await query(as('Nightly export'))
    if (hour % 8 !== 0) return
    const signedIn = await enter(url, 'grace', PASSWORD, BROWSER)
    for (let count = 0; count < 3; count += 1) await query({ cookie: cookieOf(signedIn) })
  }
}

function enter(url: string, name: string, password: string, userAgent: string) {
  const headers = { authorization: basic(name, password), 'user-agent': userAgent }
  return send(url, { method: 'POST', path: '/api/v2/signin', headers })
}
