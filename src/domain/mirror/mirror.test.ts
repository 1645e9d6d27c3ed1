import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createMirroredWorld } from '../../../test/support/mirrored-world.ts'
import { refused } from '../../../test/support/refused.ts'
import type { ID } from '../base/id.ts'

type World = Awaited<ReturnType<typeof createMirroredWorld>>

/** What users, organizations, buckets and memberships there are here. */
async function recordsHere({ store, orgID, userID }: World) {
  const page = { limit: 100, offset: 0, descending: false }
  return {
    users: await store.users.list(page),
    organizations: await store.organizations.list(page),
    buckets: await store.buckets.list({}, page),
    members: await store.memberships.ofResource(orgID),
    own: await store.memberships.ofUser(userID),
  }
}

/** Every kind of change, of records that `prepare` made on both sides. */
async function prepare(world: World) {
  const { users, organizations, buckets, memberships, operator, orgID } = world
  const bob = await users.create(operator, { name: 'bob' })
  const carol = await users.create(operator, { name: 'carol' })
  const org = await organizations.create(operator, { name: 'second' })
  const bucket = await buckets.create(operator, { orgID, name: 'more' })
  const inOrg = { type: 'orgs', id: orgID } as const
  await memberships.add(operator, inOrg, 'member', bob.id)
  await memberships.add(operator, inOrg, 'owner', carol.id)
  await memberships.add(operator, { type: 'buckets', id: bucket.id }, 'member', carol.id)
  return {
    'creating a user': () => users.create(operator, { name: 'dave' }),
    'renaming a user': () => users.update(operator, bob.id, { name: 'bobby' }),
    'deactivating a user': () => users.update(operator, carol.id, { status: 'inactive' }),
    'deleting a user': () => users.remove(operator, bob.id),
    'creating an organization': () => organizations.create(operator, { name: 'third' }),
    'renaming an organization': () => organizations.update(operator, org.id, { name: '2nd' }),
    'deleting an organization': () => organizations.remove(operator, org.id),
    'creating a bucket': () => buckets.create(operator, { orgID, name: 'new' }),
    'renaming a bucket': () => buckets.update(operator, bucket.id, { name: 'most' }),
    'deleting a bucket': () => buckets.remove(operator, bucket.id),
    'adding a member': () => memberships.add(operator, { type: 'buckets', id: bucket.id }, 'member', bob.id),
    'changing a role': () => memberships.changeRole(operator, inOrg, 'owner', bob.id),
    'removing an owner': () => memberships.remove(operator, inOrg, carol.id),
  }
}

const ACTS = Object.keys(await prepare(await createMirroredWorld())) as (keyof Awaited<
  ReturnType<typeof prepare>
>)[]

suite('changes with an upstream', () => {
  for (const act of ACTS) {
    test(`${act} is made upstream too`, async () => {
      const world = await createMirroredWorld()
      const acts = await prepare(world)
      assert.deepEqual(await world.differing(), [])
      const before = JSON.stringify([await recordsHere(world), [...world.upstream.memberships.values()]])
      world.upstream.calls.length = 0
      await acts[act]()
      assert.notEqual(world.upstream.calls.length, 0)
      assert.notEqual(
        JSON.stringify([await recordsHere(world), [...world.upstream.memberships.values()]]),
        before,
      )
      assert.deepEqual(await world.differing(), [])
    })

    test(`${act} changes nothing here while upstream is away`, async () => {
      const world = await createMirroredWorld()
      const acts = await prepare(world)
      const before = await recordsHere(world)
      world.upstream.state.isAway = true
      await refused(() => acts[act](), 'unavailable')
      assert.deepEqual(await recordsHere(world), before)
      world.upstream.state.isAway = false
      assert.deepEqual(await world.differing(), [])
    })
  }

  test('what upstream refuses is refused with its error, and nothing changes here', async () => {
    const world = await createMirroredWorld()
    const { users, organizations, buckets, operator, orgID, upstream } = world
    upstream.addUser({ name: 'taken', status: 'active' })
    upstream.addOrganization({ name: 'taken', description: '' })
    upstream.addBucket(orgID, 'taken')
    const before = await recordsHere(world)
    await refused(() => users.create(operator, { name: 'taken' }), 'conflict')
    await refused(() => organizations.create(operator, { name: 'taken' }), 'conflict')
    await refused(() => buckets.create(operator, { orgID, name: 'taken' }), 'conflict')
    await refused(() => users.update(operator, world.userID, { name: 'taken' }), 'conflict')
    assert.deepEqual(await recordsHere(world), before)
  })

  test('every refusal of this server comes before upstream is asked', async () => {
    const world = await createMirroredWorld({ freshMs: 60_000 })
    const { users, organizations, buckets, memberships, operator, upstream, orgID, userID } = world
    await world.store.authorizations.removeOfUser(userID)
    const bob = await users.create(operator, { name: 'bob' })
    const plain = await world.asUser(bob.id)
    const { key } = await world.startSession(userID)
    world.clock.forward(120_000)
    const stale = await world.asSession(key)
    upstream.calls.length = 0
    const rows: [() => Promise<unknown>, Parameters<typeof refused>[1]][] = [
      [() => users.create(plain, { name: 'x' }), 'unauthorized'],
      [() => users.create(operator, { name: 'bob' }), 'conflict'],
      [() => users.create(operator, { name: '' }), 'empty value'],
      [() => users.update(operator, userID, { status: 'inactive' }), 'conflict'],
      [() => users.remove(operator, userID), 'conflict'],
      [() => users.remove(stale, bob.id), 'forbidden'],
      [() => organizations.create(operator, { name: 'works' }), 'conflict'],
      [() => organizations.remove(stale, orgID), 'forbidden'],
      [() => buckets.create(operator, { orgID, name: 'points' }), 'conflict'],
      [() => buckets.create(operator, { orgID: bob.id, name: 'points' }), 'not found'],
      [() => memberships.add(plain, { type: 'orgs', id: orgID }, 'owner', bob.id), 'unauthorized'],
      [() => memberships.add(operator, { type: 'orgs', id: orgID }, 'owner', userID), 'conflict'],
    ]
    for (const [act, code] of rows) await refused(act, code)
    assert.deepEqual(upstream.calls, [])
  })

  test('a rehearsal leaves neither events nor ended sessions', async () => {
    const { users, operator, upstream, startSession, sessions, audited } = await createMirroredWorld({
      rememberLengthMs: 3_600_000,
    })
    const bob = await users.create(operator, { name: 'bob' })
    const { key } = await startSession(bob.id, { remembered: true })
    const events = await audited()
    upstream.state.isAway = true
    await refused(() => users.remove(operator, bob.id), 'unavailable')
    assert.deepEqual(await audited(), events)
    assert.equal((await sessions.authenticate(key, false)).principal.user.id, bob.id)
    upstream.state.isAway = false
    await users.remove(operator, bob.id)
    assert.deepEqual(
      (await audited())
        .slice(events.length)
        .map(({ event }) => event)
        .sort(),
      ['session.end', 'user.delete'],
    )
  })

  test('what cannot be kept here is taken back upstream', async () => {
    const world = await createMirroredWorld()
    const { users, organizations, buckets, operator, upstream, orgID, store } = world
    const { fault } = upstream.state
    // Someone takes the name here between the rehearsal and the change.
    upstream.state.fault = async (call) => {
      const id = world.ids.next()
      const at = { createdAt: '', updatedAt: '' }
      if (call === 'createUser') await store.users.add({ id, name: 'bob', status: 'active' })
      if (call === 'createOrganization') {
        await store.organizations.add({ id, name: 'second', description: '', ...at })
      }
      if (call === 'createBucket') {
        const rest = { description: '', retentionPolicy: '', retentionSeconds: 0, shardGroupSeconds: 0 }
        await store.buckets.add({ id, orgID, name: 'more', type: 'user', ...rest, ...at })
      }
      return undefined
    }
    await refused(() => users.create(operator, { name: 'bob' }), 'conflict')
    await refused(() => organizations.create(operator, { name: 'second' }), 'conflict')
    await refused(() => buckets.create(operator, { orgID, name: 'more' }), 'conflict')
    upstream.state.fault = fault
    assert.deepEqual([upstream.users.size, upstream.organizations.size, upstream.buckets.size], [1, 1, 3])
    assert.deepEqual(await world.differing(), [
      'bucket here-only',
      'organization here-only',
      'user here-only',
    ])
  })

  test('deactivating takes the memberships and the tasks upstream, and activating brings the memberships', async () => {
    const { users, memberships, operator, upstream, orgID, differing } = await createMirroredWorld()
    const bob = await users.create(operator, { name: 'bob' })
    await memberships.add(operator, { type: 'orgs', id: orgID }, 'owner', bob.id)
    const held = () => [...upstream.memberships.values()].filter(({ userID }) => userID === bob.id)
    await users.update(operator, bob.id, { status: 'inactive' })
    assert.deepEqual(held(), [])
    assert.ok(upstream.stopped.has(bob.id))
    assert.equal(upstream.users.get(bob.id)?.status, 'inactive')
    assert.deepEqual(await differing(), [])
    await memberships.changeRole(operator, { type: 'orgs', id: orgID }, 'member', bob.id)
    assert.deepEqual(held(), [])
    await users.update(operator, bob.id, { status: 'active' })
    assert.deepEqual(
      held().map(({ role }) => role),
      ['member'],
    )
    assert.deepEqual(await differing(), [])
  })

  test('a user whom upstream lacks is no wrong id of the caller', async () => {
    const { users, memberships, operator, upstream, orgID } = await createMirroredWorld()
    const bob = await users.create(operator, { name: 'bob' })
    upstream.users.delete(bob.id)
    const join = () => memberships.add(operator, { type: 'orgs', id: orgID }, 'member', bob.id)
    await refused(join, 'unprocessable entity')
    await refused(() => users.update(operator, bob.id, { name: 'b' }), 'unprocessable entity')
    await users.remove(operator, bob.id)
  })

  test('changes of one record do not overtake one another', async () => {
    const { users, operator, upstream, differing } = await createMirroredWorld()
    const bob = await users.create(operator, { name: 'bob' })
    const names = Array.from({ length: 20 }, (_, number) => `bob ${number}`)
    await Promise.all(names.map((name) => users.update(operator, bob.id, { name })))
    assert.equal(upstream.users.get(bob.id)?.name, names.at(-1))
    assert.deepEqual(await differing(), [])
  })
})

suite('setup with an upstream', () => {
  test('ids are upstream’s, and the setup that ended between the two sides is finished by the next', async () => {
    const world = await createMirroredWorld()
    const { upstream, userID, orgID, bucketID } = world
    assert.deepEqual([...upstream.users.keys()], [userID])
    assert.ok(upstream.organizations.has(orgID) && upstream.buckets.has(bucketID))
    const { createWorld, ORIGIN } = await import('../../../test/support/world.ts')
    const names = { username: 'ada', password: 'correct horse', org: 'works', bucket: 'points' }
    const again = await createWorld({ upstream })
    const { user, organization } = await again.setup.run(names, ORIGIN)
    assert.deepEqual([user.id, organization.id] as ID[], [userID, orgID])
    const other = await createWorld({ upstream })
    await refused(() => other.setup.run({ ...names, org: 'other' }, ORIGIN), 'conflict')
    assert.equal(await other.store.users.count(), 0)
    upstream.addUser({ name: 'else', status: 'active' })
    const third = await createWorld({ upstream })
    await refused(() => third.setup.run(names, ORIGIN), 'conflict')
    assert.equal(await third.setup.allowed(), true)
  })

  test('an upstream that is away leaves nothing here, and its setup can be tried again', async () => {
    const { createMemoryUpstream } = await import('../../../test/support/memory-upstream.ts')
    const { createWorld, ORIGIN } = await import('../../../test/support/world.ts')
    const upstream = createMemoryUpstream()
    const world = await createWorld({ upstream })
    const names = { username: 'ada', password: 'correct horse', org: 'works', bucket: 'points' }
    for (const fault of ['before', 'after'] as const) {
      upstream.state.fault = () => fault
      await refused(() => world.setup.run(names, ORIGIN), 'unavailable')
      assert.equal(await world.setup.allowed(), true)
    }
    upstream.state.fault = () => undefined
    await world.setup.run(names, ORIGIN)
    assert.equal(upstream.users.size, 1)
  })
})
