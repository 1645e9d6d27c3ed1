import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Epoch } from '../records/epoch.ts'
import { createEpochLease } from './epoch-lease.ts'
import { LEASE_MS } from './fence.ts'

function setUp() {
  const state = {
    epoch: { number: 1, sessionStoreID: undefined } as Epoch,
    time: 1000,
    isAway: false,
    takes: 0,
  }
  const lease = createEpochLease({
    steady: () => state.time,
    epochs: {
      async read() {
        const read = state.epoch
        state.time += state.takes
        if (state.isAway) throw new Error('away')
        return read
      },
    },
  })
  return { state, lease }
}

test('nothing that is kept may be used before the epoch was read, nor longer than a lease after that began', async () => {
  const { state, lease } = setUp()
  assert.equal(lease.stamp(), null)
  state.takes = 500
  await lease.renew()
  assert.equal(lease.stamp(), '1')
  state.time += LEASE_MS - 501
  assert.equal(lease.stamp(), '1')
  state.time += 1
  assert.equal(lease.stamp(), null)
})

test('another epoch is another stamp, and one that cannot be read prolongs nothing', async () => {
  const { state, lease } = setUp()
  await lease.renew()
  state.epoch = { ...state.epoch, number: 2 }
  assert.equal(lease.stamp(), '1')
  await lease.renew()
  assert.equal(lease.stamp(), '2')
  state.isAway = true
  state.time += LEASE_MS
  await assert.rejects(lease.renew(), /away/)
  assert.equal(lease.stamp(), null)
})

test('a reading that was overtaken by a later one changes nothing', async () => {
  const { state, lease } = setUp()
  state.epoch = { ...state.epoch, number: 2 }
  await lease.renew()
  state.epoch = { ...state.epoch, number: 1 }
  await lease.renew()
  assert.equal(lease.stamp(), '2')
})
