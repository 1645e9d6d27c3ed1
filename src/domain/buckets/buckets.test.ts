import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY } from '../../../test/support/world.ts'
import { permission } from '../records/permission.ts'
import type { BucketQuery } from './buckets.ts'

const PAGE = { limit: 20, offset: 0, descending: false }
const DAY = 86_400

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const { orgID, caller: admin } = operator
  const bucket = await world.buckets.create(admin, { orgID, name: 'points' })
  const system = (await world.store.buckets.byName(orgID, '_tasks')) ?? assert.fail('no system bucket')
  const userID = await world.addUser('ada')
  const listed = async (caller: typeof admin, query: BucketQuery = {}, page = {}) =>
    (await world.buckets.list(caller.principal, query, { ...PAGE, ...page })).map(({ name }) => name)
  return { ...world, orgID, admin, bucket, system, userID, listed }
}

suite('buckets', () => {
  test('a caller without write permission cannot change one', async () => {
    const { buckets, memberships, orgID, admin, bucket, userID, asUser } = await setUp()
    await memberships.add(admin, { type: 'orgs', id: orgID }, 'member', userID)
    const member = await asUser(userID)
    const refusal = `write:orgs/${orgID}/buckets`
    await refused(
      () => buckets.create(member, { orgID, name: 'x' }),
      'unauthorized',
      `${refusal} is unauthorized`,
    )
    for (const work of [
      () => buckets.update(member, bucket.id, { name: 'x' }),
      () => buckets.update(member, bucket.id, {}),
      () => buckets.remove(member, bucket.id),
    ]) {
      await refused(work, 'unauthorized', `${refusal}/${bucket.id} is unauthorized`)
    }
    assert.equal((await buckets.get(member.principal, bucket.id)).name, 'points')
  })

  test('renaming one requires read permission too', async () => {
    const { buckets, admin, orgID, bucket, userID, addToken, asToken } = await setUp()
    const { token } = await addToken(admin, userID, orgID, [permission('write', 'buckets', { orgID })])
    const writer = await asToken(token)
    const refusal = `read:orgs/${orgID}/buckets/${bucket.id} is unauthorized`
    await refused(() => buckets.update(writer, bucket.id, { name: 'x' }), 'unauthorized', refusal)
    assert.equal((await buckets.update(writer, bucket.id, { description: 'd' })).description, 'd')
  })

  test('an organization and a name are required; names that begin with an underscore are reserved', async () => {
    const { buckets, admin, orgID, bucket } = await setUp()
    const reserved = 'bucket name _x is invalid. Buckets may not start with underscore'
    await refused(() => buckets.create(admin, { name: 'x' }), 'invalid', 'organization id must be provided')
    await refused(() => buckets.create(admin, { orgID }), 'invalid', 'a bucket needs a name')
    await refused(() => buckets.create(admin, { orgID, name: '_x' }), 'invalid', reserved)
    await refused(() => buckets.update(admin, bucket.id, { name: '_x' }), 'invalid', reserved)
    await refused(() => buckets.update(admin, bucket.id, { name: '' }), 'invalid', 'a bucket needs a name')
  })

  test('names with a quotation mark are refused; a bucket that already has one may keep it', async () => {
    const { buckets, store, admin, orgID, bucket } = await setUp()
    const message = 'bucket name x"q is invalid. Bucket names may not include quotation marks'
    await refused(() => buckets.create(admin, { orgID, name: 'x"q' }), 'invalid', message)
    await refused(() => buckets.update(admin, bucket.id, { name: 'x"q' }), 'invalid', message)
    assert.equal((await buckets.get(admin.principal, bucket.id)).name, 'points')
    await store.buckets.update({ ...bucket, name: 'x"q' })
    const kept = await buckets.update(admin, bucket.id, { name: 'x"q', description: 'd' })
    assert.deepEqual([kept.name, kept.description], ['x"q', 'd'])
    assert.equal((await buckets.update(admin, bucket.id, { name: "it's «fine»" })).name, "it's «fine»")
    const gone = { orgID: NOBODY, name: 'x' }
    await refused(() => buckets.create(admin, gone), 'not found', 'organization not found')
  })

  test('a name is unique within an organization, not across organizations', async () => {
    const { buckets, organizations, admin, orgID, bucket } = await setUp()
    const taken = 'bucket with name points already exists'
    await refused(() => buckets.create(admin, { orgID, name: 'points' }), 'conflict', taken)
    const other = await buckets.create(admin, { orgID, name: 'other' })
    await refused(
      () => buckets.update(admin, other.id, { name: 'points' }),
      'conflict',
      'bucket name is not unique',
    )
    const elsewhere = await organizations.create(admin, { name: 'elsewhere' })
    assert.notEqual((await buckets.create(admin, { orgID: elsewhere.id, name: 'points' })).id, bucket.id)
  })

  test('a system bucket cannot be renamed or deleted; its description and retention can be changed', async () => {
    const { buckets, admin, system } = await setUp()
    await refused(
      () => buckets.update(admin, system.id, { name: 'mine' }),
      'invalid',
      'system buckets cannot be renamed',
    )
    await refused(() => buckets.remove(admin, system.id), 'invalid', 'system buckets cannot be deleted')
    const input = { name: '_tasks', description: 'd', retentionRules: [{ everySeconds: 30 * DAY }] }
    const changed = await buckets.update(admin, system.id, input)
    assert.deepEqual([changed.name, changed.description, changed.retentionSeconds], ['_tasks', 'd', 30 * DAY])
  })

  test('reading a system bucket requires reading its organization, and nothing else is enough', async () => {
    const { buckets, admin, orgID, system, userID, addToken, asToken, listed } = await setUp()
    const readsOrg = await addToken(admin, userID, orgID, [permission('read', 'orgs', { id: orgID })])
    const readsBuckets = await addToken(admin, userID, orgID, [permission('read', 'buckets', { orgID })])
    const [byOrg, byBuckets] = [await asToken(readsOrg.token), await asToken(readsBuckets.token)]
    assert.equal((await buckets.get(byOrg.principal, system.id)).id, system.id)
    assert.deepEqual(await listed(byOrg), ['_tasks', '_monitoring'])
    const refusal = `read:orgs/${orgID} is unauthorized`
    await refused(() => buckets.get(byBuckets.principal, system.id), 'unauthorized', refusal)
    assert.deepEqual(await listed(byBuckets), ['points'])
  })

  test('an owner of a bucket reads, updates and deletes only that one; a member only reads it', async () => {
    const { buckets, memberships, admin, orgID, bucket, userID, addUser, asUser, listed } = await setUp()
    const other = await buckets.create(admin, { orgID, name: 'other' })
    const joined = { type: 'buckets', id: bucket.id } as const
    await memberships.add(admin, joined, 'owner', userID)
    const memberID = await addUser('bob')
    await memberships.add(admin, joined, 'member', memberID)

    const [owner, member] = [await asUser(userID), await asUser(memberID)]
    assert.deepEqual([await listed(owner), await listed(member)], [['points'], ['points']])
    await refused(() => buckets.update(member, bucket.id, { description: 'd' }), 'unauthorized')
    await refused(() => buckets.update(owner, other.id, { description: 'd' }), 'unauthorized')
    assert.equal((await buckets.update(owner, bucket.id, { name: 'renamed' })).name, 'renamed')
    await buckets.remove(owner, bucket.id)
    await refused(() => buckets.get(admin.principal, bucket.id), 'not found', 'bucket not found')
  })

  test('an update sets updatedAt and leaves other fields unchanged', async () => {
    const { buckets, admin, bucket, clock } = await setUp()
    clock.forward(1500)
    const after = await buckets.update(admin, bucket.id, { retentionRules: [], description: 'd' })
    assert.deepEqual(after, { ...bucket, description: 'd', updatedAt: new Date(clock.at).toISOString() })
    assert.deepEqual(await buckets.get(admin.principal, bucket.id), after)
  })
})

suite('a list of buckets', () => {
  test('a missing organization or bucket is not found', async () => {
    const { listed, admin, orgID } = await setUp()
    await refused(() => listed(admin, { org: 'no' }), 'not found', 'organization name "no" not found')
    await refused(() => listed(admin, { id: NOBODY }), 'not found', 'bucket not found')
    await refused(() => listed(admin, { orgID, name: 'no' }), 'not found', 'bucket "no" not found')
    assert.deepEqual(await listed(admin, { name: 'no' }), [])
  })

  test('is ordered by name within an organization and by id otherwise; pages skip hidden buckets', async () => {
    const { buckets, organizations, memberships, admin, orgID, userID, asUser, listed } = await setUp()
    const { id: second } = await organizations.create(admin, { name: 'second' })
    for (const name of ['b', 'a']) await buckets.create(admin, { orgID: second, name })
    assert.deepEqual(await listed(admin, { orgID }), ['_monitoring', '_tasks', 'points'])
    assert.deepEqual(await listed(admin, { org: 'second' }), ['_monitoring', '_tasks', 'a', 'b'])
    assert.deepEqual(await listed(admin, { org: 'second' }, { descending: true, limit: 2 }), ['b', 'a'])
    const all = ['_tasks', '_monitoring', 'points', '_tasks', '_monitoring', 'b', 'a']
    assert.deepEqual(await listed(admin), all)
    assert.deepEqual(await listed(admin, { name: '_tasks' }), ['_tasks', '_tasks'])

    await memberships.add(admin, { type: 'orgs', id: second }, 'member', userID)
    const member = await asUser(userID)
    assert.deepEqual(await listed(member, {}, { offset: 1, limit: 2 }), ['_monitoring', 'b'])
    assert.deepEqual(await listed(member, { orgID }), [])
  })

  test('does not reveal the names of unreadable buckets', async () => {
    const { organizations, memberships, admin, orgID, userID, asUser, listed } = await setUp()
    const { id: second } = await organizations.create(admin, { name: 'second' })
    await memberships.add(admin, { type: 'orgs', id: second }, 'member', userID)
    const member = await asUser(userID)
    const { name: org } = await organizations.get(admin.principal, orgID)
    for (const name of ['points', 'none']) {
      const message = `bucket "${name}" not found`
      await refused(() => listed(member, { orgID, name }), 'not found', message)
      await refused(() => listed(member, { orgID: second, name }), 'not found', message)
    }
    for (const named of [org, 'none']) {
      const message = `organization name "${named}" not found`
      for (const more of [{}, { name: 'points' }, { name: 'none' }]) {
        await refused(() => listed(member, { org: named, ...more }), 'not found', message)
      }
    }
    assert.deepEqual(await listed(member, { org: 'second', name: '_tasks' }), ['_tasks'])
  })

  test('of an unreadable organization holds the readable buckets in it', async () => {
    const { organizations, memberships, admin, orgID, bucket, userID, asUser, listed } = await setUp()
    await memberships.add(admin, { type: 'buckets', id: bucket.id }, 'member', userID)
    const member = await asUser(userID)
    const { name: org } = await organizations.get(admin.principal, orgID)
    assert.deepEqual(await listed(member, { org }), ['points'])
    await refused(() => listed(member, { org, name: '_tasks' }), 'not found', /^organization name/)
  })
})
