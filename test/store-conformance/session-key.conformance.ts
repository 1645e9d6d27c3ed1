import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenIdentityStore } from './identity-store.ts'
import { opened } from './records.conformance.ts'

export function describeSessionKeyStore(open: OpenIdentityStore): void {
  test('is created once, even for concurrent first readers, and stays', async (t) => {
    const { sessionKey } = await opened(t, open)
    const keys = await Promise.all(Array.from({ length: 5 }, () => sessionKey.get()))
    const [first = Buffer.alloc(0)] = keys
    assert.equal(first.length, 32)
    for (const each of [...keys, await sessionKey.get()])
      assert.deepEqual(Buffer.from(each), Buffer.from(first))
  })

  test('differs between stores', async (t) => {
    const one = await (await opened(t, open)).sessionKey.get()
    const other = await (await opened(t, open)).sessionKey.get()
    assert.notDeepEqual(Buffer.from(one), Buffer.from(other))
  })
}
