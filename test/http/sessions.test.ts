/** Session lengths, with a clock controlled by the test. */
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { parseSetCookie } from '../support/set-cookie.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 5, 1, 12)

let clock = START
let server: SetUpServer

/** Starts a server and a session at noon. */
async function start(...argv: string[]): Promise<{ cookie: string }> {
  clock = START
  server = await startSetUp(argv, { now: () => clock })
  return server.session()
}

/** The expiry in the cookie of a new session. */
async function expiry(): Promise<number> {
  const { headers } = await server.signIn()
  return Date.parse(String(parseSetCookie(headers['set-cookie']?.[0] ?? '').expires))
}
afterEach(() => server.stop())

/** The status of a request with the session, at these minutes after its start. */
async function at(minutes: number, { cookie }: { cookie: string }): Promise<number> {
  clock = START + minutes * MINUTE
  return (await server.ask('GET', '/api/v2/me', undefined, { cookie })).status
}

async function statuses(session: { cookie: string }, ...minutes: number[]): Promise<number[]> {
  const found: number[] = []
  for (const each of minutes) found.push(await at(each, session))
  return found
}

describe('a session of ten minutes', () => {
  test('states its length in the cookie', async () => {
    await start()
    assert.equal(await expiry(), START + 10 * MINUTE)
  })

  test('expires after ten minutes without use', async () => {
    assert.deepEqual(await statuses(await start(), 10), [401])
  })

  test('is not shortened by use in its first half', async () => {
    assert.deepEqual(await statuses(await start(), 1, 4, 9.99), [200, 200, 200])
  })

  test('is extended by ten minutes by every use', async () => {
    assert.deepEqual(await statuses(await start(), 7, 16.99, 26.98, 36.97, 46.97), [200, 200, 200, 200, 401])
  })

  test('cannot be signed out of after it expired', async () => {
    const session = await start()
    clock += 10 * MINUTE
    const received = await server.ask('POST', '/api/v2/signout', undefined, session)
    assert.deepEqual([received.status, received.json.message], [401, 'unauthorized access'])
  })
})

describe('a session of another length', () => {
  test('given as a number without a unit counts minutes', async () => {
    await start('--session-length', '60')
    assert.equal(await expiry(), START + 60 * MINUTE)
  })

  test('of a minute is extended by a minute by every use', async () => {
    assert.deepEqual(await statuses(await start('--session-length', '1m'), 0.9, 1.89, 2.89), [200, 200, 401])
  })

  test('of a minute expires after a minute without use', async () => {
    assert.deepEqual(await statuses(await start('--session-length', '1m'), 1), [401])
  })

  test('expires on time despite use, if renewal is disabled', async () => {
    const session = await start('--session-renew-disabled')
    assert.deepEqual(await statuses(session, 2, 5, 8, 9.99, 10), [200, 200, 200, 200, 401])
  })
})

describe('of several sessions', () => {
  test('each ends separately', async () => {
    const first = await start()
    const other = await server.session()
    assert.notEqual(first.cookie, other.cookie)
    await server.ask('POST', '/api/v2/signout', undefined, first)
    assert.deepEqual([await at(0, first), await at(0, other)], [401, 200])
  })

  test('the cookie that belongs to a live session counts, in any position', async () => {
    const { cookie } = await start()
    const bad = 'influxdb-oss-session=bad'
    assert.equal(await at(0, { cookie: `other=1; ${cookie}; ${bad}` }), 200)
    assert.equal(await at(0, { cookie: `${bad}; ${cookie}` }), 200)
  })
})
