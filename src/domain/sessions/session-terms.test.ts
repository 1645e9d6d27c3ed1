import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { byPassword } from '../../../test/support/session.ts'
import type { ID } from '../base/id.ts'
import type { Session } from '../records/session.ts'
import { createSessionTerms, renewed } from './session-terms.ts'

const MINUTE = 60_000
const START = 1_000_000 * MINUTE
const LENGTHS = { lengthMs: 30 * MINUTE, maxLengthMs: 100 * MINUTE, rememberLengthMs: 1000 * MINUTE }

function setUp(options: Partial<Parameters<typeof createSessionTerms>[0]> = {}) {
  const terms = createSessionTerms({ ...LENGTHS, renew: true, ...options })
  function started(remembered = false): Session {
    return {
      ...{ keyHash: 'hash', userID: 'a' as ID, orgID: undefined, address: '', userAgent: '', remembered },
      ...{ instanceGeneration: 0, userGeneration: 0 },
      ...{ createdAt: START, lastUsedAt: START, cookieSentAt: START, ...byPassword(START) },
      expiresAt: terms.firstEnd(START, remembered),
    }
  }
  /** Uses a session at these minutes, one after the other; when it ends then and its cookie was sent, in minutes. */
  function used(session: Session, minutes: readonly number[], background = false) {
    let now = session
    for (const each of minutes) {
      const { sendCookie, ...use } = renewed(now, terms.renewal(START + each * MINUTE, background))
      assert.equal(sendCookie, use.cookieSentAt !== now.cookieSentAt)
      now = { ...now, ...use }
    }
    const since = (at: number) => (at - START) / MINUTE
    return { end: since(now.expiresAt), sent: since(now.cookieSentAt), last: since(now.lastUsedAt) }
  }
  return { terms, started, used }
}

suite('the end of a session', () => {
  test('is at first the idle length away, but no further than the longest length', () => {
    const { terms } = setUp()
    assert.equal(terms.firstEnd(START, false), START + 30 * MINUTE)
    const { terms: short } = setUp({ maxLengthMs: 10 * MINUTE })
    assert.equal(short.firstEnd(START, false), START + 10 * MINUTE)
  })

  test('moves with each use to then plus the idle length', () => {
    const { started, used } = setUp()
    for (const minute of [0, 0.5, 1, 12, 29]) assert.equal(used(started(), [minute]).end, minute + 30)
    assert.equal(used(started(), [29, 58, 80 - 22.5]).end, 88, 'never nearer')
  })

  test('never moves past sign-in plus the longest length', () => {
    const { started, used } = setUp()
    assert.equal(used(started(), [29, 58, 69]).end, 99)
    assert.equal(used(started(), [29, 58, 71]).end, 100)
    assert.equal(used(started(), [29, 58, 71, 99]).end, 100)
  })

  test('is moved neither in the background nor where that is switched off, though the use is noted', () => {
    const { started, used } = setUp()
    assert.deepEqual(used(started(), [10], true), { end: 30, sent: 0, last: 10 })
    const fixed = setUp({ renew: false })
    assert.deepEqual(fixed.used(fixed.started(), [10]), { end: 30, sent: 0, last: 10 })
  })

  test('a clock that goes back brings it no nearer, and sends no cookie', () => {
    const { started, used } = setUp()
    assert.deepEqual(used(started(), [-20]), { end: 30, sent: 0, last: -20 })
  })
})

suite('a remembered session', () => {
  test('has one end, which use does not move', () => {
    const { terms, started, used } = setUp()
    assert.equal(terms.firstEnd(START, true), START + 1000 * MINUTE)
    assert.deepEqual(used(started(true), [10, 900]), { end: 1000, sent: 0, last: 900 })
  })

  test('is there only where it has a length', () => {
    assert.equal(setUp().terms.mayRemember, true)
    assert.equal(setUp({ rememberLengthMs: 0 }).terms.mayRemember, false)
  })
})

suite('the cookie', () => {
  test('is sent again a minute after it was sent last, not sooner', () => {
    const { started, used } = setUp()
    const second = 1 / 60
    assert.equal(used(started(), [59 * second]).sent, 0)
    assert.equal(used(started(), [1]).sent, 1)
    assert.equal(used(started(), [0.5, 0.9, 1.5, 2, 2.4]).sent, 1.5)
    assert.equal(used(started(), [0.5, 0.9, 1.5, 2, 2.5]).sent, 2.5)
  })

  test('is told the last end, also where requests in between have moved it there', () => {
    const { started, used } = setUp()
    assert.equal(used(started(), [29, 58, 69.5, 70.2, 70.4]).sent, 69.5)
    assert.deepEqual(used(started(), [29, 58, 69.5, 70.2, 75]), { end: 100, sent: 75, last: 75 })
    assert.equal(used(started(), [29, 58, 69.5, 70.2, 75, 90]).sent, 75)
  })

  test('is not sent where the end stays', () => {
    const { started, used } = setUp()
    assert.equal(used(started(), [29, 58, 75, 90]).sent, 75)
  })
})

suite('a cookie that lasts as long as the session can', () => {
  const { terms, started, used } = setUp({ cookieLastsLongest: true })

  test('is sent once, while use moves the expiry in the store as always', () => {
    assert.equal(terms.firstCookieEnd(START, false), START + LENGTHS.maxLengthMs)
    assert.equal(terms.firstCookieEnd(START, true), START + LENGTHS.rememberLengthMs)
    const plain = setUp()
    assert.equal(plain.terms.firstCookieEnd(START, false), plain.started().expiresAt)
    const session = renewed(started(), terms.renewal(START + 20 * MINUTE, false))
    assert.equal(session.sendCookie, false)
    assert.equal(session.expiresAt, START + 50 * MINUTE)
    assert.deepEqual(used(started(), [20, 40, 60]), { end: 90, sent: 0, last: 60 })
  })

  test('ends with the session where use does not move its expiry', () => {
    const fixed = setUp({ cookieLastsLongest: true, renew: false })
    assert.equal(fixed.terms.firstCookieEnd(START, false), START + LENGTHS.lengthMs)
  })
})
