/** Fills a server with people, organizations, tokens and a day of sign-ins, so that pages have content. */

import { basic, send } from '../support/http.ts'
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

/** `moveTo` sets the server's clock, which ends near now. Returns the ids of the people by name. */
export async function furnish(
  { server, addUser }: ConsoleWorld,
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
  await makeTokens(server)

  const now = Date.now()
  for (let hour = 23; hour >= 0; hour -= 1) {
    moveTo(now - hour * HOUR_MS - HOUR_MS / 2)
    const atWork = hour < 16 && hour > 5
    for (let count = 0; count < (atWork ? 3 + ((hour * 7) % 4) : hour % 3); count += 1) {
      const name = PEOPLE[(hour + count) % 8] ?? 'grace'
      await enter(server.url, name, PASSWORD, count % 2 ? BROWSER : PHONE)
    }
    if (hour % 5 === 2) await enter(server.url, PEOPLE[hour % 8] ?? 'grace', 'wrong', BROWSER)
    if (hour === 3)
      for (let count = 0; count < 9; count += 1) await enter(server.url, 'root', 'toor', 'curl/8.5')
  }
  moveTo(now)
  for (let count = 0; count < 8; count += 1) await enter(server.url, 'admin', 'admin', 'python-requests/2.32')
  await enter(server.url, 'ada', PASSWORD, PHONE)
  await enter(server.url, 'grace', PASSWORD, BROWSER)
  return ids
}

async function makeTokens(server: ConsoleWorld['server']): Promise<void> {
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
    await server.ask('POST', '/api/v2/authorizations', { orgID, description, permissions, ...more })
  }
}

function enter(url: string, name: string, password: string, userAgent: string) {
  const headers = { authorization: basic(name, password), 'user-agent': userAgent }
  return send(url, { method: 'POST', path: '/api/v2/signin', headers })
}
