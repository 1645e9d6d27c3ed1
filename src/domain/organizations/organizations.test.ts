import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY } from '../../../test/support/world.ts'
import { may } from '../access/principal.ts'
import { permission } from '../records/permission.ts'

const PAGE = { limit: 20, offset: 0, descending: false }
const DAY = 86_400

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  return { ...world, operator, admin: operator.caller, userID, plain: await world.asUser(userID) }
}

suite('organizations', () => {
  test('a caller without write permission changes nothing', async () => {
    const { organizations, plain, operator } = await setUp()
    const refusal = `write:orgs/${operator.orgID} is unauthorized`
    const name = 'new'
    await refused(() => organizations.create(plain, { name }), 'unauthorized', 'write:orgs is unauthorized')
    await refused(() => organizations.update(plain, operator.orgID, { name }), 'unauthorized', refusal)
    await refused(() => organizations.remove(plain, operator.orgID), 'unauthorized', refusal)
    await refused(() => organizations.get(plain.principal, operator.orgID), 'unauthorized')
  })

  test('a name is required and unique; a blank one counts as empty', async () => {
    const { organizations, admin, operator, store } = await setUp()
    for (const name of [undefined, '', '  ', '\n']) {
      await refused(() => organizations.create(admin, { name }), 'invalid', 'org name is empty')
    }
    await refused(
      () => organizations.update(admin, operator.orgID, { name: ' ' }),
      'invalid',
      'org name is empty',
    )
    const taken = "organization with name operator's already exists"
    await refused(() => organizations.create(admin, { name: "operator's" }), 'conflict', taken)
    const { id } = await organizations.create(admin, { name: 'other' })
    await refused(() => organizations.update(admin, id, { name: "operator's" }), 'conflict', taken)
    assert.equal(await store.organizations.count(), 2)
    assert.equal((await store.buckets.list({}, PAGE)).length, 4)
  })

  test('a missing one is not found', async () => {
    const { organizations, admin } = await setUp()
    await refused(() => organizations.get(admin.principal, NOBODY), 'not found', 'organization not found')
    await refused(() => organizations.update(admin, NOBODY, {}), 'not found', 'organization not found')
    await refused(
      () => organizations.remove(admin, NOBODY),
      'not found',
      `error deleting organization id: ${NOBODY}: organization not found`,
    )
    await refused(() => organizations.list(admin.principal, { id: NOBODY }, PAGE), 'not found')
    await refused(
      () => organizations.list(admin.principal, { name: 'no' }, PAGE),
      'not found',
      'organization name "no" not found',
    )
  })

  test('a new one has its two system buckets, and its creator owns it at once', async () => {
    const { organizations, store, operator, userID, addToken, asToken, asUser } = await setUp()
    const { token } = await addToken(operator.caller, userID, operator.orgID, [permission('write', 'orgs')])
    const { id } = await organizations.create(await asToken(token), { name: 'new' })
    const buckets = await store.buckets.list({ orgID: id }, PAGE)
    assert.deepEqual(
      buckets.map(({ name, type, retentionSeconds, description }) => [
        name,
        type,
        retentionSeconds,
        description,
      ]),
      [
        ['_monitoring', 'system', 7 * DAY, 'System bucket for monitoring logs'],
        ['_tasks', 'system', 3 * DAY, 'System bucket for task logs'],
      ],
    )
    assert.ok(may((await asUser(userID)).principal, permission('write', 'orgs', { id })))
  })

  test('an update sets updatedAt and leaves other fields unchanged', async () => {
    const { organizations, admin, operator, clock } = await setUp()
    const before = await organizations.get(admin.principal, operator.orgID)
    clock.forward(1500)
    const after = await organizations.update(admin, operator.orgID, { description: 'd' })
    const updatedAt = new Date(clock.at).toISOString()
    assert.deepEqual(after, { ...before, description: 'd', updatedAt })
  })
})

suite('a list of organizations', () => {
  test("without a filter: the caller's own in the order of joining, or all for a caller who may read all", async () => {
    const { organizations, memberships, admin, operator, userID, asUser } = await setUp()
    const create = async (name: string) => (await organizations.create(admin, { name })).id
    const [a, b, c] = [await create('a'), await create('b'), await create('c')]
    for (const id of [c, a]) await memberships.add(admin, { type: 'orgs', id }, 'member', userID)
    const { principal } = await asUser(userID)
    const listed = async (who: typeof principal, filter = {}, page = {}) =>
      (await organizations.list(who, filter, { ...PAGE, ...page })).map(({ id }) => id)

    assert.deepEqual(await listed(principal), [c, a])
    assert.deepEqual(await listed(principal, {}, { offset: 1 }), [a])
    assert.deepEqual(await listed(principal, {}, { limit: 1 }), [c])
    // An unreadable organization gets the same answer as a missing one.
    for (const id of [b, NOBODY]) {
      await refused(() => listed(principal, { id }), 'not found', 'organization not found')
    }
    for (const name of ['b', 'none']) {
      await refused(() => listed(principal, { name }), 'not found', `organization name "${name}" not found`)
    }
    assert.deepEqual(await listed(principal, { userID: operator.userID }), [a, c])
    assert.deepEqual(await listed(admin.principal), [operator.orgID, a, b, c])
    assert.deepEqual(await listed(admin.principal, { userID }), [c, a])
    assert.deepEqual(await listed(admin.principal, {}, { descending: true, limit: 2 }), [c, b])
    assert.deepEqual(await listed(admin.principal, {}, { after: a }), [b, c])
  })
})

suite('deleting an organization', () => {
  test('deletes its buckets, tokens and memberships, and their users lose those permissions at once', async () => {
    const world = await setUp()
    const { organizations, memberships, buckets, admin, operator, store, asUser, addUser, addToken } = world
    const { id: orgID } = await organizations.create(admin, { name: 'doomed' })
    const { id: bucketID } = await buckets.create(admin, { orgID, name: 'b' })
    const [member, bucketOwner, tokenOwner] = [world.userID, await addUser('bob'), await addUser('cleo')]
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'member', member)
    await memberships.add(admin, { type: 'buckets', id: bucketID }, 'owner', bucketOwner)
    const wanted = permission('read', 'buckets', { orgID, id: bucketID })
    const { token } = await addToken(admin, tokenOwner, orgID, [wanted])
    const kept = await addToken(admin, tokenOwner, operator.orgID, [permission('read', 'tasks')])
    const allowed = async () => {
      const callers = await Promise.all([member, bucketOwner, tokenOwner].map((id) => asUser(id)))
      return callers.map(({ principal }) => may(principal, wanted))
    }
    assert.deepEqual(await allowed(), [true, true, true])
    await world.asToken(token)

    await organizations.remove(admin, orgID)
    assert.deepEqual(await allowed(), [false, false, false])
    await refused(() => world.asToken(token), 'unauthorized')
    assert.deepEqual(await store.buckets.list({ orgID }, PAGE), [])
    assert.deepEqual(await store.authorizations.list({ orgID }), [])
    for (const id of [orgID, bucketID]) assert.deepEqual(await store.memberships.ofResource(id), [])

    await world.asToken(kept.token)
    assert.equal((await store.buckets.list({ orgID: operator.orgID }, PAGE)).length, 2)
    assert.equal((await store.memberships.ofResource(operator.orgID)).length, 1)
  })
})
