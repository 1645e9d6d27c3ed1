import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { createTwoGenerationCache } from './two-generation-cache.ts'

suite('generations', () => {
  test('never more than the limit is kept, and of what is not over always the newest half', () => {
    const steps = fc.array(fc.record({ passing: fc.nat(3), lasting: fc.nat(20) }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), steps, (limit, each) => {
        const generations = createTwoGenerationCache<number>(limit)
        const came: { index: number; endsAt: number }[] = []
        let at = 0
        for (const [index, { passing, lasting }] of each.entries()) {
          at += passing
          came.push({ index, endsAt: at + lasting })
          generations.keep(`key ${index}`, index, at + lasting, at)
          assert.ok(generations.size() <= limit)
          for (const one of came.slice(-Math.floor(limit / 2))) {
            if (one.endsAt > at) assert.equal(generations.get(`key ${one.index}`), one.index)
          }
        }
      }),
    )
  })

  test('what is over is forgotten by keeping something else, long before there is no room', () => {
    const generations = createTwoGenerationCache<string>(1000)
    for (const key of ['a', 'b', 'c']) generations.keep(key, key, 10, 0)
    assert.equal(generations.size(), 3)
    generations.keep('d', 'd', 30, 10)
    generations.keep('e', 'e', 40, 30)
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e'].map((key) => generations.get(key)),
      [undefined, undefined, undefined, 'd', 'e'],
    )
    assert.equal(generations.size(), 2)
  })

  test('what is dropped is gone, from either half', () => {
    const generations = createTwoGenerationCache<string>(4)
    for (const key of ['a', 'b', 'c']) generations.keep(key, key, 10, 0)
    for (const key of ['a', 'c']) generations.drop(key)
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => generations.get(key)),
      [undefined, 'b', undefined],
    )
    assert.equal(generations.size(), 1)
  })
})
