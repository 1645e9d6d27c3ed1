import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, START } from '../../../test/support/world.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import { ACTIONS, permission } from '../records/permission.ts'

const LAST = /^this is the last active operator/
const RUNNING = ACTIONS.map((action) => permission(action, 'instance'))

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const bob = await world.addUser('bob')
  return { ...world, operator, admin: operator.caller, orgID: operator.orgID, bob }
}

/** Bob runs the instance by a token alone, after the only owner of the instance lost that membership. */
async function setUpTokenOperator() {
  const world = await setUp()
  const { id } = await world.addToken(world.admin, world.bob, world.orgID, RUNNING)
  await world.store.memberships.remove(INSTANCE_ID, world.operator.userID)
  world.principals.forgetAll()
  return { ...world, id, asBob: await world.asUser(world.bob) }
}

suite('the last active operator', () => {
  test('is neither deleted nor deactivated, by itself or by another operator’s token', async () => {
    const { users, operator, admin, addToken, asToken, orgID, bob } = await setUp()
    // Bob's token works once, as that of an operator who is deactivated afterwards.
    const { token } = await addToken(admin, bob, orgID, RUNNING)
    const byBob = await asToken(token)
    await users.update(admin, bob, { status: 'inactive' })
    for (const caller of [admin, byBob]) {
      await refused(() => users.remove(caller, operator.userID), 'conflict', LAST)
      await refused(() => users.update(caller, operator.userID, { status: 'inactive' }), 'conflict', LAST)
    }
    assert.equal((await users.get(admin.principal, operator.userID)).status, 'active')
  })

  test('goes once there is another one', async () => {
    const { users, operator, admin, addToken, orgID, bob, asUser } = await setUp()
    await addToken(admin, bob, orgID, RUNNING)
    await users.update(admin, operator.userID, { status: 'inactive' })
    await users.update(await asUser(bob), operator.userID, { status: 'active' })
    await users.remove(admin, operator.userID)
    await refused(async () => users.remove(await asUser(bob), bob), 'conflict', LAST)
  })

  test('does not count as replaced by an operator whose token ends', async () => {
    const { users, authorizations, operator, admin, orgID, bob } = await setUp()
    const expiresAt = new Date(START + 3600_000).toISOString()
    await authorizations.create(admin, { orgID, userID: bob, permissions: RUNNING, expiresAt })
    await refused(() => users.remove(admin, operator.userID), 'conflict', LAST)
  })

  test('does not count as replaced by a user who may write everything and read nothing', async () => {
    const { users, operator, admin, addToken, orgID, bob } = await setUp()
    await addToken(admin, bob, orgID, [permission('write', 'instance')])
    await refused(() => users.remove(admin, operator.userID), 'conflict', LAST)
  })

  test('by a token alone keeps that token', async () => {
    const { authorizations, organizations, users, id, bob, asBob, orgID, store } = await setUpTokenOperator()
    await refused(() => authorizations.remove(asBob, id), 'conflict', LAST)
    await refused(() => authorizations.update(asBob, id, { status: 'inactive' }), 'conflict', LAST)
    const expiresAt = new Date(START + 3600_000).toISOString()
    await refused(() => authorizations.update(asBob, id, { expiresAt }), 'conflict', LAST)
    await refused(() => organizations.remove(asBob, orgID), 'conflict', LAST)
    await refused(() => users.remove(asBob, bob), 'conflict', LAST)
    assert.equal((await store.authorizations.byID(id))?.status, 'active')
    assert.ok(await store.organizations.byID(orgID))
  })

  test('counts only if it can act: by a session, which needs a password, or by one token', async () => {
    const { users, authorizations, store, admin, operator, addToken, orgID, bob } = await setUp()
    const { id } = await addToken(admin, bob, orgID, RUNNING)
    await store.passwords.remove(operator.userID)
    await refused(() => authorizations.update(admin, id, { status: 'inactive' }), 'conflict', LAST)
    await refused(() => users.remove(admin, bob), 'conflict', LAST)
  })

  test('is not demoted by way of an organization with the id of the instance', async () => {
    const { memberships, store, admin, operator } = await setUp()
    await memberships.remove(admin, { type: 'orgs', id: INSTANCE_ID }, operator.userID)
    const held = await store.memberships.ofUser(operator.userID)
    assert.ok(held.some(({ resourceType, role }) => resourceType === 'instance' && role === 'owner'))
  })
})

test('who is no operator goes as before', async () => {
  const { users, admin, bob } = await setUp()
  await users.update(admin, bob, { status: 'inactive' })
  await users.remove(admin, bob)
})
