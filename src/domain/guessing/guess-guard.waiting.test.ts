import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { guessing, outcomeOf, times, turn } from '../../../test/support/guessing.ts'
import { createGuessGuard } from './guess-guard.ts'
import { DEFAULT_GUESS_LIMITS } from './guess-limits.ts'

const ADA = { name: 'ada', address: '192.0.2.1' }

suite('guess guard: waiting', () => {
  test('a verification that is rejected is no try, and those who wait go on', async () => {
    const { attempt, right, tried, counters } = guessing({ pairFree: 1 })
    const { promise, reject } = Promise.withResolvers<boolean>()
    const rejected = attempt(ADA, () => promise)
    const waiting = times(3, () => right(ADA))
    await turn()
    assert.equal(tried(), 1)
    reject(new Error('the store is unavailable'))
    assert.equal(await rejected, 'rejected: the store is unavailable')
    assert.deepEqual(await Promise.all(waiting), ['right', 'right', 'right'])
    assert.equal(counters.size(), 0)
  })

  test('one that throws at once frees its place too', async () => {
    const { attempt, right } = guessing({ pairFree: 1 })
    const thrower = () => {
      throw new Error('at once')
    }
    assert.equal(await attempt(ADA, thrower), 'rejected: at once')
    assert.equal(await right(ADA), 'right')
  })

  test('if it cannot be said whether the address is known nothing is tried, nor any place taken', async () => {
    const { guard, counters } = guessing()
    const known = () => Promise.reject(new Error('the store is unavailable'))
    await assert.rejects(guard.attempt({ ...ADA, known }, assert.fail), /the store is unavailable/)
    assert.equal(counters.size(), 0)
  })

  test('if failures cannot be counted nothing is tried, nor answered', async () => {
    const broken = () => Promise.reject(new Error('no counters'))
    const { counters } = guessing()
    const guardWith = (reserve: typeof counters.reserve) =>
      createGuessGuard({ counters: { ...counters, reserve }, limits: DEFAULT_GUESS_LIMITS, now: Date.now })
    const attempt = { ...ADA, known: () => false }
    await assert.rejects(guardWith(broken).attempt(attempt, assert.fail), /no counters/)
    const uncounted = guardWith(async () => ({ kind: 'place', isCalm: true, settle: broken }))
    assert.equal(await outcomeOf(uncounted.attempt(attempt, async () => true)), 'rejected: no counters')
  })

  test('those who wait come in the order in which they came', async () => {
    const { attempt } = guessing({ pairFree: 1 })
    const begun: number[] = []
    const entering = times(8, (index) =>
      attempt(ADA, async () => {
        begun.push(index)
        await turn()
        return true
      }),
    )
    await Promise.all(entering)
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('who waits for a place of the user does not keep others at its address waiting', async () => {
    const { attempt, right, wrong } = guessing({ user: 1 })
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const first = attempt({ ...ADA, address: '192.0.2.2' }, () => promise)
    const second = wrong(ADA)
    assert.equal(await right({ ...ADA, name: 'bob' }), 'right')
    resolve(false)
    assert.equal(await first, 'wrong')
    assert.equal(await second, '429 in 900')
  })
})
