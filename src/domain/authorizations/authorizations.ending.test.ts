import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY, type WorldOptions } from '../../../test/support/world.ts'
import { may } from '../access/principal.ts'
import { permission } from '../records/permission.ts'

const HOUR = 3_600_000

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const { orgID, caller: admin } = operator
  const userID = await world.addUser('ada')
  const reading = permission('read', 'buckets', { orgID })
  const inMs = (ms: number) => new Date(world.clock.at + ms).toISOString()
  const create = (expiresAt?: string) =>
    world.authorizations.create(admin, { orgID, userID, permissions: [reading], expiresAt })
  return { ...world, operator, orgID, admin, userID, reading, inMs, create }
}

suite('a token with an expiry', () => {
  test('is refused if its expiry is not valid', async () => {
    const { create, inMs, authorizations, admin } = await setUp({ maxTokenLengthMs: HOUR })
    for (const end of ['soon', inMs(0), inMs(HOUR + 1)]) await refused(() => create(end), 'invalid')
    assert.deepEqual(await authorizations.list(admin.principal, {}), [])
  })

  test('reports its expiry, and is refused from that millisecond on', async () => {
    const { create, inMs, asToken, clock } = await setUp()
    const { token, details } = await create(inMs(HOUR))
    assert.equal(details.authorization.expiresAt, inMs(HOUR))
    await asToken(token)
    clock.forward(HOUR - 1)
    await asToken(token)
    clock.forward(1)
    await refused(() => asToken(token), 'unauthorized', 'token is expired')
  })

  test('stays expired once it was reported expired, even if the clock is set back', async () => {
    const { create, inMs, asToken, clock, store, principals, userID } = await setUp()
    const [told, untold] = [await create(inMs(HOUR)), await create(inMs(HOUR))]
    clock.forward(730 * 24 * HOUR)
    await refused(() => asToken(told.token), 'unauthorized', 'token is expired')
    await refused(() => asToken(told.token), 'unauthorized', 'token is expired')
    clock.forward(-730 * 24 * HOUR)
    for (const restarted of [false, true]) {
      if (restarted) principals.forget(userID)
      await refused(() => asToken(told.token), 'unauthorized', 'token is expired')
    }
    await asToken(untold.token)
    const marked = (await store.authorizations.list({ userID })).map(({ expired }) => expired)
    assert.deepEqual(marked, [true, undefined])
  })

  test('gives a session no permissions once it is marked expired', async () => {
    const { create, inMs, asUser, clock, store, principals, userID, reading } = await setUp()
    await create(inMs(HOUR))
    assert.ok(may((await asUser(userID)).principal, reading))
    clock.forward(HOUR)
    await store.authorizations.markExpired(inMs(0))
    clock.forward(-HOUR)
    principals.forget(userID)
    assert.ok(!may((await asUser(userID)).principal, reading))
  })

  test('is not reported expired if that cannot be persisted', async (t) => {
    const { create, inMs, asToken, clock, store } = await setUp()
    const { token } = await create(inMs(HOUR))
    clock.forward(HOUR)
    t.mock.method(store.authorizations, 'markExpired', () => Promise.reject(new Error('full')))
    await assert.rejects(asToken(token), /full/)
    t.mock.reset()
    await refused(() => asToken(token), 'unauthorized', 'token is expired')
  })

  test('gets the longest allowed lifetime if no expiry is requested', async () => {
    const { create, asToken, clock } = await setUp({ maxTokenLengthMs: HOUR })
    const { token } = await create()
    clock.forward(HOUR)
    await refused(() => asToken(token), 'unauthorized', 'token is expired')
  })

  test('keeps its expiry when it is updated', async () => {
    const { create, inMs, authorizations, admin, clock, asToken } = await setUp()
    const { token, details } = await create(inMs(HOUR))
    const { id } = details.authorization
    await authorizations.update(admin, id, { description: 'new' })
    await authorizations.rotate(admin, id, 0)
    clock.forward(HOUR)
    const { authorization } = await authorizations.get(admin.principal, id)
    assert.equal(authorization.expiresAt, new Date(clock.at).toISOString())
    await refused(() => asToken(token), 'unauthorized')
  })
})

suite('a token that creates tokens', () => {
  /** A caller with an operator token that expires in an hour. */
  async function setUpMaker() {
    const world = await setUp()
    const { admin, orgID, operator, authorizations, inMs, asToken } = world
    const permissions = [
      ...(['read', 'write'] as const).flatMap((action) => [
        permission(action, 'authorizations', { orgID }),
        permission(action, 'users', { id: operator.userID }),
      ]),
      world.reading,
    ]
    const made = await authorizations.create(admin, { orgID, permissions, expiresAt: inMs(HOUR) })
    const { id } = made.details.authorization
    const maker = await asToken(made.token)
    const make = (by: typeof maker, expiresAt?: string) =>
      authorizations.create(by, { orgID, permissions: [world.reading], expiresAt })
    return { ...world, maker, token: made.token, id, make }
  }
  const message = (end: string) => `a token may not outlive the one that gives it out, which ends ${end}`

  test('is not outlived by them', async () => {
    const { maker, make, inMs, admin } = await setUpMaker()
    assert.equal((await make(maker)).details.authorization.expiresAt, inMs(HOUR))
    assert.equal((await make(maker, inMs(1000))).details.authorization.expiresAt, inMs(1000))
    await refused(() => make(maker, inMs(HOUR + 1)), 'forbidden', message(inMs(HOUR)))
    assert.equal((await make(admin)).details.authorization.expiresAt, undefined)
  })

  test('cannot rotate a token that lives longer, but can rotate itself', async () => {
    const { maker, make, admin, inMs, id, authorizations, asToken } = await setUpMaker()
    const { details } = await make(admin)
    const rotating = authorizations.rotate(maker, details.authorization.id, 0)
    await refused(() => rotating, 'forbidden', message(inMs(HOUR)))
    const { token } = await authorizations.rotate(maker, id, 0)
    assert.equal((await make(await asToken(token))).details.authorization.expiresAt, inMs(HOUR))
  })

  test('expires with its grace period if it is a rotated secret', async () => {
    const { make, admin, id, token, inMs, authorizations, asToken } = await setUpMaker()
    await authorizations.rotate(admin, id, 60)
    const old = await asToken(token)
    assert.equal((await make(old)).details.authorization.expiresAt, inMs(60_000))
    await refused(() => authorizations.rotate(old, id, 0), 'forbidden', message(inMs(60_000)))
  })
})

suite('rotating a token', () => {
  test('requires the permissions for an update and every permission of the token', async () => {
    const { authorizations, addToken, admin, orgID, userID, operator, reading, asToken } = await setUp()
    const { id } = await addToken(admin, operator.userID, orgID, [reading])
    const few = [
      permission('write', 'authorizations', { orgID }),
      permission('read', 'authorizations', { orgID }),
      permission('write', 'users', { id: operator.userID }),
      permission('read', 'users', { id: operator.userID }),
    ]
    const caller = await asToken((await addToken(admin, userID, orgID, few)).token)
    await refused(() => authorizations.rotate(caller, id, 0), 'forbidden', /^permission .* is not allowed/)
    const reader = await asToken((await addToken(admin, userID, orgID, [...few.slice(1), reading])).token)
    const message = `write:orgs/${orgID}/authorizations/${id} is unauthorized`
    await refused(() => authorizations.rotate(reader, id, 0), 'unauthorized', message)
  })

  test('is refused for a missing token and for an invalid grace period', async () => {
    const { authorizations, admin, create, asToken } = await setUp()
    await refused(() => authorizations.rotate(admin, NOBODY, 0), 'not found', 'authorization not found')
    const { token, details } = await create()
    await refused(() => authorizations.rotate(admin, details.authorization.id, -1), 'invalid')
    await asToken(token)
  })

  test('revokes the old secret at once, or at the end of its grace period', async () => {
    const { authorizations, admin, create, asToken, clock, audited } = await setUp()
    const { token: first, details } = await create()
    const { id } = details.authorization
    await asToken(first)
    const { token: second } = await authorizations.rotate(admin, id, 0)
    await refused(() => asToken(first), 'unauthorized', 'unauthorized access')
    assert.equal((await asToken(second)).principal.authorizationID, id)

    const { token: third } = await authorizations.rotate(admin, id, 60)
    for (const token of [second, third]) assert.equal((await asToken(token)).principal.authorizationID, id)
    clock.forward(59_999)
    await asToken(second)
    clock.forward(1)
    await refused(() => asToken(second), 'unauthorized', 'unauthorized access')
    await asToken(third)
    assert.equal((await audited({ event: 'authorization.rotate' })).length, 2)
    assert.ok(!JSON.stringify(await audited()).includes(third))
  })

  test('ends the grace period of the secret before', async () => {
    const { authorizations, admin, create, asToken } = await setUp()
    const { token: first, details } = await create()
    const { token: second } = await authorizations.rotate(admin, details.authorization.id, 60)
    await asToken(first)
    await authorizations.rotate(admin, details.authorization.id, 60)
    await refused(() => asToken(first), 'unauthorized')
    await asToken(second)
  })

  test('with a bucket permission does not deadlock', {
    timeout: 10_000,
  }, async () => {
    const { authorizations, buckets, addToken, admin, orgID, userID, asToken } = await setUp()
    const { id: bucketID } = await buckets.create(admin, { orgID, name: 'points' })
    const naming = permission('read', 'buckets', { orgID, id: bucketID })
    const { id } = await addToken(admin, userID, orgID, [naming])
    await asToken((await authorizations.rotate(admin, id, 0)).token)
  })
})

suite('a recent sign-in', () => {
  test('is required only for powerful tokens, when they are created and when they are rotated', async () => {
    const world = await setUp({ freshMs: 300_000 })
    const { authorizations, operator, orgID, reading, startSession, asSession, addToken, clock } = world
    const { key } = await startSession(operator.userID)
    const powerful = [permission('read', 'buckets')]
    const make = async (permissions: typeof powerful) =>
      authorizations.create(await asSession(key), { orgID, permissions })
    await make(powerful)
    const { id } = await addToken(operator.caller, operator.userID, orgID, powerful)
    clock.forward(300_000)
    await refused(() => make(powerful), 'forbidden', /sign in again/)
    await refused(
      async () => authorizations.rotate(await asSession(key), id, 0),
      'forbidden',
      /sign in again/,
    )
    await make([reading])
  })

  test('a secret whose grace period has ended stays refused, even if the clock is set back', async () => {
    const { create, authorizations, admin, asToken, clock, principals, userID } = await setUp()
    const { token, details } = await create()
    const rotated = await authorizations.rotate(admin, details.authorization.id, 60)
    await asToken(token)
    clock.forward(60_000)
    await refused(() => asToken(token), 'unauthorized', 'unauthorized access')
    clock.forward(-60_000)
    principals.forget(userID)
    await refused(() => asToken(token), 'unauthorized', 'unauthorized access')
    await asToken(rotated.token)
  })
})
