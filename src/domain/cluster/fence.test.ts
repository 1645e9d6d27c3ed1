import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Epoch, EpochStore } from '../records/epoch.ts'
import { createFence, LEASE_MS } from './fence.ts'

/** A fence over an epoch that the test sets, and a clock that it moves. */
function setUp() {
  let epoch: Epoch = { number: 0, sessionStoreID: undefined }
  let time = 1000
  const waiting: (() => void)[] = []
  const epochs: EpochStore = {
    read: async () => epoch,
    async begin(sessionStoreID) {
      await new Promise<void>((resolve) => waiting.push(resolve))
      epoch = { number: epoch.number + 1, sessionStoreID }
      return epoch
    },
    async advance() {},
  }
  const fence = createFence({ epochs, steady: () => time })
  return {
    fence,
    set: (next: Epoch) => {
      epoch = next
    },
    pass: (ms: number) => {
      time += ms
    },
    begun: (attempt: number) => waiting[attempt]?.(),
    async connect(id: string) {
      const connected = fence.connected(id)
      waiting.at(-1)?.()
      await connected
    },
  }
}

suite('a fence', () => {
  test('keeps nothing before it is connected, nor longer than the lease without reading the epoch', async () => {
    const { fence, pass, connect } = setUp()
    assert.equal(fence.tag('s', 'a'), null)
    await connect('a')
    assert.equal(fence.tag('s', 'a'), '1 s')
    pass(LEASE_MS - 1)
    assert.equal(fence.tag('s', 'a'), '1 s')
    pass(1)
    assert.equal(fence.tag('s', 'a'), null)
    await fence.renew()
    assert.equal(fence.tag('s', 'a'), '1 s')
  })

  test('keeps nothing, and lets nothing be changed, once another store is in force', async () => {
    const { fence, set, connect } = setUp()
    await connect('a')
    assert.equal(fence.require(1), 'a')
    set({ number: 2, sessionStoreID: 'b' })
    await fence.renew()
    assert.equal(fence.tag('s', 'a'), null)
    assert.throws(() => fence.require(1), { code: 'unavailable' })
    assert.throws(() => fence.require(2), { code: 'unavailable' })
    assert.ok(fence.isOvertaken())
  })

  test('lets changes wait for longer than a lease once an epoch is new to it', async () => {
    const { fence, pass, connect } = setUp()
    await connect('a')
    assert.ok(fence.quarantineMs() > LEASE_MS)
    pass(fence.quarantineMs() - 1)
    await fence.renew()
    assert.equal(fence.quarantineMs(), 1)
  })

  test('goes by the last connection where an earlier one learns late that it is in force', async () => {
    const { fence, begun, set } = setUp()
    const first = fence.connected('a')
    const second = fence.connected('b')
    begun(1)
    await second
    begun(0)
    await first
    assert.equal(fence.sessionStoreID(), 'b')
    assert.ok(fence.isOvertaken(), 'so that it connects anew rather than taking b for a for ever')
    set({ number: 3, sessionStoreID: 'b' })
    await fence.renew()
    assert.equal(fence.require(3), 'b')
  })
})
