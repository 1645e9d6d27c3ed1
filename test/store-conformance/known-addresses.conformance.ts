import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened } from './records.conformance.ts'

const [ADA, BOB] = [idOf(0xa1), idOf(0xb1)]
const [HOME, WORK] = ['192.0.2.1', '2001:db8::']
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

export function describeKnownAddressStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { knownAddresses } = await opened(t, open)
    assert.equal(await knownAddresses.isKnown(ADA, HOME, 0), false)
    await knownAddresses.removeOfUser(ADA)
    await knownAddresses.removeBefore(AT)
  })

  test('an address is known for its user only, since its last use', async (t) => {
    const { knownAddresses } = await opened(t, open)
    await knownAddresses.note(ADA, HOME, AT)
    assert.equal(await knownAddresses.isKnown(ADA, HOME, AT), true)
    assert.equal(await knownAddresses.isKnown(ADA, HOME, AT + 1), false)
    assert.equal(await knownAddresses.isKnown(BOB, HOME, 0), false)
    assert.equal(await knownAddresses.isKnown(ADA, WORK, 0), false)
    assert.equal(await knownAddresses.isKnown(ADA, '%', 0), false)
    await knownAddresses.note(ADA, HOME, AT + 10)
    assert.equal(await knownAddresses.isKnown(ADA, HOME, AT + 10), true)
  })

  test('those of a user are removed, others stay', async (t) => {
    const { knownAddresses } = await opened(t, open)
    for (const address of [HOME, WORK]) await knownAddresses.note(ADA, address, AT)
    await knownAddresses.note(BOB, HOME, AT)
    await knownAddresses.removeOfUser(ADA)
    for (const address of [HOME, WORK]) assert.equal(await knownAddresses.isKnown(ADA, address, 0), false)
    assert.equal(await knownAddresses.isKnown(BOB, HOME, 0), true)
  })

  test('those before a time are removed, but not at exactly that time', async (t) => {
    const { knownAddresses } = await opened(t, open)
    await knownAddresses.note(ADA, HOME, AT - 1)
    await knownAddresses.note(ADA, WORK, AT)
    await knownAddresses.removeBefore(AT)
    assert.equal(await knownAddresses.isKnown(ADA, HOME, 0), false)
    assert.equal(await knownAddresses.isKnown(ADA, WORK, 0), true)
  })
}
