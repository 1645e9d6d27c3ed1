/** When sessions expire, with a movable clock (ASVS 5.0 7.3.1, 7.3.2), and which cookies are sent. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Received } from '../support/http.ts'
import { parseSetCookie } from '../support/set-cookie.ts'
import { type Attacked, cookie, DAY, HOUR, MINUTE, meStatus, SECOND, startAttacked } from './attack.ts'

let server: Attacked
let session: { cookie: string }

const BACKGROUND = { 'x-sluice-background': '1' }

beforeEach(async () => {
  server = await startAttacked()
  session = await server.session()
})
afterEach(() => server.stop())

/** The expiry of a response's cookie; undefined if none is sent. */
function cookieEnd({ headers }: Received): number | undefined {
  const line = headers['set-cookie']?.[0]
  if (line === undefined) return undefined
  const parsed = parseSetCookie(line)
  assert.equal(`${parsed.name}=${parsed.value}`, session.cookie)
  return Date.parse(String(parsed.expires))
}

async function use(headers: Record<string, string> = {}): Promise<Received> {
  return server.ask('GET', '/api/v2/me', undefined, { ...session, ...headers })
}

describe('a session', () => {
  test('expires ten minutes after its last use, to the millisecond', async () => {
    server.pass(10 * MINUTE - 1)
    assert.equal((await use()).status, 200)
    server.pass(10 * MINUTE)
    assert.equal((await use()).status, 401)
  })

  test('expires twelve hours after sign-in despite use', async () => {
    let last: number | undefined
    for (let passed = 0; passed < 12 * HOUR; passed += 9 * MINUTE) {
      const received = await use()
      assert.equal(received.status, 200, `${passed / MINUTE} minutes`)
      last = cookieEnd(received) ?? last
      server.pass(9 * MINUTE)
    }
    const start = server.now() - 12 * HOUR
    assert.equal(last, start + 12 * HOUR, 'the last cookie says so')
    assert.equal((await use()).status, 401)
  })

  test('is not extended by a page that only polls', async () => {
    for (let minute = 1; minute < 10; minute++) {
      server.pass(MINUTE)
      const received = await use(BACKGROUND)
      assert.deepEqual([received.status, received.headers['set-cookie']], [200, undefined])
    }
    server.pass(MINUTE)
    assert.equal((await use(BACKGROUND)).status, 401)
  })

  test('is extended if the page is used besides polling', async () => {
    for (let minute = 1; minute < 30; minute++) {
      server.pass(MINUTE)
      assert.equal((await use(minute % 9 === 0 ? {} : BACKGROUND)).status, 200)
    }
  })
})

describe('its cookie', () => {
  test('is sent again one minute after it was last sent, not before', async () => {
    assert.equal(cookieEnd(await use()), undefined)
    server.pass(MINUTE - 1)
    assert.equal(cookieEnd(await use()), undefined)
    server.pass(1)
    // The expiry in a cookie has whole seconds.
    assert.equal(cookieEnd(await use()), server.now() + 10 * MINUTE)
    assert.equal(cookieEnd(await use()), undefined)
    server.pass(30 * SECOND)
    assert.equal(cookieEnd(await use()), undefined)
    server.pass(30 * SECOND)
    assert.equal(cookieEnd(await use()), server.now() + 10 * MINUTE)
  })

  test('is sent again with refusals too, because they count as use', async () => {
    server.pass(MINUTE)
    const received = await server.ask('GET', '/api/v2/users/0000000000000009', undefined, session)
    assert.ok(received.status >= 400)
    assert.equal(cookieEnd(received), server.now() + 10 * MINUTE)
  })

  test('is not sent for requests by token', async () => {
    server.pass(MINUTE)
    assert.equal((await use(server.operator)).headers['set-cookie'], undefined)
  })
})

describe('a remembered session', () => {
  beforeEach(async () => {
    const received = await server.enter({ query: '?remember=true' })
    session = cookie(received)
    assert.equal(cookieEnd(received), server.now() + 30 * DAY)
  })

  test('expires 30 days after sign-in, used or not', async () => {
    for (const days of [1, 14, 14]) {
      server.pass(days * DAY)
      const received = await use()
      assert.deepEqual([received.status, received.headers['set-cookie']], [200, undefined])
    }
    server.pass(DAY - 1)
    assert.equal((await use()).status, 200)
    server.pass(1)
    assert.equal((await use()).status, 401)
  })

  test('is marked in the list', async () => {
    const { json } = await server.ask('GET', '/api/v2/me/sessions', undefined, session)
    assert.deepEqual(
      json.sessions.map((each: { remembered: boolean; current: boolean }) => [each.remembered, each.current]),
      [
        [true, true],
        [false, false],
      ],
    )
  })
})

test('with remembering disabled, sessions are not remembered', async () => {
  await server.stop()
  server = await startAttacked('--session-remember-length', '0')
  session = cookie(await server.enter({ query: '?remember=true' }))
  server.pass(10 * MINUTE)
  assert.equal(await meStatus(server, session), 401)
})
