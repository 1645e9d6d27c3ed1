import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { callerWith, createWorld, NOBODY } from '../../../test/support/world.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { hashSecret, storedTokenHash } from '../base/secrets.ts'
import { type Permission, permission } from '../records/permission.ts'

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const { orgID, caller: admin } = operator
  const userID = await world.addUser('ada')
  const reading = permission('read', 'buckets', { orgID })
  const create = (caller: typeof admin, permissions: readonly Permission[], more = {}) =>
    world.authorizations.create(caller, { orgID, permissions, ...more })
  return { ...world, operator, orgID, admin, userID, reading, create }
}

suite('creating a token', () => {
  test('is refused if a field is missing or unknown', async () => {
    const { authorizations, admin, orgID, userID, reading } = await setUp()
    const permissions = [reading]
    const inputs = {
      'authorization must include permissions': { orgID },
      'org id required: invalid ID': { permissions },
      'invalid status: must be active or inactive': { orgID, permissions, status: 'asleep' },
    }
    for (const [message, input] of Object.entries(inputs)) {
      await refused(() => authorizations.create(admin, input), 'invalid', message)
    }
    for (const gone of [
      { orgID: NOBODY, userID },
      { orgID, userID: NOBODY },
    ]) {
      const message = 'unable to create token'
      const own = [permission('read', 'buckets', { orgID: gone.orgID })]
      await refused(() => authorizations.create(admin, { permissions: own, ...gone }), 'invalid', message)
    }
    assert.deepEqual(await authorizations.list(admin.principal, {}), [])
  })

  test('requires permission to write tokens in the organization and to write the owner', async () => {
    const { create, orgID, userID, reading } = await setUp()
    const held = [
      permission('write', 'authorizations', { orgID }),
      permission('write', 'users', { id: userID }),
    ]
    const [tokens, user] = held as [Permission, Permission]
    const asking = (permissions: Permission[]) =>
      create(callerWith(compilePermissions([reading, ...permissions])), [reading], { userID })
    await refused(() => asking([user]), 'unauthorized', `write:orgs/${orgID}/authorizations is unauthorized`)
    await refused(() => asking([tokens]), 'unauthorized', `write:users/${userID} is unauthorized`)
    await asking([tokens, user])
  })

  test('grants no permission that the caller does not hold', async () => {
    const { create, orgID, userID, reading, admin, addToken, asToken } = await setUp()
    const few = [
      permission('write', 'authorizations', { orgID }),
      permission('write', 'users', { id: userID }),
      reading,
    ]
    const { token } = await addToken(admin, userID, orgID, few)
    const caller = await asToken(token)
    for (const wanted of [
      permission('write', 'buckets', { orgID }),
      permission('read', 'buckets'),
      permission('read', 'buckets', { orgID: NOBODY }),
      permission('read', 'tasks', { orgID }),
      permission('read', 'instance'),
      // An id covers that resource in any organization, so it must lie in the organization named with it.
      permission('read', 'buckets', { orgID, id: NOBODY }),
    ]) {
      await refused(() => create(caller, [reading, wanted]), 'forbidden', /^permission .* is not allowed: /)
    }
  })

  test('an organization owner cannot grant permissions on users', async () => {
    const { create, memberships, admin, orgID, operator, userID, asUser } = await setUp()
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'owner', userID)
    const owner = await asUser(userID)
    // Naming the caller's organization beside the id changes nothing, because users belong to no organization.
    for (const scope of [{ id: operator.userID }, { id: operator.userID, orgID }]) {
      const wanted = permission('write', 'users', scope)
      await refused(() => create(owner, [wanted]), 'forbidden')
    }
  })

  test('shows the token once; only its hash is stored', async () => {
    const { create, admin, store, orgID, operator, reading, authorizations } = await setUp()
    const { token, details } = await create(admin, [reading], { description: 'd', status: 'inactive' })
    assert.match(token, /^[A-Za-z0-9_-]{86}==$/)
    const kept = await store.authorizations.byID(details.authorization.id)
    assert.equal(kept?.hashedToken, storedTokenHash(hashSecret(token)))
    assert.ok(!JSON.stringify(kept).includes(token))
    const { authorization } = await authorizations.get(admin.principal, details.authorization.id)
    assert.deepEqual(
      [authorization.userID, authorization.orgID, authorization.status, authorization.description],
      [operator.userID, orgID, 'inactive', 'd'],
    )
  })
})

suite('existing tokens', () => {
  test('reading or updating one requires the same permission on the token and on its owner', async () => {
    const { authorizations, addToken, admin, orgID, userID, reading } = await setUp()
    const { id } = await addToken(admin, userID, orgID, [reading])
    const tokens = (action: 'read' | 'write') => permission(action, 'authorizations', { orgID })
    const user = (action: 'read' | 'write') => permission(action, 'users', { id: userID })
    const holder = (...held: Permission[]) => callerWith(compilePermissions(held))

    const onToken = `orgs/${orgID}/authorizations/${id} is unauthorized`
    const blind = holder(user('read'), user('write'))
    await refused(() => authorizations.get(blind.principal, id), 'unauthorized', `read:${onToken}`)
    const reader = holder(tokens('read'), user('read'))
    await refused(() => authorizations.update(reader, id, {}), 'unauthorized', `write:${onToken}`)
    await refused(() => authorizations.remove(reader, id), 'unauthorized', `write:${onToken}`)
    const stranger = holder(tokens('read'), tokens('write'))
    await refused(
      () => authorizations.remove(stranger, id),
      'unauthorized',
      `write:users/${userID} is unauthorized`,
    )

    assert.equal((await authorizations.list(reader.principal, {})).length, 1)
    const half = holder(tokens('write'))
    for (const { principal } of [blind, half]) {
      assert.deepEqual(await authorizations.list(principal, {}), [])
    }
  })

  test("an owner sees a member's token of the organization and can switch it off, and nothing more", async () => {
    const { authorizations, memberships, addToken, admin, orgID, operator, userID, reading, ...world } =
      await setUp()
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'member', userID)
    const ownerID = await world.addUser('owen')
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'owner', ownerID)
    const owner = await world.asUser(ownerID)
    const { id } = await addToken(admin, userID, orgID, [reading])
    // It counts outside the organization too, so it is not the owner's to stop.
    const wide = await addToken(admin, operator.userID, orgID, [reading, permission('write', 'buckets')])

    const listed = await authorizations.list(owner.principal, { orgID })
    assert.deepEqual(
      listed.map(({ authorization }) => authorization.id),
      [id],
    )
    assert.equal((await authorizations.get(owner.principal, id)).user, 'ada')
    const { authorization } = await authorizations.update(owner, id, { status: 'inactive' })
    assert.equal(authorization.status, 'inactive')

    await refused(() => authorizations.get(owner.principal, wide.id), 'unauthorized')
    for (const [each, input] of [
      [id, { status: 'active' }],
      [id, { status: 'inactive', description: 'd' }],
      [wide.id, { status: 'inactive' }],
    ] as const) {
      await refused(() => authorizations.update(owner, each, input), 'unauthorized')
    }
    for (const work of [authorizations.remove, authorizations.rotate]) {
      await refused(() => work(owner, id, 0), 'unauthorized')
    }
  })

  test('a missing one is not found', async () => {
    const { authorizations, admin } = await setUp()
    for (const work of [
      () => authorizations.get(admin.principal, NOBODY),
      () => authorizations.update(admin, NOBODY, {}),
      () => authorizations.remove(admin, NOBODY),
      () => authorizations.list(admin.principal, { id: NOBODY }),
    ]) {
      await refused(work, 'not found', 'authorization not found')
    }
    await refused(() => authorizations.list(admin.principal, { user: 'no' }), 'not found', 'user not found')
    const message = 'organization name "no" not found'
    await refused(() => authorizations.list(admin.principal, { org: 'no' }), 'not found', message)
  })

  test('no list reveals whether an unreadable user, organization or token exists', async () => {
    const { authorizations, organizations, operator, addToken, admin, orgID, userID, asUser } = await setUp()
    const { id: second } = await organizations.create(admin, { name: 'second' })
    const there = permission('read', 'buckets', { orgID: second })
    const foreign = (await addToken(admin, operator.userID, second, [there])).id
    const own = (
      await addToken(admin, userID, orgID, [
        permission('read', 'authorizations', { orgID }),
        permission('read', 'users', { id: userID }),
      ])
    ).id
    const { principal } = await asUser(userID)
    const listed = async (query: object) =>
      (await authorizations.list(principal, query)).map(({ authorization }) => authorization.id)
    const { name: ownOrg } = await organizations.get(admin.principal, orgID)

    for (const more of [{}, { id: own }]) {
      for (const user of ['operator', 'none']) {
        await refused(() => listed({ user, ...more }), 'not found', 'user not found')
      }
      for (const org of ['second', 'none']) {
        await refused(() => listed({ org, ...more }), 'not found', `organization name "${org}" not found`)
      }
    }
    for (const id of [foreign, NOBODY]) {
      await refused(() => listed({ id }), 'not found', 'authorization not found')
      await refused(() => listed({ id, org: 'second' }), 'not found', 'organization name "second" not found')
    }
    // A token without read:orgs may list what it may read in the organization.
    assert.deepEqual(await listed({ org: ownOrg }), [own])
    assert.deepEqual(await listed({ org: ownOrg, user: 'ada' }), [own])
  })

  test('lists are filtered by user and organization, by id or by name', async () => {
    const { authorizations, organizations, operator, addToken, admin, orgID, userID, reading } = await setUp()
    const { id: other } = await organizations.create(admin, { name: 'other' })
    const a = (await addToken(admin, userID, orgID, [reading])).id
    const there = permission('read', 'buckets', { orgID: other })
    const b = (await addToken(admin, userID, other, [there])).id
    const c = (await addToken(admin, operator.userID, other, [there])).id
    const listed = async (query: object) =>
      (await authorizations.list(admin.principal, query)).map(({ authorization }) => authorization.id)
    assert.deepEqual(await listed({}), [a, b, c])
    assert.deepEqual(await listed({ userID }), [a, b])
    assert.deepEqual(await listed({ user: 'ada' }), [a, b])
    assert.deepEqual(await listed({ orgID: other }), [b, c])
    assert.deepEqual(await listed({ user: 'ada', org: 'other' }), [b])
    assert.deepEqual(await listed({ id: c }), [c])
  })

  test('a status is active or inactive, and an update sets updatedAt', async () => {
    const { authorizations, addToken, admin, orgID, userID, reading, clock } = await setUp()
    const { id } = await addToken(admin, userID, orgID, [reading])
    const unknown = 'encodeAuthorization: unknown authorization status'
    await refused(() => authorizations.update(admin, id, { status: 'asleep' }), 'invalid', unknown)
    clock.forward(1500)
    const { authorization } = await authorizations.update(admin, id, { status: 'inactive', description: 'd' })
    const updatedAt = new Date(clock.at).toISOString()
    assert.deepEqual(
      [authorization.status, authorization.description, authorization.updatedAt],
      ['inactive', 'd', updatedAt],
    )
    assert.notEqual(authorization.createdAt, updatedAt)
  })

  test("every event of a token is found under the token's owner, no matter who caused it", async () => {
    const { authorizations, addToken, admin, orgID, userID, reading, audited } = await setUp()
    const { id } = await addToken(admin, userID, orgID, [reading])
    await authorizations.update(admin, id, { status: 'inactive' })
    await authorizations.rotate(admin, id, 0)
    await authorizations.remove(admin, id)
    const events = (await audited({ userID })).filter(({ target }) => target.id === id)
    assert.deepEqual(
      events.map(({ event }) => event),
      ['create', 'update', 'rotate', 'delete'].map((each) => `authorization.${each}`),
    )
  })

  test('permissions have the names of existing resources; a deleted resource has no names at all', async () => {
    const { create, buckets, admin, orgID, userID } = await setUp()
    const { id } = await buckets.create(admin, { orgID, name: 'points' })
    const { details } = await create(admin, [
      permission('read', 'buckets', { orgID, id }),
      permission('read', 'buckets', { orgID, id: NOBODY }),
      permission('read', 'users', { id: userID }),
      permission('read', 'orgs', { id: orgID }),
      permission('read', 'tasks', { orgID, id: NOBODY }),
      permission('read', 'buckets', { orgID }),
    ])
    const org = "operator's"
    assert.deepEqual(
      details.permissions.map(({ resource }) => resource),
      [
        { type: 'buckets', orgID, id, name: 'points', org },
        { type: 'buckets', orgID, id: NOBODY },
        { type: 'users', id: userID, name: 'ada' },
        { type: 'orgs', id: orgID, name: org },
        { type: 'tasks', orgID, id: NOBODY, org },
        { type: 'buckets', orgID, org },
      ],
    )
    assert.deepEqual([details.org, details.user], [org, 'operator'])
  })
})
