/** A provider or a directory that is taken out of the settings: what ends at the next start, and what comes back. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startLdapServer } from '../ldap/server.ts'
import { createTls, passwordOf, startCompany, withoutSlapd } from '../ldap/world.ts'
import { basic, cookieOf, send } from '../support/http.ts'
import { codeAt, enrolApp } from '../support/second-factor.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { type Jar, jarHeader, startOidc } from './oidc-world.ts'

/** A server on the data of another one, whose principals are no longer loaded. */
async function startAgain(
  t: { after(fn: () => unknown): void },
  { store }: RunningServer,
  argv: readonly string[] = [],
): Promise<RunningServer> {
  const server = await startServer(argv, { open: async () => ({ ...store, close: async () => undefined }) })
  t.after(() => server.stop())
  return server
}

const askAs =
  (headers: Readonly<Record<string, string>>) => (server: RunningServer, method: string, path: string) =>
    send(server.url, { method, path, headers })

type Ask = (server: RunningServer, method: string, path: string) => ReturnType<typeof send>

/** The names of a user's organizations. */
async function organizationsOf(ask: Ask, server: RunningServer, userID: string): Promise<string[]> {
  const { grants } = (await ask(server, 'GET', `/api/v2/users/${userID}/grants`)).json
  return grants.flatMap((grant: { kind: string; resource?: { name: string } }) =>
    grant.kind === 'membership' ? (grant.resource?.name ?? '') : [],
  )
}

const countOf = async (ask: Ask, server: RunningServer, event: string): Promise<number> =>
  (await ask(server, 'GET', `/api/v2/audit?event=${event}&limit=100`)).json.events.length

describe('a provider that is taken out of the settings', () => {
  test('gives nothing any more, until it comes back with the same people', async (t) => {
    const world = await startOidc(['--oidc-group-roles', 'dev=lab:member'])
    t.after(() => world.stop())
    const ask = askAs(world.server.operator)
    for (const name of ['lab', 'shop']) await world.server.ask('POST', '/api/v2/orgs', { name })
    const claims = { preferred_username: 'grace', groups: ['dev'] }
    await world.signIn(claims)
    const { id } = (await world.server.ask('GET', '/api/v2/users?name=grace')).json.users[0]
    const [shop] = (await world.server.ask('GET', '/api/v2/orgs?org=shop')).json.orgs
    await world.server.ask('POST', `/api/v2/orgs/${shop.id}/members`, { id })
    assert.deepEqual((await organizationsOf(ask, world.server, id)).toSorted(), ['lab', 'shop'])

    for (const start of ['first', 'second']) {
      const server = await startAgain(t, world.server)
      assert.deepEqual(await organizationsOf(ask, server, id), ['shop'], start)
      assert.equal(await countOf(ask, server, 'member.remove'), 1, start)
      assert.equal(
        server.log.filter((line) => line.includes('no longer in the settings')).length,
        start === 'first' ? 1 : 0,
      )
      const { identities } = (await ask(server, 'GET', `/api/v2/users/${id}/identities`)).json
      assert.deepEqual(
        identities.map(({ provider }: { provider: string }) => provider),
        ['corp'],
      )
    }

    // The first server still has the provider.
    const jar: Jar = new Map()
    await world.signIn(claims, { jar })
    assert.equal(await world.whoIs(jar), 'grace')
    assert.deepEqual((await organizationsOf(ask, world.server, id)).toSorted(), ['lab', 'shop'])
  })

  test('is asked for nothing while it stays, whatever other one goes', async (t) => {
    const world = await startOidc(['--oidc-group-roles', 'dev=lab:member'])
    t.after(() => world.stop())
    const ask = askAs(world.server.operator)
    await world.server.ask('POST', '/api/v2/orgs', { name: 'lab' })
    await world.signIn({ preferred_username: 'grace', groups: ['dev'] })
    const { id } = (await world.server.ask('GET', '/api/v2/users?name=grace')).json.users[0]
    // Known by its issuer, so that another name is no other provider.
    const server = await startAgain(t, world.server, [
      ...[
        '--public-url',
        'http://127.0.0.1:8086',
        '--oidc-issuer',
        world.issuer.url,
        '--oidc-name',
        'renamed',
      ],
      ...['--oidc-client-id', 'sluice', '--oidc-group-roles', 'dev=lab:member'],
    ])
    assert.deepEqual(await organizationsOf(ask, server, id), ['lab'])
  })

  test('starts no session by a second factor that was still due', async (t) => {
    const world = await startOidc([
      ...['--oidc-group-roles', 'dev=analytics:member', '--oidc-second-factor', 'local'],
      ...['--second-factor', 'offered', '--session-fresh-length', '0'],
    ])
    t.after(() => world.stop())
    const claims = { preferred_username: 'grace', groups: ['dev'], auth_time: Math.floor(Date.now() / 1000) }
    const jar: Jar = new Map()
    await world.signIn(claims, { jar })
    const { secret } = await enrolApp(world.server.url, { cookie: jarHeader(jar) })
    const pending: Jar = new Map()
    await world.signIn(claims, { jar: pending })
    const finish = (server: RunningServer) =>
      send(server.url, {
        ...{ method: 'POST', path: '/api/v2/signin/second-factor', headers: { cookie: jarHeader(pending) } },
        body: JSON.stringify({ code: codeAt(secret, Date.now()) }),
      })
    const server = await startAgain(t, world.server, ['--second-factor', 'offered'])
    const refused = await finish(server)
    assert.equal(refused.status, 401, refused.text)
    assert.equal(refused.headers['x-sluice-reason'], 'sign-in-expired')
    assert.equal((await finish(world.server)).status, 204)
  })
})

describe('a directory that is taken out of the settings', { skip: withoutSlapd, timeout: 60_000 }, () => {
  test('ends its remembered sessions, and leaves those of local users', async (t) => {
    const tls = createTls()
    const slapd = await startCompany(tls)
    t.after(() => slapd.stop())
    const first = await startLdapServer(slapd, tls, { 'session-remember-length': '30d' })
    t.after(() => first.stop())
    const remembered = async (name: string, password: string) => {
      const path = '/api/v2/signin?remember=true'
      const headers = { authorization: basic(name, password) }
      const received = await send(first.server.url, { method: 'POST', path, headers })
      assert.equal(received.status, 204, received.text)
      return { cookie: cookieOf(received) }
    }
    const alice = await remembered('alice', passwordOf('alice'))
    const operator = await remembered('operator', 'password of operator')
    const { id } = (await first.asOperator('GET', '/api/v2/users?name=alice')).json.users[0]

    const statuses = async (argv: readonly string[]) => {
      const server = await startAgain(t, first.server, ['--session-remember-length', '30d', ...argv])
      const me = (headers: { cookie: string }) => askAs(headers)(server, 'GET', '/api/v2/me')
      const found = [(await me(alice)).status, (await me(operator)).status]
      return { server, found, organizations: await organizationsOf(askAs(operator), server, id) }
    }
    const gone = await statuses([])
    assert.deepEqual([gone.found, gone.organizations], [[401, 200], []])
    const [ended] = (await askAs(operator)(gone.server, 'GET', '/api/v2/audit?event=session.end')).json.events
    assert.equal(ended.actor.userName, 'ldap (no longer in the settings)')
    const again = await statuses([])
    assert.deepEqual(again.found, [401, 200])
  })
})
