import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { permission } from '../records/permission.ts'
import { requireRoomForToken } from './limits.ts'

const PAGE = { limit: 100, offset: 0, descending: false }
/** 1 KiB in 512 characters, and one byte more. */
const [LONGEST, LONGER] = ['é'.repeat(512), `${'é'.repeat(512)}x`]
const [LONGEST_TEXT, LONGER_TEXT] = ['🙂'.repeat(1024), `${'🙂'.repeat(1024)}x`]

async function setUp() {
  const world = await createWorld()
  const { caller, userID, orgID } = await world.addOperator()
  const { store, organizations, buckets, authorizations } = world
  const bucket = await buckets.create(caller, { orgID, name: 'points' })
  const permissions = [permission('read', 'buckets', { orgID })]
  const { details } = await authorizations.create(caller, { orgID, permissions })
  const stored = async () => [
    await store.users.list(PAGE),
    await organizations.list(caller.principal, {}, PAGE),
    await store.buckets.list({}, PAGE),
    await store.authorizations.list({}),
    (await world.audited()).length,
  ]
  return { ...world, caller, userID, orgID, bucket, token: details.authorization.id, permissions, stored }
}

suite('what is stored is bounded', () => {
  test('names have at most 1 KiB, and a refusal changes nothing', async () => {
    const { users, organizations, buckets, caller, userID, orgID, bucket, stored } = await setUp()
    const before = await stored()
    const work: [what: string, (name: string) => Promise<unknown>][] = [
      ['the name of a user', (name) => users.create(caller, { name })],
      ['the name of a user', (name) => users.update(caller, userID, { name })],
      ['the name of an organization', (name) => organizations.create(caller, { name })],
      ['the name of an organization', (name) => organizations.update(caller, orgID, { name })],
      ['the name of a bucket', (name) => buckets.create(caller, { orgID, name })],
      ['the name of a bucket', (name) => buckets.update(caller, bucket.id, { name })],
      ['rp', (retentionPolicy) => buckets.create(caller, { orgID, name: 'rp', retentionPolicy })],
    ]
    for (const [what, act] of work) {
      await refused(() => act(LONGER), 'unprocessable entity', `${what} may have at most 1024 bytes`)
    }
    assert.deepEqual(await stored(), before)
    for (const [index, [, act]] of work.entries()) await act(`${index}${LONGEST.slice(1)}.`)
  })

  test('descriptions have at most 4 KiB, and a refusal changes nothing', async () => {
    const { organizations, buckets, authorizations, ...world } = await setUp()
    const { caller, orgID, bucket, token, permissions, stored } = world
    const before = await stored()
    const work: [whose: string, (description: string) => Promise<unknown>][] = [
      ['an organization', (description) => organizations.create(caller, { name: 'new', description })],
      ['an organization', (description) => organizations.update(caller, orgID, { description })],
      ['a bucket', (description) => buckets.create(caller, { orgID, name: 'new', description })],
      ['a bucket', (description) => buckets.update(caller, bucket.id, { name: 'x', description })],
      ['a token', (description) => authorizations.create(caller, { orgID, permissions, description })],
      ['a token', (description) => authorizations.update(caller, token, { description, status: 'inactive' })],
    ]
    for (const [whose, act] of work) {
      const message = `the description of ${whose} may have at most 4096 bytes`
      await refused(() => act(LONGER_TEXT), 'unprocessable entity', message)
    }
    assert.deepEqual(await stored(), before)
    for (const [, act] of work) await act(LONGEST_TEXT)
  })

  test('a token has at most 1,000 permissions', async () => {
    const { authorizations, caller, orgID, stored } = await setUp()
    const before = await stored()
    const [each] = [permission('read', 'buckets', { orgID })]
    const many = (count: number) =>
      authorizations.create(caller, { orgID, permissions: Array(count).fill(each) })
    const message = 'a token may have at most 1000 permissions'
    await refused(() => many(1001), 'unprocessable entity', message)
    assert.deepEqual(await stored(), before)
    assert.equal((await many(1000)).details.permissions.length, 1000)
  })

  test('tokens of one user take at most so much together, 1.x authorizations too', async () => {
    const { store, authorizations, legacyAuthorizations, caller, orgID, userID, permissions } = await setUp()
    const message = /one user's tokens may take at most 5000000 characters/
    const many = Array(1000).fill(permission('read', 'buckets', { orgID, id: orgID }))
    const length = JSON.stringify(many).length
    for (let count = 0; (count + 1) * (length + 160) < 4_990_000; count += 1) {
      await authorizations.create(caller, { orgID, permissions: many })
      await legacyAuthorizations.create(caller, { name: `v1 ${count}`, orgID, permissions: many })
    }
    const more = { orgID, permissions: many }
    await refused(() => authorizations.create(caller, more), 'unprocessable entity', message)
    const legacy = { name: 'more', ...more }
    await refused(() => legacyAuthorizations.create(caller, legacy), 'unprocessable entity', message)
    const { count } = await store.legacyAuthorizations.sizeOfUser(userID)
    assert.ok(count > 20)

    // Small ones count too: each is read with the others.
    assert.throws(
      () => requireRoomForToken({ count: 20_000, permissionsLength: 20_000 * 90 }, permissions),
      message,
    )
    requireRoomForToken({ count: 10_000, permissionsLength: 10_000 * 90 }, permissions)
  })

  test('the names that setup is given are bounded too, and it is still allowed', async () => {
    const { setup, store } = await createWorld()
    const input = { username: 'ada', password: 'correct horse', org: 'works', bucket: 'points' }
    for (const [field, whose] of [
      ['username', 'a user'],
      ['org', 'an organization'],
      ['bucket', 'a bucket'],
    ] as const) {
      const message = `the name of ${whose} may have at most 1024 bytes`
      await refused(() => setup.run({ ...input, [field]: LONGER }, ORIGIN), 'unprocessable entity', message)
    }
    assert.deepEqual([await setup.allowed(), await store.newestID()], [true, undefined])
    await setup.run({ ...input, username: LONGEST, org: LONGEST, bucket: LONGEST }, ORIGIN)
  })
})
