/** An attacker who can write to Redis can do harm, but cannot gain rights. */
import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { LONGEST_KEPT_MS } from '../../src/domain/access/principal-keeping.ts'
import { hashSecret } from '../../src/domain/base/secrets.ts'
import { redisScript } from '../../src/store/redis/link/script.ts'
import { openMemoryStore } from '../../src/store/sqlite/open.ts'
import { send } from '../support/http.ts'
import { startSetUp } from '../support/populate.ts'
import { connected, ownPrefix, sharedRedis, withoutRedis } from '../support/redis.ts'
import { startServer } from '../support/server.ts'

type Headers = Record<string, string>

/** Two nodes on one database, a movable clock, and the attacker's connection. */
async function setUp(t: TestContext) {
  const store = await openMemoryStore()
  let ahead = 0
  const now = () => Date.now() + ahead
  const { host, port } = await sharedRedis()
  const prefix = ownPrefix()
  const argv = [
    ...['--store', 'postgres', '--postgres-url', 'postgres://unused', '--session-store', 'redis'],
    ...['--redis-url', `redis://${host}:${port}`, '--redis-key-prefix', prefix],
  ]
  const open = async () => ({ ...store, async close() {} })
  const one = await startSetUp(argv, { now, open })
  const other = await startServer(argv, { now, open })
  t.after(async () => {
    await Promise.all([one.stop(), other.stop()])
    await store.close()
  })
  const redis = await connected({ keyPrefix: prefix })
  const attack = async (...command: (string | number)[]) =>
    redis.run(redisScript('return redis.call(unpack(ARGV))'), [], command)
  const me = async (headers: Headers, { url }: { url: string } = one) =>
    (await send(url, { method: 'GET', path: '/api/v2/me', headers })).status
  const addUser = async (name: string, password = 'a long enough secret') => {
    const { json } = await one.ask('POST', '/api/v2/users', { name })
    await one.ask('POST', `/api/v2/users/${json.id}/password`, { password })
    return { id: json.id as string, cookie: await one.session(name, password) }
  }
  return {
    ...{ one, other, prefix, attack, me, addUser },
    /** The Redis key of a session. */
    keyOf: ({ cookie }: { cookie: string }) =>
      `${prefix}s:${hashSecret(decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1)))}`,
    recordAt: async (key: string) => (await attack('HGETALL', key)) as string[],
    forward(ms: number) {
      ahead += ms
    },
    forged: async () => {
      const { text } = await send(one.url, { method: 'GET', path: '/metrics' })
      return Number(/^sluice_forged_sessions_total (\d+)/m.exec(text)?.[1])
    },
  }
}

suite('an attacker with write access to Redis', withoutRedis, () => {
  test('cannot forge a session: it is 401, counted, and logged in one line', async (t) => {
    const { one, prefix, attack, me, addUser, keyOf, recordAt, forged } = await setUp(t)
    const stranger = await addUser('stranger')
    const own = await recordAt(keyOf(stranger.cookie))
    assert.ok(own.length > 20)
    const invented = `${prefix}s:${hashSecret('invented')}`
    const change = (record: string[], name: string, value: string) =>
      record.map((text, at) => (record[at - 1] === name && at % 2 === 1 ? value : text))
    await attack('HSET', invented, ...change(own, 'user', one.userID))
    const cookie = { cookie: stranger.cookie.cookie.replace(/=.*/, '=invented') }
    for (let index = 0; index < 50; index++) assert.equal(await me(cookie), 401)
    await attack('HSET', invented, ...own)
    assert.equal(await me(cookie), 401)
    assert.equal(await me(stranger.cookie), 200)
    await attack('HSET', keyOf(stranger.cookie), 'user', one.userID)
    assert.equal(await me(stranger.cookie), 401)
    assert.equal(await forged(), 52)
    const lines = one.log.filter((line) => line.includes('a session in Redis counts as absent'))
    assert.equal(lines.length, 1)
  })

  test('cannot widen a session, refresh its sign-in or exceed the longest length', async (t) => {
    const { attack, me, addUser, keyOf, recordAt, forward } = await setUp(t)
    const { cookie } = await addUser('stranger')
    const key = keyOf(cookie)
    const record = await recordAt(key)
    const created = Number(record[record.indexOf('created') + 1])
    for (const [name, value] of [
      ['created', created + 3600_000],
      ['expires', created + 13 * 3600_000],
      ['userGeneration', 7],
      ['lastEnd', created + 99 * 3600_000],
      ['remembered', 1],
    ] as const) {
      await attack('HSET', key, name, value)
      assert.equal(await me(cookie), 401, name)
      await attack('HSET', key, ...record)
      assert.equal(await me(cookie), 200, name)
    }
    // The fields of use are not covered by the MAC, so this is possible; docs/security.md says so.
    await attack('HSET', key, 'expires', created + 12 * 3600_000)
    forward(3600_000)
    assert.equal(await me(cookie), 200)
    forward(11 * 3600_000)
    assert.equal(await me(cookie), 401)
  })

  test('cannot restore an ended session', async (t) => {
    const { one, attack, me, addUser, keyOf, recordAt } = await setUp(t)
    const { id, cookie: mine } = await addUser('ada2')
    const again = () => one.session('ada2', 'a long enough secret')
    const user = `/api/v2/users/${id}`
    const ends: [string, (headers: Headers) => Promise<{ status: number }>][] = [
      ['sign-out', (headers) => one.ask('POST', '/api/v2/signout', undefined, headers)],
      ['ending all of the user', () => one.ask('DELETE', `${user}/sessions`)],
      ["ending everybody's", () => one.ask('DELETE', '/api/v2/sessions')],
      ['a new password', () => one.ask('POST', `${user}/password`, { password: 'a long enough secret' })],
      ['deactivation', () => one.ask('PATCH', user, { status: 'inactive' })],
    ]
    let cookie = mine
    let record: string[] = []
    for (const [name, end] of ends) {
      const key = keyOf(cookie)
      assert.equal(await me(cookie), 200, name)
      record = await recordAt(key)
      assert.ok((await end(cookie)).status < 300, name)
      await attack('HSET', key, ...record)
      assert.equal(await me(cookie), 401, name)
      if (name !== 'deactivation') cookie = await again()
    }
    // After reactivation, the user has none of the earlier sessions.
    assert.equal((await one.ask('PATCH', user, { status: 'active' })).status, 200)
    await attack('HSET', keyOf(cookie), ...record)
    assert.equal(await me(cookie), 401)
  })

  test('can delay a revocation on other nodes by an old stamp, for minutes only', async (t) => {
    const { one, other, prefix, attack, me, addUser, keyOf, recordAt, forward } = await setUp(t)
    const { id, cookie } = await addUser('stranger')
    const permissions = [{ action: 'read', resource: { type: 'users', id } }]
    const body = { orgID: one.orgID, userID: id, permissions }
    const made = await one.ask('POST', '/api/v2/authorizations', body)
    const token = { authorization: `Token ${made.json.token}` }
    assert.equal(await me(token, other), 200)
    assert.equal(await me(cookie, other), 200)
    const [key, record] = [keyOf(cookie), await recordAt(keyOf(cookie))]
    const stamp = String(await attack('HGET', `${prefix}stamp:${id}`, 's'))
    assert.equal((await one.ask('PATCH', `/api/v2/users/${id}`, { status: 'inactive' })).status, 200)
    await attack('HSET', `${prefix}stamp:${id}`, 's', stamp)
    await attack('HSET', key, ...record)
    // This attack is possible, as docs/security.md says.
    for (const each of [cookie, token]) assert.equal(await me(each, other), 200)
    await attack('HSET', `${prefix}stamp:${id}`, 's', stamp)
    forward(LONGEST_KEPT_MS)
    assert.equal(await me(cookie, other), 401)
    assert.equal(await me(token, other), 403)
  })

  test('gains nothing by malformed stamps, marks, counters and lists: requests fail, and no rights are granted', async (t) => {
    const { one, prefix, attack, me, addUser } = await setUp(t)
    const { id, cookie } = await addUser('stranger')
    for (const value of ['', 'x', `${'9'.repeat(400)}`]) {
      await attack('DEL', `${prefix}stamp:${id}`)
      await attack('HSET', `${prefix}stamp:${id}`, 's', value, 'm:x', value)
      assert.ok([200, 503].includes(await me(cookie)), value)
    }
    await attack('SET', `${prefix}stamp:${id}`, 'text')
    assert.equal(await me(cookie), 503)
    await attack('DEL', `${prefix}stamp:${id}`)
    assert.equal(await me(cookie), 200)
    await attack(
      'ZADD',
      `${prefix}throttled`,
      '9e15',
      'nonsense',
      'inf',
      'user 192.0.2.1',
      '9e15',
      'user 192.0.2.2',
    )
    const overview = await one.ask('GET', '/api/v2/overview')
    assert.equal(overview.status, 200, overview.text)
    assert.equal((await one.ask('GET', '/api/v2/overview', undefined, cookie)).status, 401)
  })
})
