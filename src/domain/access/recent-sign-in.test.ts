import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { callerWith, START } from '../../../test/support/world.ts'
import { compilePermissions } from './permission-set.ts'
import { createFreshness } from './recent-sign-in.ts'

const bySession = {
  ...callerWith(compilePermissions([])),
  session: { keyHash: 'hash', authenticatedAt: START, method: 'password', level: 'one-factor' },
} as const
const byToken = callerWith(compilePermissions([]))

suite('a fresh sign-in', () => {
  test('is one of the last so many minutes, to the millisecond', async () => {
    let at = START
    const freshness = createFreshness({ now: () => at, freshMs: 300_000 })
    freshness.require(bySession, 'user.delete')
    at += 299_999
    freshness.require(bySession, 'user.delete')
    at += 1
    const message = 'this needs a sign-in of the last 5 minutes; sign in again and repeat it'
    await refused(() => freshness.require(bySession, 'user.delete'), 'forbidden', message)
  })

  test('is none that is still to come', async () => {
    const freshness = createFreshness({ now: () => START - 1, freshMs: 300_000 })
    await refused(() => freshness.require(bySession, 'user.delete'), 'forbidden')
  })

  test('is said in words, also where it is short', async () => {
    for (const freshMs of [1, 60_000, 89_999]) {
      const freshness = createFreshness({ now: () => START + freshMs, freshMs })
      await refused(() => freshness.require(bySession, 'user.delete'), 'forbidden', /of the last minute;/)
    }
  })

  test('has a second factor if the user has one, however recent it is', async () => {
    const freshness = createFreshness({ now: () => START, freshMs: 0 })
    const principal = { ...bySession.principal, hasSecondFactor: true }
    const message = 'this needs a sign-in with a second factor; sign in again and repeat it'
    await refused(() => freshness.require({ ...bySession, principal }, 'user.delete'), 'forbidden', message)
    const session = { ...bySession.session, level: 'two-factors' } as const
    freshness.require({ ...bySession, principal, session }, 'user.delete')
    freshness.require({ ...byToken, principal }, 'user.delete')
  })

  test('is never one with an application password', async () => {
    const freshness = createFreshness({ now: () => START, freshMs: 0 })
    const session = { ...bySession.session, method: 'application-password-use' } as const
    await refused(() => freshness.require({ ...bySession, session }, 'user.delete'), 'forbidden')
  })

  test('is not asked of tokens, nor of anybody where its length is 0', () => {
    const late = () => START + 86_400_000
    assert.doesNotThrow(() => createFreshness({ now: late, freshMs: 1 }).require(byToken, 'user.delete'))
    assert.doesNotThrow(() => createFreshness({ now: late, freshMs: 0 }).require(bySession, 'user.delete'))
  })
})
