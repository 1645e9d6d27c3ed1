/** Whole servers that sign in by a directory: the cases of single sign-on over LDAP. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Attribute, Change, Client } from 'ldapts'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import { cookieOf } from '../support/http.ts'
import { type LdapServer, startLdapServer } from './server.ts'
import {
  ADMINS,
  COMPANY,
  createTls,
  dnOf,
  groupLdif,
  passwordOf,
  personLdif,
  ROOT_DN,
  ROOT_PASSWORD,
  startCompany,
  type Tls,
  withoutSlapd,
} from './world.ts'

type Hooks = { after(fn: () => unknown): void }

/** Passes connections on to a port, and counts them. */
async function startCounter(port: number) {
  let count = 0
  const server = createServer((socket) => {
    count += 1
    const onward = connect(port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    for (const each of [socket, onward]) each.on('error', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return { port: address.port, connections: () => count, stop: () => server.close() }
}

describe('sign-in by a directory', { skip: withoutSlapd, timeout: 180_000 }, () => {
  let tls: Tls
  let slapd: Slapd
  before(async () => {
    tls = createTls()
    slapd = await startCompany(tls, {
      ldif: COMPANY + personLdif('operator') + personLdif('dave') + groupLdif('staff', [dnOf('dave')]),
      lines: ['allow bind_anon_cred bind_anon_dn'],
    })
  })
  after(() => slapd?.stop())

  async function start(t: Hooks, more: Parameters<typeof startLdapServer>[2] = {}): Promise<LdapServer> {
    const server = await startLdapServer(slapd, tls, more)
    t.after(() => server.stop())
    return server
  }

  async function changeGroup(operation: 'add' | 'delete', member: string): Promise<void> {
    const root = new Client({ url: slapd.plainUrl })
    await root.bind(ROOT_DN, ROOT_PASSWORD)
    const modification = new Attribute({ type: 'member', values: [member] })
    await root.modify(ADMINS, new Change({ operation, modification }))
    await root.unbind()
  }

  test('ldap-01, 06, 10: the right password makes a user with what the groups give', async (t) => {
    const server = await start(t)
    const first = await server.signIn('ALICE', passwordOf('alice'))
    assert.equal(first.status, 204, first.text)
    assert.equal(await server.nameOf(first), 'alice')
    assert.deepEqual((await server.rolesIn('lab')).owners.sort(), ['alice', 'operator'])
    for (const name of ['alice', 'alice ', 'aLICE']) {
      assert.equal(await server.nameOf(await server.signIn(name, passwordOf('alice'))), 'alice')
    }
    assert.deepEqual(await server.userNames(), ['operator', 'alice'])

    await changeGroup('add', dnOf('carol'))
    await changeGroup('delete', dnOf('alice'))
    try {
      assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 204)
      assert.deepEqual((await server.rolesIn('lab')).owners, ['operator'])
    } finally {
      await changeGroup('add', dnOf('alice'))
      await changeGroup('delete', dnOf('carol'))
    }
  })

  test('ldap-09: rules name groups in any spelling, or by their cn', async (t) => {
    for (const group of ['CN=Influx-Admins, OU=Groups, DC=corp,DC=test', 'influx-ADMINS']) {
      const server = await start(t, { 'ldap-group-roles': [`${group}=lab:owner`] })
      assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 204)
      assert.deepEqual((await server.rolesIn('lab')).owners.sort(), ['alice', 'operator'], group)
    }
  })

  test('ldap-03, 04: what can be no password or name asks the directory about no user', async (t) => {
    const counter = await startCounter(slapd.tlsPort)
    t.after(() => counter.stop())
    const server = await startLdapServer([`ldaps://127.0.0.1:${counter.port}`], tls)
    t.after(() => server.stop())
    for (const password of ['', '\0', `${passwordOf('alice')}\0`]) {
      const answer = await server.signIn('alice', password)
      assert.deepEqual([answer.status, answer.json.code], [401, 'unauthorized'])
    }
    assert.equal(counter.connections(), 0)
    const answer = await server.signIn('*', passwordOf('alice'))
    assert.deepEqual([answer.status, answer.json.code], [401, 'unauthorized'])
  })

  test('ldap-07: variants of a name share one counter, whether or not somebody has it', async (t) => {
    for (const name of ['alice', 'nobody', 'operator']) {
      const server = await start(t)
      const variants = [
        name,
        name.toUpperCase(),
        `${name} `,
        ` ${name}`,
        `${name[0]?.toUpperCase()}${name.slice(1)}`,
      ]
      for (const each of variants) assert.equal((await server.signIn(each, 'wrong')).status, 401, each)
      assert.equal((await server.signIn(`  ${name}`, 'wrong')).status, 429, name)
      assert.equal((await server.signIn(name, passwordOf(name))).status, 429, name)
    }
  })

  test('two names of one entry share one counter', async (t) => {
    const server = await start(t, { 'ldap-user-filter': '(|(uid={name})(mail={name}))' })
    for (const name of ['alice', 'alice@corp.test', 'ALICE', 'Alice@corp.test', 'alice']) {
      assert.equal((await server.signIn(name, 'wrong')).status, 401)
    }
    assert.equal((await server.signIn('alice@corp.test', passwordOf('alice'))).status, 429)
    assert.equal((await server.signIn('carol', passwordOf('carol'))).status, 204)
  })

  test('an operator lets a throttled user of the directory in again', async (t) => {
    const server = await start(t)
    assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 204)
    // From another address, since the one of the first sign-in is known.
    for (let at = 0; at < 5; at += 1) assert.equal((await server.signIn('ALICE', 'wrong')).status, 401)
    for (const name of ['ALICE', 'alice']) assert.equal((await server.signIn(name, 'wrong')).status, 429)
    const { json: users } = await server.asOperator('GET', '/api/v2/users?name=alice')
    const [{ id: userID }] = users.users
    const held = (await server.asOperator('GET', '/api/v2/overview')).json.throttled
    assert.deepEqual(
      held
        .map((each: { userID?: string; user?: { id: string } }) => each.user?.id ?? each.userID)
        .filter(Boolean),
      [userID],
    )
    const body = { scope: 'pair', address: held[0].address, userID }
    const released = await server.asOperator('POST', '/api/v2/throttled/release', body)
    assert.equal(released.status, 204, released.text)
    assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 204)
  })

  test('ldap-13: a directory that is away is 503, counts for nobody, and holds up no local user', async (t) => {
    const server = await startLdapServer(['ldaps://127.0.0.1:1', 'ldap://127.0.0.1:1'], tls)
    t.after(() => server.stop())
    for (let at = 0; at < 8; at += 1) {
      const answer = await server.signIn('alice', passwordOf('alice'))
      assert.deepEqual([answer.status, answer.json.code], [503, 'unavailable'])
      assert.equal(answer.headers['x-sluice-reason'], 'directory-away')
      assert.ok(answer.headers['retry-after'])
    }
    assert.equal((await server.signIn('operator', 'password of operator')).status, 204)
    assert.doesNotMatch(server.log(), /password of alice/)
  })

  test('ldap-15, 16: a certificate that does not fit is 503, and no password is sent', async (t) => {
    const localhost = createTls('DNS:localhost')
    const other = await startCompany(localhost)
    t.after(() => other.stop())
    for (const [urls, trusted] of [
      [[slapd.tlsUrl], localhost],
      [[slapd.plainUrl], localhost],
      [[other.plainUrl], localhost],
      [[other.tlsUrl], localhost],
    ] as const) {
      const server = await startLdapServer(urls, trusted)
      t.after(() => server.stop())
      assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 503)
      assert.match(server.log(), /"problem":"tls"/)
    }
  })

  test('ldap-18: a referral is 503, and nothing connects to where it points', async (t) => {
    const counter = await startCounter(slapd.plainPort)
    t.after(() => counter.stop())
    const referring = await startCompany(tls, { lines: [`referral ldap://127.0.0.1:${counter.port}`] })
    t.after(() => referring.stop())
    const server = await startLdapServer(referring, tls, { 'ldap-base-dn': 'dc=elsewhere,dc=test' })
    t.after(() => server.stop())
    assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 503)
    assert.equal(counter.connections(), 0)
  })

  test('ldap-19: a local user of that name stays local', async (t) => {
    const server = await start(t)
    const answer = await server.signIn('operator', passwordOf('operator').toUpperCase())
    assert.equal(answer.status, 401)
    const made = await server.asOperator('POST', '/api/v2/users', { name: 'alice' })
    const set = { password: 'local password of alice' }
    await server.asOperator('POST', `/api/v2/users/${made.json.id}/password`, set)
    assert.equal((await server.signIn('alice', passwordOf('alice'))).status, 401)
    assert.equal((await server.signIn('alice', set.password)).status, 204)
    // Who the directory finds by another spelling is another person, whose name is taken.
    const taken = await server.signIn('ALICE', passwordOf('alice'))
    assert.deepEqual([taken.status, taken.headers['x-sluice-reason']], [422, 'name-taken'])
  })

  test('only members of allowed groups come in', async (t) => {
    const server = await start(t, { 'ldap-allowed-groups': ['staff'] })
    assert.equal((await server.signIn('dave', passwordOf('dave'))).status, 204)
    const refused = await server.signIn('alice', passwordOf('alice'))
    assert.deepEqual([refused.status, refused.headers['x-sluice-reason']], [403, 'outside-not-allowed'])
  })

  test('who is switched off in the directory is told so with the right password only', async (t) => {
    const server = await start(t, { 'ldap-disabled-filter': '(description=off)' })
    const off = await server.signIn('bob', passwordOf('bob'))
    assert.deepEqual([off.status, off.headers['x-sluice-reason']], [403, 'user-inactive'])
    assert.equal((await server.signIn('bob', 'wrong')).status, 401)
    assert.ok(!(await server.userNames()).includes('bob'))
  })

  test('a refusal takes as long for every name', async (t) => {
    const server = await start(t)
    for (const name of ['operator', 'alice', 'nobody']) {
      const begun = performance.now()
      assert.equal((await server.signIn(name, 'wrong')).status, 401)
      assert.ok(performance.now() - begun >= 245, name)
    }
  })

  test('a session may be remembered, and tokens of the user work', async (t) => {
    const server = await start(t, { 'session-remember-length': '30d' })
    const signedIn = await server.signIn('alice', passwordOf('alice'))
    const cookie = { cookie: cookieOf(signedIn) }
    const me = (await server.request('GET', '/api/v2/me', cookie)).json
    const orgs = (await server.request('GET', '/api/v2/orgs', cookie)).json.orgs
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: orgs[0].id } }]
    const body = { orgID: orgs[0].id, userID: me.id, permissions }
    const made = await server.request('POST', '/api/v2/authorizations', cookie, body)
    assert.equal(made.status, 201, made.text)
    const used = await server.request('GET', '/api/v2/buckets', { authorization: `Token ${made.json.token}` })
    assert.equal(used.status, 200)
  })
})
