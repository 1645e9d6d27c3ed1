import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, type WorldOptions } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'

const HOUR = 3_600_000

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const { orgID, userID, caller: admin } = await world.addOperator()
  const { authorizations, clock } = world
  const permissions = [permission('read', 'buckets', { orgID })]
  const inMs = (ms: number) => new Date(clock.at + ms).toISOString()
  const made = (expiresAt?: string) => authorizations.create(admin, { orgID, permissions, expiresAt })
  const expiryOf = async (id: ID) => (await authorizations.get(admin.principal, id)).authorization.expiresAt
  const { token, details } = await made(inMs(2 * HOUR))
  return { ...world, orgID, userID, admin, inMs, made, expiryOf, token, id: details.authorization.id }
}

suite('the expiry of a token that exists', () => {
  test('is refused if it is not valid', async () => {
    const { authorizations, admin, id, inMs, expiryOf } = await setUp({ maxTokenLengthMs: 3 * HOUR })
    const before = await expiryOf(id)
    for (const expiresAt of ['', 'soon', inMs(0), inMs(-1), inMs(3 * HOUR + 1), 'never']) {
      await refused(() => authorizations.update(admin, id, { expiresAt }), 'invalid')
    }
    assert.equal(await expiryOf(id), before)
  })

  test('can be earlier, and counts for secrets and sessions at once', async () => {
    const { authorizations, admin, id, inMs, asToken, token, clock } = await setUp()
    await asToken(token)
    await authorizations.update(admin, id, { expiresAt: inMs(HOUR) })
    clock.forward(HOUR - 1)
    await asToken(token)
    clock.forward(1)
    await refused(() => asToken(token), 'unauthorized', 'token is expired')
  })

  test('can be earlier than it is if both are later than a new token may have', async () => {
    const { authorizations, admin, id, inMs, expiryOf, store } = await setUp({ maxTokenLengthMs: 3 * HOUR })
    const current = await store.authorizations.byID(id)
    assert.ok(current)
    await store.authorizations.update({ ...current, expiresAt: inMs(9 * HOUR) })
    await authorizations.update(admin, id, { expiresAt: inMs(8 * HOUR) })
    assert.equal(await expiryOf(id), inMs(8 * HOUR))
    await refused(() => authorizations.update(admin, id, { expiresAt: inMs(9 * HOUR) }), 'invalid')
  })

  test('can be later, or never, for a caller who may create such a token', async () => {
    const { authorizations, admin, id, inMs, expiryOf, asToken, token, clock } = await setUp()
    await asToken(token)
    await authorizations.update(admin, id, { expiresAt: inMs(3 * HOUR) })
    clock.forward(2.5 * HOUR)
    await asToken(token)
    await authorizations.update(admin, id, { expiresAt: 'never' })
    assert.equal(await expiryOf(id), undefined)
    clock.forward(1000 * HOUR)
    await asToken(token)
  })

  test('cannot be later for a caller without the permissions of the token, but earlier', async () => {
    const { authorizations, admin, orgID, userID, addToken, id, inMs, expiryOf, asToken } = await setUp()
    const few = (['read', 'write'] as const).flatMap((action) => [
      permission(action, 'authorizations', { orgID }),
      permission(action, 'users', { id: userID }),
    ])
    const caller = await asToken((await addToken(admin, userID, orgID, few)).token)
    for (const expiresAt of [inMs(3 * HOUR), 'never']) {
      await refused(() => authorizations.update(caller, id, { expiresAt }), 'forbidden', /is not allowed/)
    }
    await authorizations.update(caller, id, { expiresAt: inMs(HOUR) })
    assert.equal(await expiryOf(id), inMs(HOUR))
    const reader = await asToken((await addToken(admin, userID, orgID, few.slice(0, 2))).token)
    await refused(() => authorizations.update(reader, id, { expiresAt: inMs(1) }), 'unauthorized')
  })

  test('cannot be later than that of the token, or of the rights, that prolong it', async () => {
    const { authorizations, admin, orgID, userID, id, inMs, asToken, expiryOf } = await setUp()
    const permissions = [
      permission('read', 'buckets', { orgID }),
      ...(['read', 'write'] as const).flatMap((action) => [
        permission(action, 'authorizations', { orgID }),
        permission(action, 'users', { id: userID }),
      ]),
    ]
    const maker = await authorizations.create(admin, { orgID, permissions, expiresAt: inMs(3 * HOUR) })
    const caller = await asToken(maker.token)
    for (const expiresAt of [inMs(3 * HOUR + 1), 'never']) {
      await refused(() => authorizations.update(caller, id, { expiresAt }), 'forbidden', /may not outlive/)
      const own = maker.details.authorization.id
      await refused(() => authorizations.update(caller, own, { expiresAt }), 'forbidden', /may not outlive/)
    }
    await authorizations.update(caller, id, { expiresAt: inMs(3 * HOUR) })
    assert.equal(await expiryOf(id), inMs(3 * HOUR))
  })

  test('cannot be changed once the token has expired, even if the clock is set back', async () => {
    const { authorizations, admin, id, inMs, asToken, token, clock, expiryOf } = await setUp()
    const before = await expiryOf(id)
    clock.forward(2 * HOUR)
    const later = () => authorizations.update(admin, id, { expiresAt: inMs(5 * HOUR) })
    await refused(later, 'invalid', /has expired/)
    await refused(() => asToken(token), 'unauthorized', 'token is expired')
    clock.forward(-HOUR)
    await refused(later, 'invalid', /has expired/)
    await authorizations.update(admin, id, { expiresAt: before, description: 'kept' })
  })
})

suite('the secret before a rotation', () => {
  test('is revoked by an update, before its grace period ends', async () => {
    const { authorizations, admin, id, inMs, asToken, token } = await setUp()
    const rotated = await authorizations.rotate(admin, id, 3600)
    const graceUntil = rotated.details.authorization.previous?.until
    assert.equal(graceUntil, inMs(HOUR))
    await asToken(token)
    await authorizations.update(admin, id, { graceUntil, description: 'repeated' })
    await asToken(token)
    await authorizations.update(admin, id, { graceUntil: 'now' })
    await refused(() => asToken(token), 'unauthorized')
    await asToken(rotated.token)
  })

  test('cannot be kept for longer by an update', async () => {
    const { authorizations, admin, id, inMs } = await setUp()
    await refused(() => authorizations.update(admin, id, { graceUntil: inMs(HOUR) }), 'invalid')
    await authorizations.rotate(admin, id, 60)
    await refused(() => authorizations.update(admin, id, { graceUntil: inMs(HOUR) }), 'invalid')
  })
})
