/** Values at the limits of storage: accepted ones are returned unchanged and break no list. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'

let server: SetUpServer
before(async () => {
  server = await startSetUp()
})
after(() => server.stop())

/** 2^63 nanoseconds, the longest Go duration. */
const LONGEST = 9_223_372_036

describe('a retention period longer than any Go duration is refused', () => {
  for (const everySeconds of [LONGEST + 1, 2 ** 53, 2 ** 53 + 2, 2 ** 63, 1e300]) {
    test(`of ${everySeconds} seconds`, async () => {
      const rules = [[{ everySeconds }], [{ everySeconds: 0, shardGroupDurationSeconds: everySeconds }]]
      for (const retentionRules of rules) {
        const body = { name: 'x', orgID: server.orgID, retentionRules }
        const created = await server.ask('POST', '/api/v2/buckets', body)
        const changed = await server.ask('PATCH', `/api/v2/buckets/${server.bucketID}`, { retentionRules })
        assert.deepEqual([created.status, changed.status], [422, 422])
      }
      // Such a number was once stored, and every list that contained it failed.
      const { json } = await server.ask('GET', '/api/v2/buckets')
      assert.deepEqual(json.buckets.length, 3)
    })
  }

  test('at setup', async () => {
    const empty = await startServer()
    try {
      const body = { username: 'a', password: 'correct horse 1', org: 'o', bucket: 'b' }
      for (const period of [{ retentionPeriodSeconds: 2 ** 53 }, { retentionPeriodHrs: 2 ** 50 }]) {
        const json = JSON.stringify({ ...body, ...period })
        const { status } = await send(empty.url, { method: 'POST', path: '/api/v2/setup', body: json })
        assert.equal(status, 422)
      }
    } finally {
      await empty.stop()
    }
  })
})

test('the longest period is returned unchanged', async () => {
  const retentionRules = [{ everySeconds: LONGEST }]
  const { json } = await server.ask('POST', '/api/v2/buckets', {
    name: 'long',
    orgID: server.orgID,
    retentionRules,
  })
  const read = await server.ask('GET', `/api/v2/buckets/${json.id}`)
  assert.equal(read.json.retentionRules[0].everySeconds, LONGEST)
})

describe('a name is returned unchanged', () => {
  const names: [string, string][] = [
    ['blank', '   '],
    ['of several lines', 'a\nb\r\n\tc'],
    ['with a null character', 'a\u0000b'],
    ['from right to left', '\u202eabc'],
    ['of characters beyond the basic plane', '💥'.repeat(100)],
    ['of combining characters, not normalized', 'e\u0301'],
    ['of JSON', '{"name":"x"}'],
    ['of SQL', "'; drop table users; --"],
    ['of wildcards', '%_*?'],
    ['of a property of every object', '__proto__'],
    ['of the longest allowed length', 'é'.repeat(512)],
  ]
  for (const [about, name] of names) {
    test(about, async () => {
      const created = await server.ask('POST', '/api/v2/users', { name })
      assert.equal(created.status, 201, created.text)
      const read = await server.ask('GET', `/api/v2/users/${created.json.id}`)
      assert.deepEqual(read.json, created.json)
      assert.equal(read.json.name, name)
      const found = await server.ask('GET', `/api/v2/users?name=${encodeURIComponent(name)}`)
      assert.deepEqual(found.json.users, [read.json])
      const again = await server.ask('POST', '/api/v2/users', { name })
      assert.equal(again.json.code, 'conflict')
    })
  }
})

test('a name that only looks like another counts as taken, and finds the other', async () => {
  const { json: first } = await server.ask('POST', '/api/v2/users', { name: '\u00f1andu' })
  for (const name of ['n\u0303andu', ' \u00f1andu', '\u00f1\u200bandu']) {
    const { status, json } = await server.ask('POST', '/api/v2/users', { name })
    assert.deepEqual([status, json.code], [422, 'conflict'])
    const found = await server.ask('GET', `/api/v2/users?name=${encodeURIComponent(name)}`)
    assert.deepEqual(found.json.users, [first])
  }
  const longer = await server.ask('POST', '/api/v2/users', { name: 'x'.repeat(1025) })
  assert.deepEqual([longer.status, longer.json.code], [422, 'unprocessable entity'])
})

test('half a surrogate pair in a name becomes U+FFFD, from the first response on', async () => {
  const created = await server.ask('POST', '/api/v2/users', { name: 'a\ud800' })
  const read = await server.ask('GET', `/api/v2/users/${created.json.id}`)
  assert.deepEqual([created.json.name, read.json.name], ['a\ufffd', 'a\ufffd'])
})

test('users with such names sign in', async () => {
  for (const name of ['ö ', '\u202ex', 'a;b', 'Ü𝒳']) {
    const { json } = await server.ask('POST', '/api/v2/users', { name })
    await server.ask('POST', `/api/v2/users/${json.id}/password`, { password: 'pässword:of 💥' })
    const session = await server.session(name, 'pässword:of 💥')
    assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).json.name, name)
  }
})
