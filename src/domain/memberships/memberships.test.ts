import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY } from '../../../test/support/world.ts'
import { permission } from '../records/permission.ts'

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const { orgID, caller: admin } = operator
  const { id: bucketID } = await world.buckets.create(admin, { orgID, name: 'points' })
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('bob')]
  const places = [
    { type: 'orgs', id: orgID },
    { type: 'buckets', id: bucketID },
  ] as const
  return { ...world, operator, admin, orgID, ada, bob, places }
}

suite('memberships', () => {
  test('a caller who may not read a resource gets not found', async () => {
    const { memberships, asUser, ada, places } = await setUp()
    const { principal } = await asUser(ada)
    for (const place of places) {
      await refused(() => memberships.list(principal, place, 'member'), 'not found', 'not found')
    }
  })

  test('a caller without write permission, even a member, cannot change the members', async () => {
    const { memberships, admin, asUser, ada, bob, orgID, places } = await setUp()
    const [orgs, buckets] = places
    await memberships.add(admin, orgs, 'member', ada)
    const member = await asUser(ada)
    const orgRefusal = `write:orgs/${orgID}/orgs/${orgID} is unauthorized`
    const bucketRefusal = `write:orgs/${orgID}/buckets/${buckets.id} is unauthorized`
    await refused(() => memberships.add(member, orgs, 'owner', bob), 'unauthorized', orgRefusal)
    await refused(() => memberships.remove(member, orgs, ada), 'unauthorized', orgRefusal)
    await refused(() => memberships.add(member, buckets, 'member', ada), 'unauthorized', bucketRefusal)
  })

  test('a missing resource or user is not found', async () => {
    const { memberships, admin, ada, places } = await setUp()
    for (const { type } of places) {
      const gone = { type, id: NOBODY } as const
      const message = '404 page not found'
      await refused(() => memberships.list(admin.principal, gone, 'member'), 'not found', message)
      await refused(() => memberships.add(admin, gone, 'member', ada), 'not found', message)
    }
    for (const place of places) {
      await refused(() => memberships.add(admin, place, 'member', NOBODY), 'not found', 'user not found')
    }
  })

  test('a user belongs to a resource once, in one role, and is removed in either role', async () => {
    const { memberships, admin, ada, places } = await setUp()
    for (const place of places) {
      const names = async (role: 'member' | 'owner') =>
        (await memberships.list(admin.principal, place, role)).map(({ name }) => name)
      await memberships.add(admin, place, 'member', ada)
      for (const role of ['member', 'owner'] as const) {
        const message = `user ${ada} belongs to it already; change the role, or remove the user first`
        await refused(() => memberships.add(admin, place, role, ada), 'conflict', message)
      }
      assert.deepEqual(await names('member'), ['ada'])
      await memberships.remove(admin, place, ada)
      await memberships.remove(admin, place, ada)
      assert.deepEqual(await names('member'), [])
      await memberships.add(admin, place, 'owner', ada)
      assert.ok((await names('owner')).includes('ada'))
    }
  })

  test("a role changes atomically, also for an owner's own role; the same role is no change", async () => {
    const { memberships, store, admin, ada, bob, asUser, places, orgID, audited } = await setUp()
    for (const place of places) {
      const roleOf = async (userID: typeof ada) =>
        (await store.memberships.ofUser(userID)).find(({ resourceID }) => resourceID === place.id)?.role
      const missing = `user ${ada} does not belong to it; add the user first`
      await refused(() => memberships.changeRole(admin, place, 'owner', ada), 'not found', missing)
      await memberships.add(admin, place, 'owner', ada)
      await memberships.add(admin, place, 'member', bob)
      if (place.type === 'orgs') {
        await refused(
          async () => memberships.changeRole(await asUser(bob), place, 'owner', bob),
          'unauthorized',
          `write:orgs/${orgID}/orgs/${orgID} is unauthorized`,
        )
      }
      await memberships.changeRole(await asUser(ada), place, 'owner', bob)
      await memberships.changeRole(await asUser(ada), place, 'owner', bob)
      assert.deepEqual([await roleOf(ada), await roleOf(bob)], ['owner', 'owner'])
      const { name } = await memberships.changeRole(await asUser(ada), place, 'member', ada)
      assert.deepEqual([name, await roleOf(ada)], ['ada', 'member'])
      await refused(
        async () => memberships.changeRole(await asUser(ada), place, 'owner', ada),
        'unauthorized',
      )
    }
    const events = (await audited({ userID: bob })).filter(({ target }) => target.type !== 'user')
    const each = ['member.add', 'member.remove', 'owner.add']
    assert.deepEqual(
      events.map(({ event }) => event),
      [...each, ...each],
    )
  })

  test('joining and leaving are found under the user concerned, with the role', async () => {
    const { memberships, admin, ada, places, audited } = await setUp()
    for (const place of places) {
      for (const role of ['member', 'owner'] as const) {
        await memberships.add(admin, place, role, ada)
        await memberships.remove(admin, place, ada)
      }
    }
    const events = (await audited({ userID: ada })).filter(({ target }) => target.type !== 'user')
    const each = ['member.add', 'member.remove', 'owner.add', 'owner.remove']
    assert.deepEqual(
      events.map(({ event }) => event),
      [...each, ...each],
    )
    assert.deepEqual(new Set(events.map(({ target }) => target.userID)), new Set([ada]))
  })

  test('members and owners are listed separately, by user id', async () => {
    const { memberships, operator, admin, ada, bob, places } = await setUp()
    const [orgs] = places
    for (const id of [bob, ada]) await memberships.add(admin, orgs, 'member', id)
    const ids = async (role: 'member' | 'owner') =>
      (await memberships.list(admin.principal, orgs, role)).map(({ id }) => id)
    assert.deepEqual([await ids('member'), await ids('owner')], [[ada, bob], [operator.userID]])
  })

  test('the last owner may leave too, and loses the permissions at once', async () => {
    const { memberships, store, addUser, admin, asUser, places, orgID } = await setUp()
    const [orgs] = places
    const cleo = await addUser('cleo')
    await memberships.add(admin, orgs, 'owner', cleo)
    await memberships.remove(await asUser(cleo), orgs, cleo)
    assert.deepEqual(await store.memberships.ofUser(cleo), [])
    const { principal } = await asUser(cleo)
    assert.ok(!principal.permissions.allows(permission('read', 'orgs', { id: orgID })))
  })

  test('a token for a bucket changes its members but not its owners, which takes a recent sign-in', async () => {
    const { memberships, admin, operator, ada, bob, orgID, places, addToken, asToken } = await setUp()
    const [, bucket] = places
    const resource = { type: 'buckets', id: bucket.id, orgID }
    const narrow = (['read', 'write'] as const).map((action) => ({ action, resource }))
    const token = async (more: typeof narrow = []) =>
      asToken((await addToken(admin, operator.userID, orgID, [...narrow, ...more])).token)
    const caller = await token()
    await memberships.add(caller, bucket, 'member', ada)
    await memberships.add(admin, bucket, 'owner', bob)
    const refusal = `write:orgs/${orgID}/orgs/${orgID} is unauthorized`
    for (const act of [
      () => memberships.changeRole(caller, bucket, 'owner', ada),
      () => memberships.changeRole(caller, bucket, 'member', bob),
      () => memberships.remove(caller, bucket, bob),
    ]) {
      await refused(act, 'unauthorized', refusal)
    }
    await memberships.remove(caller, bucket, ada)
    await refused(() => memberships.add(caller, bucket, 'owner', ada), 'unauthorized', refusal)
    const wide = await token([{ action: 'write', resource: { type: 'orgs', id: orgID, orgID } }])
    await memberships.add(wide, bucket, 'owner', ada)
  })
})
