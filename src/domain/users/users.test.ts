import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY } from '../../../test/support/world.ts'
import { formatPermission, permission } from '../records/permission.ts'

const PAGE = { limit: 20, offset: 0, descending: false }

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const plain = await world.asUser(userID)
  return { ...world, operator, admin: operator.caller, userID, plain }
}

suite('users', () => {
  test('a caller without permission to write users can only change themselves', async () => {
    const { users, operator, plain, userID } = await setUp()
    const other = operator.userID
    const refusal = `write:users/${other} is unauthorized`
    await refused(() => users.create(plain, { name: 'bob' }), 'unauthorized', 'write:users is unauthorized')
    await refused(() => users.update(plain, other, { name: 'x' }), 'unauthorized', refusal)
    await refused(() => users.remove(plain, other), 'unauthorized', refusal)
    await refused(() => users.get(plain.principal, other), 'unauthorized')
    await refused(() => users.permissionsOf(plain.principal, other), 'unauthorized')
    assert.equal((await users.update(plain, userID, { name: 'Ada' })).name, 'Ada')
  })

  test('a name is required and unique; a blank one is accepted', async () => {
    const { users, admin, userID } = await setUp()
    for (const input of [{}, { name: '' }]) {
      await refused(() => users.create(admin, input), 'empty value', 'a user needs a name')
    }
    const taken = 'user with name operator already exists'
    await refused(() => users.create(admin, { name: 'operator' }), 'conflict', taken)
    await refused(() => users.update(admin, userID, { name: 'operator' }), 'conflict', taken)
    await refused(() => users.update(admin, userID, { name: '' }), 'empty value')
    for (const name of [' ', 'a\nb', 'OPERATOR'])
      assert.equal((await users.create(admin, { name })).name, name)
  })

  test('a status is active or inactive', async () => {
    const { users, admin, userID } = await setUp()
    const message = 'invalid status: must be active or inactive'
    await refused(() => users.create(admin, { name: 'bob', status: 'asleep' }), 'invalid', message)
    await refused(() => users.update(admin, userID, { status: '' }), 'invalid', message)
    assert.equal((await users.create(admin, { name: 'bob', status: 'inactive' })).status, 'inactive')
  })

  test('a missing one is not found', async () => {
    const { users, admin } = await setUp()
    for (const work of [
      () => users.get(admin.principal, NOBODY),
      () => users.update(admin, NOBODY, {}),
      () => users.remove(admin, NOBODY),
      () => users.list(admin.principal, { id: NOBODY }, PAGE),
      () => users.list(admin.principal, { name: 'nobody' }, PAGE),
    ]) {
      await refused(work, 'not found', 'user not found')
    }
  })

  test('a list leaves out unreadable users and is ordered by id', async () => {
    const { users, admin, plain, operator, userID } = await setUp()
    const { id: third } = await users.create(admin, { name: 'a first name' })
    const listed = async (caller: typeof admin, filter = {}) =>
      (await users.list(caller.principal, filter, PAGE)).map(({ id }) => id)
    assert.deepEqual(await listed(admin), [operator.userID, userID, third])
    assert.deepEqual(await listed(plain), [userID])
    // An unreadable user gets the same answer as a missing one.
    for (const filter of [{ name: 'operator' }, { name: 'none' }, { id: third }, { id: NOBODY }]) {
      await refused(() => listed(plain, filter), 'not found', 'user not found')
    }
    assert.deepEqual(await listed(plain, { name: 'ada' }), [userID])
    assert.deepEqual(await listed(admin, { id: third }), [third])
  })

  test('an update that changes nothing is not an event', async () => {
    const { users, admin, userID, lines } = await setUp()
    lines.length = 0
    await users.update(admin, userID, {})
    await users.update(admin, userID, { name: 'ada', status: 'active' })
    assert.deepEqual(lines, [])
  })

  test('deactivating one ends their sessions, and activation does not restore them', async () => {
    const { users, admin, userID, sessions, startSession, sessionStore } = await setUp()
    const { key } = await startSession(userID)
    await users.update(admin, userID, { name: 'Ada' })
    assert.equal(sessionStore.count(), 1)
    await users.update(admin, userID, { status: 'inactive' })
    assert.equal(sessionStore.count(), 0)
    await users.update(admin, userID, { status: 'active' })
    await refused(() => sessions.authenticate(key, false), 'unauthorized')
  })

  test('deleting one deletes their password, memberships, tokens and sessions', async () => {
    const world = await setUp()
    const { users, admin, operator, userID, store, sessionStore } = world
    await world.memberships.add(admin, { type: 'orgs', id: operator.orgID }, 'member', userID)
    await world.addToken(admin, userID, operator.orgID, [permission('read', 'buckets')])
    await world.passwords.set(admin, userID, 'correct horse', { mustChange: false })
    await world.startSession(userID)
    await users.remove(admin, userID)
    assert.equal(await store.users.byID(userID), undefined)
    assert.equal(await store.passwords.get(userID), undefined)
    assert.deepEqual(await store.memberships.ofUser(userID), [])
    assert.deepEqual(await store.authorizations.list({ userID }), [])
    assert.equal(sessionStore.count(), 0)
    assert.equal((await store.memberships.ofUser(operator.userID)).length, 2)
  })

  test('a new user with the name of a deleted one gets nothing of theirs', async () => {
    const { users, admin, userID, passwords, enter } = await setUp()
    await passwords.set(admin, userID, 'correct horse', { mustChange: false })
    await users.remove(admin, userID)
    await users.create(admin, { name: 'ada' })
    await refused(() => enter('ada', 'correct horse'), 'unauthorized')
  })

  test('permissions come from memberships and the own account, not from tokens', async () => {
    const { users, memberships, buckets, admin, operator, userID, addToken } = await setUp()
    const { orgID } = operator
    const { id: bucketID } = await buckets.create(admin, { orgID, name: 'b' })
    await memberships.add(admin, { type: 'buckets', id: bucketID }, 'member', userID)
    await addToken(admin, userID, orgID, [permission('read', 'tasks')])
    const found = await users.permissionsOf(admin.principal, userID)
    assert.deepEqual(found.map(formatPermission), [
      `read:buckets/${bucketID}`,
      `read:users/${userID}`,
      `write:users/${userID}`,
    ])
  })

  test('a caller confined to one organization sees only the memberships in it', async () => {
    const { users, memberships, organizations, admin, operator, userID, asUser } = await setUp()
    const { id: other } = await organizations.create(admin, { name: 'other' })
    for (const id of [operator.orgID, other]) {
      await memberships.add(admin, { type: 'orgs', id }, 'member', userID)
    }
    const { principal } = await asUser(userID, other)
    const written = (await users.permissionsOf(principal, userID)).map(formatPermission)
    assert.ok(written.includes(`read:orgs/${other}/buckets`))
    assert.ok(!written.some((each) => each.includes(operator.orgID)))
  })
})
