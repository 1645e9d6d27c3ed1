import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { andThen, attempt, duringWait } from './maybe-promise.ts'

suite('a value that may be there already', () => {
  test('is passed on at once, and what that throws is thrown', () => {
    assert.equal(
      andThen(1, (one) => one + 1),
      2,
    )
    assert.throws(
      () =>
        andThen(
          1,
          () => {
            throw new Error('later')
          },
          () => 0,
        ),
      /later/,
    )
  })

  test('is passed on when its promise is kept', async () => {
    const two = andThen(Promise.resolve(1), (one) => one + 1)
    assert.ok(two instanceof Promise)
    assert.equal(await two, 2)
  })

  test('is attempted: whatever fails before it is there goes to the third argument', async () => {
    const boom = () => {
      throw new Error('at once')
    }
    assert.equal(
      attempt(
        () => 1,
        (one) => one + 1,
        () => 0,
      ),
      2,
    )
    assert.equal(
      attempt(boom, () => 1, String),
      'Error: at once',
    )
    assert.equal(
      await attempt(
        () => Promise.reject(new Error('later')),
        () => 1,
        String,
      ),
      'Error: later',
    )
    assert.throws(() => attempt(() => 1, boom, String), /at once/)
  })

  test('is watched only while it is waited for', async () => {
    const seen: string[] = []
    const begin = () => {
      seen.push('begun')
      return () => void seen.push('done')
    }
    assert.equal(duringWait(1, begin), 1)
    assert.deepEqual(seen, [])
    assert.equal(await duringWait(Promise.resolve(2), begin), 2)
    await assert.rejects(async () => duringWait(Promise.reject(new Error('broken')), begin), /broken/)
    assert.deepEqual(seen, ['begun', 'done', 'begun', 'done'])
  })

  test('whose promise is broken is answered by the third argument, if there is one', async () => {
    const broken = () => Promise.reject(new Error('broken'))
    assert.equal(await andThen(broken(), () => 1, String), 'Error: broken')
    await assert.rejects(async () => andThen(broken(), () => 1), /broken/)
  })
})
