import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { may } from '../access/principal.ts'
import { permission } from '../records/permission.ts'

const INPUT = { username: 'ada', password: 'correct horse', org: 'works', bucket: 'points' }
const PAGE = { limit: 100, offset: 0, descending: false }

const DONE = 'onboarding has already been completed'

const CHOSEN = 'chosen-0123456789'

suite('a refused setup', () => {
  test('stores nothing, and setup is still allowed', async () => {
    const { setup, store } = await createWorld()
    const invalidInputs = [
      { ...INPUT, password: 'short' },
      { ...INPUT, org: '  ' },
      { ...INPUT, bucket: '_points' },
      { ...INPUT, bucket: 'my "points"' },
    ]
    for (const input of invalidInputs) await refused(() => setup.run(input, ORIGIN), 'invalid')
    for (const retentionPeriodSeconds of [-1, 60]) {
      await refused(() => setup.run({ ...INPUT, retentionPeriodSeconds }, ORIGIN), 'unprocessable entity')
    }
    const counts = [await store.users.count(), await store.organizations.count(), await store.newestID()]
    assert.deepEqual(counts, [0, 0, undefined])
    assert.ok(await setup.allowed())
  })

  test('is checked before it is asked for, without effect, and only while setup is allowed', async () => {
    const { setup, store, addOperator } = await createWorld({ policy: 'common' })
    await refused(() => setup.check({ username: 'ada', password: 'password1' }), 'invalid', /common/)
    await refused(() => setup.check({ username: 'adalovelace', password: 'adalovelace1' }), 'invalid')
    await refused(
      () => setup.check({ username: 'a'.repeat(1025), password: 'a horse that reads' }),
      'unprocessable entity',
    )
    await setup.check({ username: 'ada', password: 'a horse that reads' })
    assert.equal(await store.users.count(), 0)
    await addOperator()
    await refused(() => setup.check({ username: 'ada', password: 'password1' }), 'conflict', DONE)
  })

  test('names the missing fields', async () => {
    const { setup } = await createWorld()
    const message = (names: string) => `onboarding failed: missing required fields [${names}]`
    await refused(() => setup.run({}, ORIGIN), 'unprocessable entity', message('username,org,bucket'))
    await refused(() => setup.run({ ...INPUT, org: '' }, ORIGIN), 'unprocessable entity', message('org'))
  })

  test('is refused because a user or an organization exists', async () => {
    const { setup, store, organizations, addOperator } = await createWorld()
    const { caller, userID, orgID } = await addOperator()
    await refused(() => setup.run(INPUT, ORIGIN), 'conflict', DONE)
    await organizations.remove(caller, orgID)
    assert.equal(await store.organizations.count(), 0)
    await refused(() => setup.run(INPUT, ORIGIN), 'conflict', DONE)
    await organizations.create(caller, { name: 'again' })
    // The service never removes the last operator, but a damaged database may lack users.
    await store.users.remove(userID)
    assert.equal(await store.users.count(), 0)
    assert.ok(!(await setup.allowed()))
    await refused(() => setup.run(INPUT, ORIGIN), 'conflict', DONE)
  })
})

suite('setup', () => {
  test('succeeds exactly once if it is run concurrently', async () => {
    const { setup, store } = await createWorld()
    const attempts = Array.from({ length: 4 }, (_, index) =>
      setup.run({ ...INPUT, username: `user ${index}`, org: `org ${index}` }, ORIGIN),
    )
    const settled = await Promise.allSettled(attempts)
    const refusals = settled.filter((each) => each.status === 'rejected').map(({ reason }) => reason.message)
    assert.deepEqual(refusals, [DONE, DONE, DONE])
    assert.deepEqual([await store.users.count(), await store.organizations.count()], [1, 1])
    assert.equal((await store.buckets.list({}, PAGE)).length, 3)
  })

  test('creates an operator, an organization, a bucket and a token', async () => {
    const { setup, store, asUser, asToken, enter } = await createWorld()
    const made = await setup.run({ ...INPUT, token: CHOSEN, retentionPeriodSeconds: 3600 }, ORIGIN)
    assert.equal(made.token, CHOSEN)
    assert.equal(made.authorization.description, "ada's Token")
    const { user, organization, bucket } = made
    assert.deepEqual([bucket.name, bucket.orgID, bucket.retentionSeconds], ['points', organization.id, 3600])
    const memberships = await store.memberships.ofUser(user.id)
    const joined = memberships.map(({ resourceType, role }) => `${role} of ${resourceType}`)
    assert.deepEqual(joined, ['owner of instance', 'owner of orgs'])

    const wanted = permission('write', 'users')
    assert.ok(may((await asUser(user.id)).principal, wanted))
    assert.ok(may((await asToken(CHOSEN)).principal, wanted))
    await enter('ada', 'correct horse')
  })

  test('gives the user, the organization, its buckets and the token ascending ids', async () => {
    const { setup } = await createWorld()
    const { user, organization, bucket, authorization } = await setup.run(INPUT, ORIGIN)
    const ids = [user.id, organization.id, bucket.id, authorization.id]
    assert.deepEqual(ids, ids.toSorted())
  })

  test('without a password creates a user who cannot sign in yet, and a token that works', async () => {
    const { setup, enter, asToken } = await createWorld()
    const { token } = await setup.run({ ...INPUT, password: undefined }, ORIGIN)
    assert.match(token, /^[A-Za-z0-9_-]{86}==$/)
    await refused(() => enter('ada', ''), 'unauthorized')
    await asToken(token)
  })
})
