import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { inLanes } from './in-lanes.ts'

suite('work in lanes', () => {
  test('takes every item once, in order, and no more at a time than there are lanes', async () => {
    const begun: number[] = []
    let [now, most] = [0, 0]
    await inLanes([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item)
      now += 1
      most = Math.max(most, now)
      await turn()
      now -= 1
    })
    assert.deepEqual(begun, [1, 2, 3, 4, 5])
    assert.equal(most, 2)
  })

  test('rejects with the first failure, and begins no item after it', async () => {
    const begun: number[] = []
    const work = inLanes([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item)
      await turn()
      if (item === 1) throw new Error('the first fails')
    })
    await assert.rejects(work, { message: 'the first fails' })
    for (let left = 5; left > 0; left -= 1) await turn()
    assert.deepEqual(begun, [1, 2])
  })

  test('ends at once without items', () => inLanes([], 2, async () => assert.fail('there is no item')))
})
