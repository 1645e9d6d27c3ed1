import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { andThen } from './maybe-promise.ts'

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

  test('whose promise is broken is answered by the third argument, if there is one', async () => {
    const broken = () => Promise.reject(new Error('broken'))
    assert.equal(await andThen(broken(), () => 1, String), 'Error: broken')
    await assert.rejects(async () => andThen(broken(), () => 1), /broken/)
  })
})
