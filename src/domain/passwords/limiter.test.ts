import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { refused } from '../../../test/support/refused.ts'
import { createLimiter, type Limiter } from './limiter.ts'

type Lane = 'first' | 'second' | 'third'

/** Works that end when the test says so, and the order in which they began. */
function works(limiter: Limiter<Lane>) {
  const begun: number[] = []
  const ends = new Map<number, { end: () => void; fail: () => void }>()
  const enter = (index: number, lane: Lane = 'first') =>
    limiter.pass(
      lane,
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(index)
          ends.set(index, { end: () => resolve(index), fail: () => reject(new Error(`work ${index}`)) })
        }),
    )
  return { begun, ends, enter }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const only = (first: number) => ({ first, second: 0, third: 0 })
const limits = { concurrency: 2, lanes: only(3), refusal: 'too many' }

suite('limiter', () => {
  test('whoever comes when the queue is full is told to come again', async () => {
    const limiter = createLimiter(limits)
    const { enter, ends } = works(limiter)
    const passing = [0, 1, 2, 3, 4].map((index) => enter(index))
    await refused(() => enter(5), 'unavailable', 'too many')
    await enter(5).catch((error) => assert.equal(error.retryAfterSeconds, 1))
    assert.equal(limiter.pending(), 5)

    ends.get(0)?.end()
    await passing[0]
    const late = enter(6)
    for (const index of [1, 2, 3, 4, 6]) {
      await turn()
      ends.get(index)?.end()
    }
    assert.deepEqual(await Promise.all([...passing, late]), [0, 1, 2, 3, 4, 6])
    assert.equal(limiter.pending(), 0)
  })

  test('a work that throws before it begins to wait gives its place back too', async () => {
    const limiter = createLimiter({ ...limits, concurrency: 1 })
    const thrower = () => {
      throw new Error('at once')
    }
    await assert.rejects(limiter.pass('first', thrower), /at once/)
    assert.equal(await limiter.pass('first', async () => 'in'), 'in')
    assert.equal(limiter.pending(), 0)
  })

  test('never more than allowed are at work, they begin in the order they came, and none is lost', async () => {
    const settings = fc.record({ concurrency: fc.integer({ min: 1, max: 4 }), queue: fc.nat({ max: 6 }) })
    /** Each step: one comes in, or the oldest or newest at work ends, well or not. */
    const steps = fc.array(fc.constantFrom('enter', 'enter', 'end', 'fail', 'end newest'), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(settings, steps, async ({ concurrency, queue }, commands) => {
        const limiter = createLimiter({ concurrency, lanes: only(queue), refusal: 'too many' })
        const { begun, ends, enter } = works(limiter)
        const model = { working: [] as number[], waiting: [] as number[], begun: [] as number[] }
        const refusals = new Set<number>()
        const settled: Promise<unknown>[] = []
        let came = 0

        for (const command of commands) {
          if (command === 'enter') {
            const index = came++
            settled.push(enter(index).catch((error) => error.code && refusals.add(index)))
            if (model.working.length < concurrency) {
              model.working.push(index)
              model.begun.push(index)
            } else if (model.waiting.length < queue) model.waiting.push(index)
            else {
              await turn()
              assert.ok(refusals.has(index), `${index} is refused`)
            }
          } else {
            const index = command === 'end newest' ? model.working.pop() : model.working.shift()
            if (index === undefined) continue
            if (command === 'fail') ends.get(index)?.fail()
            else ends.get(index)?.end()
            const next = model.waiting.shift()
            if (next !== undefined) {
              model.working.push(next)
              model.begun.push(next)
            }
          }
          await turn()
          assert.deepEqual(begun, model.begun)
          assert.equal(limiter.pending(), model.working.length + model.waiting.length)
        }
        while (model.working.length > 0) {
          ends.get(model.working.shift() as number)?.end()
          await turn()
          const next = model.waiting.shift()
          if (next !== undefined) model.working.push(next)
        }
        await Promise.all(settled)
        assert.equal(limiter.pending(), 0)
      }),
    )
  })

  test('a lane that is full leaves the others theirs, and the first lane goes first', async () => {
    const limiter = createLimiter<Lane>({
      ...{ concurrency: 1, refusal: 'too many' },
      lanes: { first: 2, second: 2, third: 4 },
    })
    const { begun, ends, enter } = works(limiter)
    const passing = [enter(0, 'third')]
    for (const index of [1, 2, 3, 4]) passing.push(enter(index, 'third'))
    await refused(() => enter(99, 'third'), 'unavailable')
    for (const index of [5, 6]) passing.push(enter(index, 'second'))
    for (const index of [7, 8]) passing.push(enter(index, 'first'))
    await refused(() => enter(99, 'first'), 'unavailable')
    for (let index = 0; index < 9; index += 1) {
      await turn()
      ends.get(begun.at(-1) as number)?.end()
    }
    await Promise.all(passing)
    // Each fourth is the one who has waited longest.
    assert.deepEqual(begun, [0, 7, 8, 5, 1, 6, 2, 3, 4])
  })

  test('in no lane does anybody wait for ever', async () => {
    const limiter = createLimiter<Lane>({
      ...{ concurrency: 1, refusal: 'too many' },
      lanes: { first: 2, second: 0, third: 1 },
    })
    const { begun, ends, enter } = works(limiter)
    enter(0, 'first')
    const last = enter(1, 'third')
    enter(2, 'first')
    for (let index = 3; index < 12 && !begun.includes(1); index += 1) {
      enter(index, 'first')
      ends.get(begun.at(-1) as number)?.end()
      await turn()
    }
    ends.get(1)?.end()
    assert.equal(await last, 1)
  })
})
