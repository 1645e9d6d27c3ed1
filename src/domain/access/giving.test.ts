import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { callerWith, createWorld } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { ACTIONS, type Permission, permission } from '../records/permission.ts'
import { requireMembershipHeld, requireRightsOf } from './giving.ts'
import { membershipPermissions, operatorPermissions } from './grants.ts'
import { compilePermissions } from './permission-set.ts'
import type { Caller } from './principal.ts'

const both = (type: Permission['resource']['type'], scope: { id?: ID; orgID?: ID } = {}) =>
  ACTIONS.map((action) => permission(action, type, scope))

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const { orgID, caller: admin } = operator
  const { id: bucketID } = await world.buckets.create(admin, { orgID, name: 'points' })
  return { ...world, operator, admin, orgID, bucketID, ada: await world.addUser('ada') }
}

const ending = (caller: Caller): Caller => ({
  ...caller,
  principal: { ...caller.principal, lasting: compilePermissions([]), endsAt: Date.UTC(2030, 0, 1) },
})

suite('a membership', () => {
  test('of a bucket needs reading and writing it, by its id or in its organization', async () => {
    const { orgID, bucketID, ada } = await setUp()
    const membership = { userID: ada, resourceType: 'buckets', resourceID: bucketID, role: 'owner' } as const
    const give = (held: Permission[]) => () =>
      requireMembershipHeld(callerWith(compilePermissions(held)), membership, orgID)
    const other = '00000000000000aa' as ID
    for (const held of [
      [permission('write', 'buckets', { id: bucketID })],
      [permission('write', 'buckets', { orgID })],
      both('buckets', { orgID: other }),
      [],
    ]) {
      await refused(give(held), 'forbidden', /which you do not have yourself/)
    }
    for (const held of [both('buckets', { id: bucketID }), both('buckets', { orgID }), both('buckets')]) {
      assert.doesNotThrow(give(held))
    }
  })

  test('of an organization needs all that the role grants', async () => {
    const { orgID, ada } = await setUp()
    const membership = { userID: ada, resourceType: 'orgs', resourceID: orgID, role: 'owner' } as const
    const all = membershipPermissions(membership)
    const give = (role: 'owner' | 'member', held: readonly Permission[]) => () =>
      requireMembershipHeld(callerWith(compilePermissions(held)), { ...membership, role }, orgID)
    assert.doesNotThrow(give('owner', all))
    for (const missing of all) {
      const rest = all.filter((each) => each !== missing)
      await refused(give('owner', rest), 'forbidden')
    }
    const reads = all.filter(({ action }) => action === 'read')
    assert.doesNotThrow(give('member', reads))
    await refused(give('owner', reads), 'forbidden')
  })

  test('has no end, so a token that has one cannot give it', async () => {
    const { memberships, admin, orgID, ada } = await setUp()
    const orgs = { type: 'orgs', id: orgID } as const
    await refused(() => memberships.add(ending(admin), orgs, 'member', ada), 'forbidden', /do not expire/)
    await memberships.add(admin, orgs, 'member', ada)
    await refused(() => memberships.changeRole(ending(admin), orgs, 'owner', ada), 'forbidden')
    await memberships.remove(ending(admin), orgs, ada)
  })
})

suite('the rights of a user', () => {
  const at = Date.UTC(2026, 1, 1)

  test('are itself, memberships and active tokens; each must be held', async () => {
    const { store, admin, orgID, bucketID, ada, memberships, addToken } = await setUp()
    await memberships.add(admin, { type: 'buckets', id: bucketID }, 'member', ada)
    await addToken(admin, ada, orgID, both('tasks', { orgID }))
    const all = [
      ...both('users', { id: ada }),
      permission('read', 'buckets', { id: bucketID }),
      ...both('tasks', { orgID }),
    ]
    const act = (held: Permission[]) => requireRightsOf(callerWith(compilePermissions(held)), ada, store, at)
    await act(all)
    for (const missing of all) {
      await refused(() => act(all.filter((each) => each !== missing)), 'forbidden', /do not have yourself/)
    }
  })

  test('are no more than that for an operator, however it became one', async () => {
    const { store, operator } = await setUp()
    const instance = callerWith(compilePermissions(both('instance')))
    await requireRightsOf(instance, operator.userID, store, at)
    // Writing users and tokens alone makes no operator: it would be all that the operator may do.
    const keeper = callerWith(compilePermissions([...both('users'), ...both('authorizations')]))
    await refused(() => requireRightsOf(keeper, operator.userID, store, at), 'forbidden')
    await refused(() => requireRightsOf(ending(instance), operator.userID, store, at), 'forbidden')
  })
})

suite('a password', () => {
  const NEW = 'another horse 2'
  const set = { mustChange: false }

  test('is not set by a narrow token of the user itself, which would become all of it', async () => {
    const { passwords, admin, operator, orgID, addToken, asToken } = await setUp()
    const self = both('users', { id: operator.userID })
    const { token } = await addToken(admin, operator.userID, orgID, self)
    const narrow = await asToken(token)
    await refused(() => passwords.set(narrow, operator.userID, NEW, set), 'forbidden')
  })

  test('is not set by who may write the user but has fewer rights', async () => {
    const { passwords, memberships, admin, orgID, ada, addToken, asToken } = await setUp()
    const { token } = await addToken(admin, ada, orgID, both('users'))
    const keeper = await asToken(token)
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'member', ada)
    await refused(() => passwords.set(keeper, ada, NEW, set), 'forbidden', /this would give rights/)
    await memberships.remove(admin, { type: 'orgs', id: orgID }, ada)
    await passwords.set(keeper, ada, NEW, set)
  })

  test('is not set by a token that ends, also that of an operator', async () => {
    const { passwords, admin, operator, ada } = await setUp()
    for (const userID of [operator.userID, ada]) {
      await refused(() => passwords.set(ending(admin), userID, NEW, set), 'forbidden', /do not expire/)
    }
  })
})

suite('activating', () => {
  test('a user needs all that the user may do', async () => {
    const { users, memberships, admin, orgID, ada } = await setUp()
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'owner', ada)
    await users.update(admin, ada, { status: 'inactive' })
    const keeper = callerWith(compilePermissions(both('users')))
    await refused(() => users.update(keeper, ada, { status: 'active' }), 'forbidden')
    assert.equal((await users.update(keeper, ada, { name: 'renamed' })).status, 'inactive')
    assert.equal((await users.update(admin, ada, { status: 'active' })).status, 'active')
  })

  test('a token needs every permission of it; switching it off needs none of them', async () => {
    const { authorizations, admin, orgID, ada, addToken } = await setUp()
    const { id } = await addToken(admin, ada, orgID, both('buckets', { orgID }))
    const held = [...both('authorizations', { orgID }), ...both('users', { id: ada })]
    const keeper = callerWith(compilePermissions(held))
    await authorizations.update(keeper, id, { status: 'inactive' })
    await refused(() => authorizations.update(keeper, id, { status: 'active' }), 'forbidden')
    const holder = callerWith(compilePermissions([...held, ...both('buckets', { orgID })]))
    await refused(
      () => authorizations.update(ending(holder), id, { status: 'active' }),
      'forbidden',
      /outlive/,
    )
    const { authorization } = await authorizations.update(holder, id, { status: 'active' })
    assert.equal(authorization.status, 'active')
  })
})

suite('rights that end', () => {
  /** Ada's rights on the bucket come from a token that expires; the rest of her rights last. */
  async function setUpExpiring() {
    const world = await setUp()
    const { authorizations, organizations, admin, orgID, bucketID, ada, asUser } = world
    const expiresAt = new Date(world.clock.at + 3600_000).toISOString()
    const permissions = both('buckets', { id: bucketID })
    const made = await authorizations.create(admin, { orgID, userID: ada, permissions, expiresAt })
    const { id: own } = await organizations.create(admin, { name: 'of ada' })
    await world.memberships.add(admin, { type: 'orgs', id: own }, 'owner', ada)
    return { ...world, own, expiresAt, permissions, made, asAda: await asUser(ada) }
  }

  test('are not given away by the session that inherits them from a token', async () => {
    const { memberships, asAda, ada, bucketID, addUser } = await setUpExpiring()
    const bucket = { type: 'buckets', id: bucketID } as const
    for (const userID of [await addUser('mal'), ada]) {
      await refused(() => memberships.add(asAda, bucket, 'owner', userID), 'forbidden', /do not expire/)
    }
  })

  test('end with any token that the session makes of them', async () => {
    const { authorizations, asAda, own, permissions, expiresAt } = await setUpExpiring()
    const { details } = await authorizations.create(asAda, { orgID: own, permissions })
    assert.equal(details.authorization.expiresAt, expiresAt)
    const later = { orgID: own, permissions, expiresAt: '2030-01-01T00:00:00Z' }
    await refused(() => authorizations.create(asAda, later), 'forbidden', /outlive/)
    const lasting = await authorizations.create(asAda, {
      orgID: own,
      permissions: both('buckets', { orgID: own }),
    })
    assert.equal(lasting.details.authorization.expiresAt, undefined)
  })

  test('create no organization, whose ownership would last', async () => {
    const { authorizations, organizations, admin, orgID, ada, asToken, clock } = await setUpExpiring()
    const expiresAt = new Date(clock.at + 60_000).toISOString()
    const permissions = [permission('write', 'orgs')]
    const { token } = await authorizations.create(admin, { orgID, userID: ada, permissions, expiresAt })
    const caller = await asToken(token)
    await refused(() => organizations.create(caller, { name: 'new' }), 'forbidden', /do not expire/)
  })
})

test('writing alone makes nobody an operator whose passwords may be set: it would give reading too', async () => {
  const { passwords, operator } = await setUp()
  for (const held of [
    operatorPermissions().filter(({ action }) => action === 'write'),
    [permission('write', 'instance')],
  ]) {
    const writer = callerWith(compilePermissions(held))
    await refused(
      () => passwords.set(writer, operator.userID, 'another horse 2', { mustChange: false }),
      'forbidden',
    )
  }
})
