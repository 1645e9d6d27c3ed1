import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeDeviceLogins } from '../../../test/store-conformance/device-logins.conformance.ts'
import { createMemoryDeviceLogins } from './device-logins.ts'

describeDeviceLogins('memory', {
  open: async (options) => [createMemoryDeviceLogins(options)],
  async pass(clock, ms) {
    clock.at += ms
  },
})

test('a flood fills a bounded memory, and is over once the first ones end', async () => {
  const clock = { at: 0 }
  const store = createMemoryDeviceLogins({ now: () => clock.at, limit: 3 })
  const add = (codeHash: string) => store.add({ codeHash, deviceHash: codeHash, asked: '' }, 1000)
  for (const code of ['a', 'b', 'c']) assert.equal(await add(code), true)
  await assert.rejects(add('d'), /too many/)
  clock.at = 1000
  assert.equal(await add('d'), true)
})
