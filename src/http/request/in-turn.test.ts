import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createTurns } from './in-turn.ts'

/** Occupies the process, as the serialization of a long answer does. */
function busy(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('one piece of work runs after the other, also after one that failed', async () => {
  const inTurn = createTurns()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await nextTurn()
    events.push(`${name} ends`)
    if (name === 'second') throw new Error(name)
    return name
  }
  const done = await Promise.allSettled(['first', 'second', 'third'].map((name) => inTurn(work(name))))
  assert.deepEqual(
    done.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message)),
    ['first', 'second', 'third'],
  )
  assert.deepEqual(
    events,
    ['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  )
})

test('long work leaves half of the time to others', async () => {
  const inTurn = createTurns()
  const begun: number[] = []
  await Promise.all(
    Array.from({ length: 3 }, () =>
      inTurn(async () => {
        begun.push(performance.now())
        busy(20)
      }),
    ),
  )
  const pauses = begun.slice(1).map((at, index) => at - (begun[index] ?? 0))
  for (const pause of pauses) assert.ok(pause >= 38, `${pause} ms`)
})
