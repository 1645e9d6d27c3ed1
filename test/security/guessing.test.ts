/** Guessing passwords and tokens (ASVS 5.0 6.3.1), without locking users out (6.1.1). */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { basic } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import {
  type Attacked,
  assertThrottled,
  atOnce,
  cookie,
  from,
  inTurn,
  MINUTE,
  meStatus,
  SECOND,
  startAttacked,
  tally,
  WRONG,
} from './attack.ts'

let server: Attacked
afterEach(() => server.stop())

describe('from one address', () => {
  beforeEach(async () => {
    server = await startAttacked()
  })

  test('of 100 concurrent wrong guesses exactly five are verified, whether or not the user exists', async () => {
    const refusals = new Set<string>()
    for (const name of ['ada', 'nobody at all']) {
      const received = await atOnce(100, () => server.signIn(name, WRONG))
      assert.deepEqual(tally(received), { 401: 5, 429: 95 }, name)
      for (const each of received) {
        if (each.status === 429) assertThrottled(each, 10)
        refusals.add(each.text)
      }
    }
    assert.equal(refusals.size, 2, 'both names get the same answer')
  })

  test('and no more if the user has signed in from there', async () => {
    await server.session()
    assert.deepEqual(tally(await atOnce(100, () => server.signIn('ada', WRONG))), { 401: 5, 429: 95 })
  })

  test('the right password is not verified either during a delay', async () => {
    await atOnce(5, () => server.signIn('ada', WRONG))
    assertThrottled(await server.signIn())
  })

  test('delays double up to 15 minutes, and a success resets them', async () => {
    await atOnce(5, () => server.signIn('ada', WRONG))
    for (const seconds of [10, 20, 40, 80, 160, 320, 640, 900, 900]) {
      assertThrottled(await server.signIn('ada', WRONG), seconds)
      server.pass((seconds - 1) * SECOND)
      assertThrottled(await server.signIn('ada', WRONG), 1)
      server.pass(SECOND)
      assert.equal((await server.signIn('ada', WRONG)).status, 401)
    }
    server.pass(15 * MINUTE)
    assert.equal((await server.signIn()).status, 204)
    assert.deepEqual(tally(await inTurn(6, () => server.signIn('ada', WRONG))), { 401: 5, 429: 1 })
  })

  test('sixteen concurrent right passwords all succeed, even after wrong ones', async () => {
    assert.deepEqual(tally(await atOnce(16, () => server.signIn())), { 204: 16 })
    await inTurn(4, () => server.signIn('ada', WRONG))
    assert.deepEqual(tally(await atOnce(16, () => server.signIn())), { 204: 16 })
  })

  test('a forged X-Forwarded-For or Forwarded has no effect', async () => {
    const received = await inTurn(10, (index) =>
      server.enter({
        password: WRONG,
        headers: { ...from(`198.51.100.${index}`), forwarded: `for=198.51.100.${index}` },
      }),
    )
    assert.deepEqual(tally(received), { 401: 5, 429: 5 })
  })

  test('the 101st wrong token is throttled; valid tokens and sessions still work', async () => {
    const session = await server.session()
    const guess = (index: number) =>
      server.ask('GET', '/api/v2/me', undefined, { authorization: `Token wrong ${index}` })
    assert.deepEqual(tally(await inTurn(100, guess)), { 401: 100 })
    assertThrottled(await guess(100))
    assert.equal((await server.signIn('nobody', WRONG)).status, 401)
    const unreadable = { authorization: 'Basic ?' }
    assert.equal((await server.ask('POST', '/api/v2/signin', undefined, unreadable)).status, 401)
    assert.equal(await meStatus(server, server.operator), 200)
    const { throttled } = (await server.ask('GET', '/api/v2/overview')).json
    assert.deepEqual(
      throttled.map(({ scope }: { scope: string }) => scope),
      ['token'],
    )
    assert.equal(await meStatus(server, session), 200)
    assert.equal((await server.signIn()).status, 204, 'the owner, at a known address')
    server.pass(15 * MINUTE)
    assert.equal((await guess(102)).status, 401)
  })

  test('stale tokens do not block a first sign-in', async () => {
    await server.addUser('bob')
    const stale = () => server.ask('GET', '/api/v2/buckets', undefined, { authorization: 'Token stale' })
    await inTurn(120, stale)
    assert.equal((await server.signIn('bob')).status, 204)
    const guesses = await inTurn(110, (index) => server.signIn(`name ${index}`, WRONG))
    assert.deepEqual(tally(guesses), { 401: 100, 429: 10 }, 'wrong passwords are limited separately')
  })

  test('wrong passwords throttle no tokens, and wrong tokens are limited separately', async () => {
    await inTurn(101, (index) => server.signIn(`name ${index}`, WRONG))
    const guess = () => server.ask('GET', '/api/v2/me', undefined, { authorization: 'Token wrong' })
    assert.deepEqual(tally(await inTurn(102, guess)), { 401: 100, 429: 2 })
    assert.equal(await meStatus(server, server.operator), 200)
  })

  test('100 concurrent wrong tokens count the same', async () => {
    const guess = (index: number) =>
      server.ask('GET', '/api/v2/me', undefined, { authorization: `Token wrong ${index}` })
    assert.deepEqual(tally(await atOnce(130, guess)), { 401: 100, 429: 30 })
  })

  test('the old password cannot be guessed by any other route', async () => {
    const session = await server.session()
    const paths = ['/api/v2/me/password', `/api/v2/users/${server.userID}/password`]
    const guess = (index: number, old = WRONG) =>
      server.ask(
        'PUT',
        paths[index % 2] ?? '',
        { password: 'another horse 2' },
        { ...session, authorization: basic('ada', old) },
      )
    assert.deepEqual(tally(await inTurn(5, guess)), { 403: 5 })
    for (const index of [0, 1]) assertThrottled(await guess(index, PASSWORD))
    assertThrottled(await server.signIn())
    assert.equal(await meStatus(server, session), 200)
  })
})

for (const route of ['me/password', 'users/ID/password']) {
  test(`renaming a user between guesses gives no more attempts at ${route}`, async () => {
    server = await startAttacked()
    const session = await server.session()
    const self = `/api/v2/users/${server.userID}`
    const path = `/api/v2/${route.replace('ID', server.userID)}`
    const received = await inTurn(12, async (index) => {
      const renamed = await server.ask('PATCH', self, { name: `ada ${index}` }, session)
      assert.equal(renamed.status, 200, renamed.text)
      const authorization = basic('ada', WRONG)
      return server.ask('PUT', path, { password: 'another horse 2' }, { ...session, authorization })
    })
    assert.deepEqual(tally(received), { 403: 5, 429: 7 })
    assertThrottled(await server.signIn('ada 11', PASSWORD))
  })
}

test('malformed credentials count at the change of a weak password as they do at sign-in', async () => {
  server = await startAttacked()
  const guess = () =>
    server.ask('PUT', '/api/v2/me/password', { password: PASSWORD }, { authorization: 'Basic ?' })
  assert.deepEqual(tally(await inTurn(105, guess)), { 401: 100, 429: 5 })
  assertThrottled(await server.signIn('nobody', WRONG))
})

describe('from many addresses', () => {
  beforeEach(async () => {
    server = await startAttacked('--trusted-proxies', 'loopback')
  })
  const HOME = from('203.0.113.1')
  const stranger = (index: number) => from(`198.51.100.${index}`)

  test('attackers have 30 attempts at a user, while the owner can still sign in', async () => {
    const session = cookie(await server.enter({ headers: HOME }))
    const received = await inTurn(40, (index) => server.enter({ password: WRONG, headers: stranger(index) }))
    assert.deepEqual(
      received.map(({ status }) => status),
      [...Array(30).fill(401), ...Array(10).fill(429)],
    )
    assertThrottled(await server.enter({ headers: stranger(99) }))
    assert.equal((await server.enter({ headers: HOME })).status, 204)
    assert.equal(await meStatus(server, session), 200)
    server.pass(15 * MINUTE)
    assert.equal((await server.enter({ headers: stranger(99) })).status, 204)
  })

  test('concurrent attempts get no more', async () => {
    const guess = (index: number) =>
      server.enter({ name: 'nobody', password: WRONG, headers: stranger(index) })
    assert.deepEqual(tally(await atOnce(60, guess)), { 401: 30, 429: 30 })
  })

  test('an attacker at the owner’s address locks the owner out no more than others do', async () => {
    cookie(await server.enter({ headers: HOME }))
    await atOnce(100, (index) => server.enter({ name: `name ${index}`, password: WRONG, headers: HOME }))
    assertThrottled(await server.enter({ name: 'one more', headers: HOME }))
    assert.equal((await server.enter({ headers: HOME })).status, 204)
  })

  test('an address is known for 30 days', async () => {
    await server.stop()
    server = await startAttacked('--trusted-proxies', 'loopback', '--guess-user-limit', '2')
    cookie(await server.enter({ headers: HOME }))
    server.pass(30 * 24 * 60 * MINUTE + 1)
    await inTurn(2, (index) => server.enter({ password: WRONG, headers: stranger(index) }))
    assertThrottled(await server.enter({ headers: HOME }))
  })

  test('an IPv6 network counts as one address', async () => {
    const received = await inTurn(10, (index) =>
      server.enter({ password: WRONG, headers: from(`2001:db8:1:2::${index + 1}`) }),
    )
    assert.deepEqual(tally(received), { 401: 5, 429: 5 })
    const other = await server.enter({ password: WRONG, headers: from('2001:db8:1:3::1') })
    assert.equal(other.status, 401)
  })

  test('forwarding headers set by the client before the proxy have no effect', async () => {
    const received = await inTurn(10, (index) =>
      server.enter({ password: WRONG, headers: from(`198.51.100.${index}, 203.0.113.9`) }),
    )
    assert.deepEqual(tally(received), { 401: 5, 429: 5 })
  })
})
