import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenIdentityStore } from './identity-store.ts'
import { opened } from './records.conformance.ts'

export function describeClockMarkStore(open: OpenIdentityStore): void {
  test('is undefined before the first set, and then the last value set', async (t) => {
    const { clockMark } = await opened(t, open)
    assert.equal(await clockMark.get(), undefined)
    for (const at of [Date.UTC(2026, 0, 2, 3, 4, 5, 678), Date.UTC(2030, 0), 0]) {
      await clockMark.set(at)
      assert.equal(await clockMark.get(), at)
    }
  })
}
