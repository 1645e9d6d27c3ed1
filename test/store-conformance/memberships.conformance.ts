import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INSTANCE_ID, type Membership } from '../../src/domain/records/membership.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened, plain } from './records.conformance.ts'

const [ADA, BOB, CLEO] = [idOf(0xa1), idOf(0xb1), idOf(0xc1)]

function membership(userID: typeof ADA, number: number, fields: Partial<Membership> = {}): Membership {
  return { userID, resourceType: 'orgs', resourceID: idOf(number), role: 'member', ...fields }
}

export function describeMembershipStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { memberships } = await opened(t, open)
    assert.deepEqual(await memberships.ofUser(ADA), [])
    assert.deepEqual(await memberships.ofResource(idOf(1)), [])
    assert.equal(await memberships.remove(idOf(1), ADA), false)
    await memberships.removeOfResource(idOf(1))
    await memberships.removeOfUser(ADA)
  })

  test('a user belongs to a resource once, in either role', async (t) => {
    const { memberships } = await opened(t, open)
    const first = membership(ADA, 1)
    assert.equal(await memberships.add(first), true)
    assert.equal(await memberships.add(first), false)
    assert.equal(await memberships.add(membership(ADA, 1, { role: 'owner' })), false)
    assert.deepEqual(plain(await memberships.ofUser(ADA)), [first])
    assert.equal(await memberships.add(membership(BOB, 1, { role: 'owner' })), true)
  })

  test('one of two concurrent additions of the same membership succeeds', async (t) => {
    const { memberships } = await opened(t, open)
    const roles = ['member', 'owner'] as const
    const added = await Promise.all(roles.map((role) => memberships.add(membership(ADA, 1, { role }))))
    assert.deepEqual(added.toSorted(), [false, true])
    assert.equal((await memberships.ofUser(ADA)).length, 1)
  })

  test('those of a user are in the order of addition, whatever the ids; one removed and added again is last', async (t) => {
    const { memberships } = await opened(t, open)
    const added = [
      membership(ADA, 9),
      membership(ADA, 3, { resourceType: 'buckets', role: 'owner' }),
      membership(ADA, 1, { resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' }),
      membership(ADA, 5),
    ] as const
    for (const each of added) {
      await memberships.add(each)
      await memberships.add({ ...each, userID: BOB })
    }
    assert.deepEqual(plain(await memberships.ofUser(ADA)), added)
    assert.equal(await memberships.remove(idOf(9), ADA), true)
    assert.equal(await memberships.add(added[0]), true)
    assert.deepEqual(plain(await memberships.ofUser(ADA)), [...added.slice(1), added[0]])
    assert.deepEqual(
      plain(await memberships.ofUser(BOB)),
      added.map((each) => ({ ...each, userID: BOB })),
    )
  })

  test('those of a resource are ordered by user id', async (t) => {
    const { memberships } = await opened(t, open)
    await memberships.add(membership(ADA, 2))
    for (const userID of [BOB, CLEO, ADA]) await memberships.add(membership(userID, 1))
    const expected = [ADA, BOB, CLEO].map((userID) => membership(userID, 1))
    assert.deepEqual(plain(await memberships.ofResource(idOf(1))), expected)
  })

  test('those of many resources are counted; one without members is absent', async (t) => {
    const { memberships } = await opened(t, open)
    for (const userID of [BOB, CLEO, ADA]) await memberships.add(membership(userID, 1))
    await memberships.add(membership(ADA, 2))
    const counts = await memberships.countByResource([idOf(1), idOf(2), idOf(3)])
    assert.deepEqual([...counts].toSorted(), [
      [idOf(1), 3],
      [idOf(2), 1],
    ])
    assert.equal((await memberships.countByResource([])).size, 0)
  })

  test('removing one, all of a resource or all of a user keeps the others', async (t) => {
    const { memberships } = await opened(t, open)
    for (const number of [1, 2, 3]) {
      for (const userID of [ADA, BOB, CLEO]) await memberships.add(membership(userID, number))
    }
    const left = async () => {
      const all = await Promise.all([ADA, BOB, CLEO].map((userID) => memberships.ofUser(userID)))
      return all.map((held) => held.map(({ resourceID }) => Number(resourceID)))
    }
    assert.equal(await memberships.remove(idOf(1), ADA), true)
    assert.equal(await memberships.remove(idOf(1), ADA), false)
    assert.deepEqual(await left(), [
      [2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ])
    await memberships.removeOfResource(idOf(2))
    assert.deepEqual(await left(), [[3], [1, 3], [1, 3]])
    await memberships.removeOfUser(BOB)
    assert.deepEqual(await left(), [[3], [], [1, 3]])
  })
}
