import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OneTimeLink } from '../../src/domain/records/one-time-link.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened } from './records.conformance.ts'

const [ADA, BOB, ORG, OTHER] = [idOf(0xa1), idOf(0xb1), idOf(0xc1), idOf(0xc2)]
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

const invitation = (id: number, more: Partial<OneTimeLink> = {}): OneTimeLink => ({
  ...{
    id: idOf(id),
    hash: `hash ${id}`,
    purpose: 'invitation',
    userID: undefined,
    orgID: ORG,
    role: 'member',
  },
  ...{ name: 'kim', address: 'kim@example.com', createdBy: ADA, createdAt: AT, expiresAt: AT + 1000 },
  ...more,
})
const ofUser = (id: number, more: Partial<OneTimeLink> = {}): OneTimeLink => ({
  ...invitation(id, { purpose: 'reset', userID: BOB, orgID: undefined, role: undefined, name: undefined }),
  ...more,
})

export function describeOneTimeLinkStore(open: OpenIdentityStore): void {
  test('links come back as they were added, and invitations by organization, oldest first', async (t) => {
    const { oneTimeLinks } = await opened(t, open)
    const second = invitation(2, { name: undefined, address: undefined, role: 'owner' })
    const reset = ofUser(3, { createdBy: undefined })
    for (const each of [reset, second, invitation(1), invitation(4, { orgID: OTHER })]) {
      await oneTimeLinks.add(each)
    }
    assert.deepEqual(await oneTimeLinks.byHash('hash 3'), reset)
    assert.equal(await oneTimeLinks.byHash('hash'), undefined)
    assert.deepEqual(await oneTimeLinks.invitationsTo(ORG), [invitation(1), second])
  })

  test('a link is taken once, by one of many at the same time', async (t) => {
    const { oneTimeLinks } = await opened(t, open)
    await oneTimeLinks.add(ofUser(1))
    const taken = await Promise.all([1, 2, 3].map(() => oneTimeLinks.take(idOf(1))))
    assert.deepEqual(taken.filter(Boolean), [true])
    assert.equal(await oneTimeLinks.byHash('hash 1'), undefined)
  })

  test('links go with their user, by purpose or all, and with their organization', async (t) => {
    const { oneTimeLinks } = await opened(t, open)
    for (const each of [ofUser(1), ofUser(2, { purpose: 'email' }), invitation(3)])
      await oneTimeLinks.add(each)
    const left = async () => {
      const found = await Promise.all([1, 2, 3].map((id) => oneTimeLinks.byHash(`hash ${id}`)))
      return found.map((each) => each !== undefined)
    }
    await oneTimeLinks.removeOfUser(ADA)
    assert.deepEqual(await left(), [true, true, true])
    await oneTimeLinks.removeOfUser(BOB, 'reset')
    assert.deepEqual(await left(), [false, true, true])
    await oneTimeLinks.removeOfUser(BOB)
    assert.deepEqual(await left(), [false, false, true])
    await oneTimeLinks.removeOfOrganization(OTHER)
    assert.deepEqual(await left(), [false, false, true])
    await oneTimeLinks.removeOfOrganization(ORG)
    assert.deepEqual(await left(), [false, false, false])
  })

  test('ids of users and organizations are replaced wherever they stand', async (t) => {
    const { oneTimeLinks } = await opened(t, open)
    await oneTimeLinks.add(ofUser(1, { createdBy: BOB }))
    await oneTimeLinks.add(invitation(2))
    await oneTimeLinks.reassign(BOB, ADA)
    await oneTimeLinks.reassign(ORG, OTHER)
    assert.deepEqual(await oneTimeLinks.byHash('hash 1'), ofUser(1, { createdBy: ADA, userID: ADA }))
    assert.deepEqual(await oneTimeLinks.invitationsTo(OTHER), [invitation(2, { orgID: OTHER })])
  })

  test('expired links are removed', async (t) => {
    const { oneTimeLinks } = await opened(t, open)
    await oneTimeLinks.add(ofUser(1))
    await oneTimeLinks.removeExpired(AT + 999)
    assert.ok(await oneTimeLinks.byHash('hash 1'))
    await oneTimeLinks.removeExpired(AT + 1000)
    assert.equal(await oneTimeLinks.byHash('hash 1'), undefined)
  })
}

export function describeUserEmailStore(open: OpenIdentityStore): void {
  const verified = (userID: typeof ADA, address: string) => ({
    ...{ userID, address, verifiedAt: AT, pending: undefined },
  })
  test('an address is set, replaced and removed', async (t) => {
    const { userEmails } = await opened(t, open)
    assert.equal(await userEmails.of(ADA), undefined)
    const first = { userID: ADA, address: undefined, verifiedAt: undefined, pending: 'ada@example.com' }
    await userEmails.set(first)
    assert.deepEqual(await userEmails.of(ADA), first)
    const second = { ...verified(ADA, 'Ada@example.com'), pending: 'ada@example.org' }
    await userEmails.set(second)
    assert.deepEqual(await userEmails.of(ADA), second)
    await userEmails.reassign(ADA, BOB)
    assert.deepEqual(
      [await userEmails.of(ADA), (await userEmails.of(BOB))?.address],
      [undefined, 'Ada@example.com'],
    )
    assert.deepEqual([await userEmails.remove(BOB), await userEmails.remove(BOB)], [true, false])
  })

  test('users are found by a verified address in any case, and not by one that is pending', async (t) => {
    const { userEmails } = await opened(t, open)
    await userEmails.set(verified(BOB, 'Both@Example.com'))
    await userEmails.set({ ...verified(ADA, 'both@example.com'), pending: 'ada@example.org' })
    const found = await userEmails.withAddress('BOTH@example.com', 5)
    assert.deepEqual(
      found.map(({ userID }) => userID),
      [ADA, BOB],
    )
    assert.equal((await userEmails.withAddress('both@example.com', 1)).length, 1)
    assert.deepEqual(await userEmails.withAddress('ada@example.org', 5), [])
  })
}
