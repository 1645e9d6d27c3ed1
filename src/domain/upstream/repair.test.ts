import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { createMemoryUpstream, type Fault } from '../../../test/support/memory-upstream.ts'
import { createMirroredWorld } from '../../../test/support/mirrored-world.ts'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'
import { createComparison } from './comparison.ts'
import { createRepair } from './repair.ts'

const PAGE = { limit: 1000, offset: 0, descending: false }
const FROM_HERE = { from: 'here', deletes: true, dryRun: false } as const
const FROM_UPSTREAM = { from: 'upstream', deletes: true, dryRun: false } as const

/** A user, an organization with a bucket, each on one side alone, and names that differ. */
async function differingWorld() {
  const world = await createMirroredWorld()
  const { changes, upstream, ids, orgID, users, operator, store } = world
  const bob = await users.create(operator, { name: 'bob' })
  const carol = await users.create(operator, { name: 'carol' })
  await world.memberships.add(operator, { type: 'orgs', id: orgID }, 'member', carol.id)
  await changes(async (change) => {
    await change.users.add({ id: ids.next(), name: 'here', status: 'active' })
    await change.users.update({ ...bob, name: 'bobby' })
    await change.memberships.remove(orgID, carol.id)
    await change.memberships.add({ userID: bob.id, resourceType: 'orgs', resourceID: orgID, role: 'owner' })
  })
  upstream.addUser({ name: 'there', status: 'inactive' })
  const organization = { description: '', createdAt: '', updatedAt: '' }
  const hereID = ids.next()
  await store.organizations.add({ ...organization, id: hereID, name: 'here' })
  upstream.addOrganization({ name: 'there', description: '' })
  upstream.addBucket(orgID, 'there')
  return { ...world, bob, carol, hereID }
}

const DIFFERING = [
  'bucket upstream-only',
  'membership here-only',
  'membership upstream-only',
  'organization here-only',
  'organization upstream-only',
  'user here-only',
  'user other-name',
  'user upstream-only',
]

suite('repair', () => {
  test('every difference is named', async () => {
    const { differing } = await differingWorld()
    assert.deepEqual(await differing(), DIFFERING)
  })

  test('a dry run changes nothing and says what it would do', async () => {
    const { repair, operator, differing, upstream } = await differingWorld()
    upstream.calls.length = 0
    const { mended, left } = await repair(operator, { ...FROM_HERE, dryRun: true })
    assert.equal(mended.length, DIFFERING.length)
    assert.deepEqual(left, [])
    assert.deepEqual(upstream.calls, [])
    assert.deepEqual(await differing(), DIFFERING)
  })

  test('from here: upstream becomes as it is here, which takes over upstream’s ids', async () => {
    const { repair, operator, differing, upstream, bob, carol, hereID, store } = await differingWorld()
    const { left } = await repair(operator, FROM_HERE)
    assert.deepEqual(left, [])
    assert.deepEqual(await differing(), [])
    const names = (records: Iterable<{ name: string }>) => [...records].map(({ name }) => name).sort()
    assert.deepEqual(names(upstream.users.values()), ['ada', 'bobby', 'carol', 'here'])
    assert.deepEqual(names(upstream.organizations.values()), ['here', 'works'])
    assert.equal(await store.organizations.byID(hereID), undefined)
    assert.deepEqual(
      [...upstream.memberships.values()].filter(({ userID }) => [bob.id, carol.id].includes(userID)),
      [
        {
          userID: bob.id,
          resourceType: 'orgs',
          resourceID: [...upstream.organizations.keys()][0],
          role: 'owner',
        },
      ],
    )
  })

  test('from upstream: this server becomes as upstream is', async () => {
    const { repair, operator, differing, store, bob, carol } = await differingWorld()
    const { left } = await repair(operator, FROM_UPSTREAM)
    assert.deepEqual(left, [])
    assert.deepEqual(await differing(), [])
    const users = await store.users.list(PAGE)
    assert.deepEqual(users.map(({ name }) => name).sort(), ['ada', 'bob', 'carol', 'there'])
    assert.equal(users.find(({ name }) => name === 'there')?.status, 'inactive')
    assert.deepEqual(await store.memberships.ofUser(bob.id), [])
    assert.equal((await store.memberships.ofUser(carol.id)).length, 1)
    const organizations = await store.organizations.list(PAGE)
    assert.deepEqual(organizations.map(({ name }) => name).sort(), ['there', 'works'])
  })

  test('nothing is deleted on either side without being asked', async () => {
    for (const from of ['here', 'upstream'] as const) {
      const { repair, operator, upstream, store } = await differingWorld()
      const { left } = await repair(operator, { from, deletes: false, dryRun: false })
      assert.ok(left.length > 0)
      assert.ok(left.every(({ mending }) => mending.startsWith('remove')))
      assert.ok(left.every(({ reason }) => reason.includes('--delete')))
      assert.ok([...upstream.organizations.values()].some(({ name }) => name === 'there'))
      assert.ok((await store.organizations.byName('here')) !== undefined)
    }
  })

  test('the last operator is not removed, and is named as left', async () => {
    const { repair, operator, upstream, userID, store } = await createMirroredWorld()
    upstream.users.delete(userID)
    upstream.memberships.clear()
    const { left } = await repair(operator, FROM_UPSTREAM)
    assert.equal(left.length, 1)
    assert.match(left[0]?.reason ?? '', /last active operator/)
    assert.ok(await store.users.byID(userID))
  })

  test('memberships of a user who is inactive here are removed upstream, whichever side counts', async () => {
    for (const from of ['here', 'upstream'] as const) {
      const { repair, operator, users, upstream, orgID, differing } = await createMirroredWorld()
      const bob = await users.create(operator, { name: 'bob', status: 'inactive' })
      const membership = { userID: bob.id, resourceType: 'orgs', resourceID: orgID, role: 'owner' } as const
      upstream.memberships.set('x', membership)
      assert.deepEqual(await differing(), ['membership upstream-only'])
      upstream.memberships.delete('x')
      upstream.memberships.set(`${orgID}/${bob.id}`, membership)
      await repair(operator, { from, deletes: false, dryRun: false })
      assert.deepEqual(await differing(), [])
      assert.equal(upstream.memberships.has(`${orgID}/${bob.id}`), false)
    }
  })

  test('upstream away in the middle is said, and a second repair ends it', async () => {
    const { repair, operator, upstream, differing } = await differingWorld()
    let count = 0
    upstream.state.fault = () => (++count === 3 ? 'after' : undefined)
    await refused(() => repair(operator, FROM_HERE), 'unavailable')
    upstream.state.fault = () => undefined
    await repair(operator, FROM_HERE)
    assert.deepEqual(await differing(), [])
  })
})

suite('one record under two ids', () => {
  /** Two servers that were set up apart, with the same names. */
  async function apart() {
    const upstream = createMemoryUpstream()
    const world = await createWorld()
    const names = { username: 'ada', password: 'correct horse', org: 'works', bucket: 'points' }
    const made = await world.setup.run(names, ORIGIN)
    const operator = await world.asUser(made.user.id)
    const [orgID, bucketID] = [made.organization.id, made.bucket.id]
    const permissions = [
      permission('read', 'buckets', { id: bucketID, orgID }),
      permission('write', 'orgs', { id: orgID }),
      permission('read', 'users', { id: made.user.id }),
    ]
    const { token } = await world.addToken(operator, made.user.id, orgID, permissions)
    const legacyID = world.ids.next()
    await world.changes(async ({ legacyAuthorizations, dbrpMappings }) => {
      await legacyAuthorizations.add({
        ...{ id: legacyID, name: 'telegraf', status: 'active', description: '', orgID, permissions },
        ...{ userID: made.user.id, createdAt: '', updatedAt: '' },
      })
      await legacyAuthorizations.setPasswordHash(legacyID, 'a hash')
      await dbrpMappings.add({
        ...{ id: world.ids.next(), orgID, bucketID, database: 'db', retentionPolicy: 'rp', isDefault: true },
      })
    })
    await upstream.setup.run({ username: 'ada', org: 'works', bucket: 'points', retentionSeconds: 0 })
    const there = [...upstream.buckets.values()].find(({ type }) => type === 'user')
    assert.ok(there)
    const mapping = { database: 'db', retentionPolicy: 'rp', isDefault: true }
    upstream.mappings.set(there.id, { ...mapping, id: there.id, orgID: there.orgID, bucketID: there.id })
    const parts = { records: world.store, upstream: upstream.identities, changes: world.changes }
    const comparison = createComparison({ ...parts, log: world.log, wait: async () => {} })
    const repair = createRepair({ ...parts, setup: upstream.setup, comparison })
    return { ...world, upstream, made, operator, comparison, repair, token }
  }

  for (const from of ['here', 'upstream'] as const) {
    test(`from ${from}: the records here get upstream’s ids, and tokens and passwords go on`, async () => {
      const { upstream, comparison, repair, operator, enter, asSession, asToken, token, store, made } =
        await apart()
      const kinds = (await comparison.differences()).map(({ type, kind }) => `${type} ${kind}`)
      assert.deepEqual(kinds, ['user other-id', 'organization other-id'])
      const { left } = await repair(operator, { from, deletes: false, dryRun: false })
      assert.deepEqual(left, [])
      assert.deepEqual(await comparison.differences(), [])
      const [userID, orgID] = [[...upstream.users.keys()][0], [...upstream.organizations.keys()][0]] as [
        ID,
        ID,
      ]
      const bucketID = [...upstream.buckets.values()].find(({ type }) => type === 'user')?.id as ID
      assert.equal(await store.users.byID(made.user.id), undefined)
      const { key } = await enter('ada', 'correct horse')
      assert.equal((await asSession(key)).principal.user.id, userID)
      const { principal } = await asToken(token)
      assert.equal(principal.user.id, userID)
      for (const wanted of [
        permission('read', 'buckets', { id: bucketID, orgID }),
        permission('write', 'orgs', { id: orgID }),
        permission('read', 'users', { id: userID }),
      ]) {
        assert.ok(principal.permissions.allows(wanted), JSON.stringify(wanted))
      }
      assert.ok((await store.memberships.ofUser(userID)).some(({ resourceID }) => resourceID === orgID))
      const legacy = await store.legacyAuthorizations.byName('telegraf')
      assert.deepEqual([legacy?.userID, legacy?.orgID], [userID, orgID])
      assert.deepEqual(legacy?.permissions[0]?.resource, { type: 'buckets', id: bucketID, orgID })
      assert.equal(await store.legacyAuthorizations.passwordHashOf(legacy?.id as ID), 'a hash')
      assert.equal((await store.dbrpMappings.resolve(orgID, 'db'))?.bucketID, bucketID)
    })
  }

  test('an upstream without users is set up by the repair from here', async () => {
    const { comparison, repair, operator, store, upstream } = await apart()
    for (const records of [upstream.users, upstream.organizations, upstream.buckets, upstream.memberships]) {
      records.clear()
    }
    const { left } = await repair(operator, { from: 'here', deletes: false, dryRun: false })
    assert.deepEqual(left, [])
    assert.deepEqual(await comparison.differences(), [])
    assert.deepEqual([...upstream.users.values()].map(({ name }) => name).sort(), ['ada', 'sluice'])
    assert.equal(await store.users.byName('sluice'), undefined)
  })
})

/** One step of a sequence: what is asked of the API, by numbers that choose among what there is. */
const step = fc.record({
  act: fc.constantFrom(
    ...(['user', 'rename', 'status', 'remove', 'org', 'renameOrg', 'removeOrg'] as const),
    ...(['bucket', 'renameBucket', 'removeBucket', 'join', 'role', 'leave'] as const),
  ),
  one: fc.nat(7),
  two: fc.nat(7),
  fault: fc.constantFrom<Fault>(undefined, undefined, undefined, 'before', 'after'),
  faultAt: fc.nat(2),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function take(world: Awaited<ReturnType<typeof createMirroredWorld>>, { act, one, two }: Step) {
  const { users, organizations, buckets, memberships, operator, store, userID } = world
  const pick = <T>(list: readonly T[], at: number) => list[at % list.length]
  const user = pick(
    (await store.users.list(PAGE)).filter(({ id }) => id !== userID),
    one,
  )
  const org = pick(await store.organizations.list(PAGE), two)
  const bucket = pick(
    (await store.buckets.list({}, PAGE)).filter(({ type }) => type === 'user'),
    two,
  )
  const resource =
    one % 2 === 0 && bucket
      ? ({ type: 'buckets', id: bucket.id } as const)
      : org && ({ type: 'orgs', id: org.id } as const)
  const role = two % 2 === 0 ? 'member' : 'owner'
  switch (act) {
    case 'user':
      return users.create(operator, { name: `u${one}`, status: two === 0 ? 'inactive' : 'active' })
    case 'org':
      return organizations.create(operator, { name: `o${one}`, description: `d${two}` })
    case 'bucket':
      return org && buckets.create(operator, { orgID: org.id, name: `b${one}` })
    case 'rename':
      return user && users.update(operator, user.id, { name: `u${two}` })
    case 'status':
      return user && users.update(operator, user.id, { status: two % 2 === 0 ? 'inactive' : 'active' })
    case 'remove':
      return user && users.remove(operator, user.id)
    case 'renameOrg':
      return org && organizations.update(operator, org.id, { name: `o${one}` })
    case 'removeOrg':
      return org && org.id !== world.orgID && organizations.remove(operator, org.id)
    case 'renameBucket':
      return bucket && buckets.update(operator, bucket.id, { name: `b${one}`, description: `d${two}` })
    case 'removeBucket':
      return bucket && buckets.remove(operator, bucket.id)
    case 'join':
      return user && resource && memberships.add(operator, resource, role, user.id)
    case 'role':
      return user && resource && memberships.changeRole(operator, resource, role, user.id)
    case 'leave':
      return user && resource && memberships.remove(operator, resource, user.id)
  }
}

test('after any sequence of changes with failures of upstream, a repair from either side leaves nothing', async () => {
  let [differed, failed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
      fc.constantFrom('here' as const, 'upstream' as const),
      async (steps, from) => {
        const world = await createMirroredWorld()
        const { upstream, repair, operator, differing } = world
        for (const each of steps) {
          let count = 0
          upstream.state.fault = () => (count++ === each.faultAt ? each.fault : undefined)
          await take(world, each).catch((error) => {
            failed += 1
            assert.ok(error instanceof SluiceError, String(error?.stack))
          })
        }
        upstream.state.fault = () => undefined
        if ((await differing()).length > 0) differed += 1
        const { left } = await repair(operator, { from, deletes: true, dryRun: false })
        assert.deepEqual(left, [])
        assert.deepEqual(await differing(), [])
        await world.store.close()
      },
    ),
    { numRuns: 60 },
  )
  assert.ok(differed > 5 && failed > 20, `${differed} ${failed}`)
})
