import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { suite, type TestContext, test } from 'node:test'
import { watchUpload } from './idle-upload.ts'

const IDLE_MS = 1000

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const state = { bytesRead: 100, isPaused: false, complete: false, isDestroyed: false }
  const request = {
    get complete() {
      return state.complete
    },
    isPaused: () => state.isPaused,
    socket: {
      get bytesRead() {
        return state.bytesRead
      },
      destroy() {
        state.isDestroyed = true
      },
    },
  } as unknown as IncomingMessage
  const unwatch = watchUpload(request, IDLE_MS)
  return { state, unwatch, tick: (ms: number) => t.mock.timers.tick(ms) }
}

suite('an upload', () => {
  test('of which nothing comes is ended after that time, and not before', (t) => {
    const { state, tick } = setUp(t)
    tick(IDLE_MS - 1)
    assert.ok(!state.isDestroyed)
    tick(IDLE_MS / 2 + 1)
    assert.ok(state.isDestroyed)
  })

  test('that rests later is ended too', (t) => {
    const { state, tick } = setUp(t)
    for (let at = 0; at < 10; at += 1) {
      tick(IDLE_MS / 2)
      state.bytesRead += 1
    }
    assert.ok(!state.isDestroyed)
    tick(1.5 * IDLE_MS)
    assert.ok(state.isDestroyed)
  })

  test('that upstream holds up is not ended, however long', (t) => {
    const { state, tick } = setUp(t)
    state.isPaused = true
    tick(100 * IDLE_MS)
    assert.ok(!state.isDestroyed)
    state.isPaused = false
    tick(1.5 * IDLE_MS)
    assert.ok(state.isDestroyed)
  })

  test('that was just held up has its time from then on', (t) => {
    const { state, tick } = setUp(t)
    state.isPaused = true
    tick(10 * IDLE_MS)
    state.isPaused = false
    tick(IDLE_MS / 2)
    assert.ok(!state.isDestroyed)
  })

  test('that is complete, or no longer watched, is left alone', (t) => {
    const first = setUp(t)
    first.state.complete = true
    first.tick(10 * IDLE_MS)
    assert.ok(!first.state.isDestroyed)
    first.state.complete = false
    first.unwatch()
    first.tick(10 * IDLE_MS)
    assert.ok(!first.state.isDestroyed)
  })
})
