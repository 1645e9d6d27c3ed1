import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import type { ID } from '../base/id.ts'
import { createTokenUsage } from './token-usage.ts'

const [A, B] = ['00000000000000a1' as ID, '00000000000000b1' as ID]
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const iso = (ms: number) => new Date(ms).toISOString()

/** A store that fails while `isAway` is set; writes last until `released`. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const state = { isAway: false, released: Promise.resolve() }
  const written: { id: ID; at: string }[][] = []
  const errors: string[] = []
  const usage = createTokenUsage({
    async write(uses) {
      await state.released
      if (state.isAway) throw new Error('the store is away')
      written.push([...uses])
    },
    log: { error: (message) => errors.push(message) },
  })
  /** Advances the timer and waits for the write that it starts. */
  async function forward(ms: number) {
    t.mock.timers.tick(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { usage, state, written, errors, forward }
}

suite('uses of tokens', () => {
  test('are written once a minute, only the last use of each token', async (t) => {
    const { usage, written, forward } = setUp(t)
    for (const ms of [0, 10, 20]) usage.note(A, AT + ms)
    usage.note(B, AT + 5)
    assert.deepEqual(written, [])
    assert.deepEqual([usage.lastUse(A), usage.lastUse(B)], [AT + 20, AT + 5])
    await forward(60_000)
    assert.deepEqual(written, [
      [
        { id: A, at: iso(AT + 20) },
        { id: B, at: iso(AT + 5) },
      ],
    ])
    await forward(60_000)
    assert.equal(written.length, 1, 'nothing is written where nothing was used')
    await usage.stop()
  })

  test('are kept while the store is unreachable, and newer uses win', async (t) => {
    const { usage, state, written, errors, forward } = setUp(t)
    usage.note(A, AT)
    usage.note(B, AT)
    state.isAway = true
    await forward(60_000)
    assert.deepEqual([written, errors.length], [[], 1])
    assert.equal(usage.lastUse(B), AT)
    usage.note(A, AT + 1)
    state.isAway = false
    await forward(60_000)
    const uses = new Map(written[0]?.map(({ id, at }) => [id, at]))
    assert.deepEqual([uses.get(A), uses.get(B)], [iso(AT + 1), iso(AT)])
    await usage.stop()
  })

  test('are known while they are being written, and afterwards', async (t) => {
    const { usage, state, written, forward } = setUp(t)
    const slow = Promise.withResolvers<void>()
    state.released = slow.promise
    usage.note(A, AT)
    usage.note(B, AT)
    await forward(60_000)
    assert.deepEqual([written, usage.lastUse(A), usage.lastUse(B)], [[], AT, AT])
    usage.note(A, AT + 1)
    assert.equal(usage.lastUse(A), AT + 1)
    await forward(60_000)
    assert.deepEqual([usage.lastUse(A), usage.lastUse(B)], [AT + 1, AT], 'the next write waits for the first')
    slow.resolve()
    await usage.stop()
    assert.deepEqual(
      written.map((uses) => uses.map(({ id, at }) => [id, at])),
      [
        [
          [A, iso(AT)],
          [B, iso(AT)],
        ],
        [[A, iso(AT + 1)]],
      ],
    )
    assert.equal(usage.lastUse(A), AT + 1)
  })

  test('are written at shutdown', async (t) => {
    const { usage, written, forward } = setUp(t)
    usage.note(A, AT)
    await usage.stop()
    assert.deepEqual(written, [[{ id: A, at: iso(AT) }]])
    usage.note(A, AT + 1)
    await forward(120_000)
    assert.equal(written.length, 1)
  })
})
