import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceLoginStore } from '../../src/domain/records/device-login.ts'

export interface OpenDeviceLogins {
  /** Stores that share what they keep: one for a single process, one per node for several nodes. */
  open(options: { now: () => number }): Promise<readonly DeviceLoginStore[]>
  /** Waits until what was kept for that long has ended. */
  pass(clock: { at: number }, ms: number): Promise<void>
}

const LOGIN = { codeHash: 'code', deviceHash: 'device', asked: 'sealed' } as const
const MINUTE = 60_000

/** Tests for all stores of devices that wait to be approved. */
export function describeDeviceLogins(name: string, { open, pass }: OpenDeviceLogins): void {
  async function setUp() {
    const clock = { at: Date.UTC(2026, 0, 2) }
    const nodes = await open({ now: () => clock.at })
    const [first, last] = [nodes[0], nodes.at(-1)] as [DeviceLoginStore, DeviceLoginStore]
    return { clock, first, last }
  }

  suite(`devices that wait to be approved: ${name}`, () => {
    test('are found by their code until they end, and a code belongs to one at a time', async () => {
      const { clock, first, last } = await setUp()
      assert.equal(await last.byCode('code'), undefined)
      assert.equal(await first.add(LOGIN, 300), true)
      assert.equal(await last.add({ ...LOGIN, deviceHash: 'other' }, 300), false)
      assert.deepEqual(await last.byCode('code'), { ...LOGIN, isDecided: false })
      await pass(clock, 300)
      assert.equal(await last.byCode('code'), undefined)
      assert.equal(await last.decide('code', 'yes'), false)
      assert.deepEqual(await last.poll(LOGIN), { kind: 'unknown' })
      assert.equal(await last.add({ ...LOGIN, deviceHash: 'other' }, 300), true)
    })

    test('are decided once, and one of several that ask at once gets the decision', async () => {
      const { first, last } = await setUp()
      await first.add(LOGIN, MINUTE)
      const decided = await Promise.all(
        [first, last, first, last].map((node, at) => node.decide('code', `${at}`)),
      )
      assert.equal(decided.filter(Boolean).length, 1)
      assert.equal((await first.byCode('code'))?.isDecided, true)
      const answers = await Promise.all([last, first, last, first].map((node) => node.poll(LOGIN)))
      const decision = `${decided.indexOf(true)}`
      assert.deepEqual(
        answers.filter(({ kind }) => kind === 'decided'),
        [{ kind: 'decided', decision }],
      )
      assert.deepEqual(await last.poll(LOGIN), { kind: 'unknown' })
    })

    test('a wrong secret learns nothing and takes nothing', async () => {
      const { first, last } = await setUp()
      await first.add(LOGIN, MINUTE)
      await first.decide('code', 'yes')
      const wrong = { ...LOGIN, deviceHash: 'other' }
      assert.deepEqual(await last.poll(wrong), { kind: 'unknown' })
      assert.deepEqual(await last.poll(LOGIN), { kind: 'decided', decision: 'yes' })
    })

    test('who asks too soon waits longer from then on', async () => {
      const { clock, first, last } = await setUp()
      await first.add(LOGIN, MINUTE)
      const kinds: string[] = []
      for (const seconds of [0, 5, 4, 5, 15, 14]) {
        clock.at += seconds * 1000
        kinds.push((await last.poll(LOGIN)).kind)
      }
      // 4 is too soon, so 10 are needed; 5 is too soon again, so 15.
      assert.deepEqual(kinds, ['pending', 'pending', 'slow-down', 'slow-down', 'pending', 'slow-down'])
    })

    test('a clock that is a little behind counts as the same, one that is far behind was set back', async () => {
      const { clock, first, last } = await setUp()
      await first.add(LOGIN, MINUTE)
      assert.equal((await first.poll(LOGIN)).kind, 'pending')
      clock.at -= 2
      assert.equal((await last.poll(LOGIN)).kind, 'slow-down')
      clock.at -= 3_600_000
      assert.equal((await last.poll(LOGIN)).kind, 'pending')
    })
  })
}

export const realTime = (_clock: unknown, ms: number) => sleep(ms + 100)
