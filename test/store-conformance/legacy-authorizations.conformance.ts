import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LegacyAuthorization } from '../../src/domain/records/legacy-authorization.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { AWKWARD_NAMES, authorization, GREAT_IDS, idOf, idsOf, opened, plain } from './records.conformance.ts'

const [ORG, OTHER_ORG, ADA, BOB] = [idOf(0x01), idOf(0x02), idOf(0xa1), idOf(0xb1)]

/** A 1.x authorization with this number. */
export function legacyAuthorization(
  number: number,
  fields: Partial<LegacyAuthorization> = {},
): LegacyAuthorization {
  const { id, status, description, orgID, userID, permissions, createdAt, updatedAt } = authorization(number)
  const rest = { status, description, orgID, userID, permissions, createdAt, updatedAt }
  return { id, name: `v1 ${number}`, ...rest, ...fields }
}

export function describeLegacyAuthorizationStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { legacyAuthorizations } = await opened(t, open)
    assert.equal(await legacyAuthorizations.byID(idOf(1)), undefined)
    assert.equal(await legacyAuthorizations.byName('v1 1'), undefined)
    assert.equal(await legacyAuthorizations.passwordHashOf(idOf(1)), undefined)
    assert.equal(await legacyAuthorizations.remove(idOf(1)), false)
    assert.deepEqual(await legacyAuthorizations.list({}), [])
    await legacyAuthorizations.setPasswordHash(idOf(1), 'hash')
    await legacyAuthorizations.update(legacyAuthorization(1))
    assert.equal(await legacyAuthorizations.byID(idOf(1)), undefined)
  })

  test('the size of all of a user', async (t) => {
    const { authorizations, legacyAuthorizations } = await opened(t, open)
    const both = [
      ['tokens', authorizations, authorization],
      ['1.x', legacyAuthorizations, legacyAuthorization],
    ] as const
    for (const [name, store, make] of both) {
      assert.deepEqual(plain(await store.sizeOfUser(ADA)), { count: 0, permissionsLength: 0 }, name)
      const made = [make(1, { userID: ADA }), make(2, { userID: ADA }), make(3, { userID: BOB })]
      for (const each of made) await store.add(each as never)
      const permissionsLength = 2 * JSON.stringify(made[0]?.permissions).length
      assert.deepEqual(plain(await store.sizeOfUser(ADA)), { count: 2, permissionsLength }, name)
    }
  })

  test('every field is returned unchanged, with awkward names kept apart', async (t) => {
    const { legacyAuthorizations } = await opened(t, open)
    const given = AWKWARD_NAMES.map((name, index) =>
      legacyAuthorization(index + 1, { name, description: `d"'\n🙂 ${index}`, status: 'inactive' }),
    )
    for (const each of given) assert.equal(await legacyAuthorizations.add(each), true)
    assert.deepEqual(plain(await legacyAuthorizations.list({})), given)
    for (const each of given) {
      assert.deepEqual(plain(await legacyAuthorizations.byName(each.name)), each)
      assert.deepEqual(plain(await legacyAuthorizations.byID(each.id)), each)
    }
    const found = await legacyAuthorizations.byIDs([idOf(2), idOf(999), idOf(1)])
    assert.deepEqual(idsOf(found).toSorted(), [idOf(1), idOf(2)])
  })

  test('a name is unique', async (t) => {
    const { legacyAuthorizations } = await opened(t, open)
    assert.equal(await legacyAuthorizations.add(legacyAuthorization(1)), true)
    assert.equal(await legacyAuthorizations.add(legacyAuthorization(2, { name: 'v1 1' })), false)
    assert.equal(await legacyAuthorizations.byID(idOf(2)), undefined)
  })

  test('a password is set and replaced, and an update keeps it and all but status and description', async (t) => {
    const { legacyAuthorizations } = await opened(t, open)
    const given = legacyAuthorization(1)
    await legacyAuthorizations.add(given)
    await legacyAuthorizations.add(legacyAuthorization(2))
    assert.equal(await legacyAuthorizations.passwordHashOf(given.id), undefined)
    await legacyAuthorizations.setPasswordHash(given.id, 'first')
    await legacyAuthorizations.setPasswordHash(given.id, 'second')
    const changes = { status: 'inactive', description: 'new', updatedAt: '2027-01-01T00:00:00.000Z' } as const
    await legacyAuthorizations.update({ ...given, name: 'x', orgID: OTHER_ORG, userID: BOB, ...changes })
    assert.deepEqual(plain(await legacyAuthorizations.byID(given.id)), { ...given, ...changes })
    assert.equal(await legacyAuthorizations.passwordHashOf(given.id), 'second')
    assert.equal(await legacyAuthorizations.passwordHashOf(idOf(2)), undefined)
  })

  test('lists are ordered by id and filtered; removals keep the others', async (t) => {
    const { legacyAuthorizations } = await opened(t, open)
    for (const [number, orgID, userID] of [
      [3, ORG, BOB],
      [1, ORG, ADA],
      [4, ORG, BOB],
      [2, OTHER_ORG, ADA],
    ] as const) {
      await legacyAuthorizations.add(legacyAuthorization(number, { orgID, userID }))
    }
    const listed = async (filter = {}) => idsOf(await legacyAuthorizations.list(filter)).map(Number)
    assert.deepEqual(await listed(), [1, 2, 3, 4])
    assert.deepEqual(await listed({ userID: ADA }), [1, 2])
    assert.deepEqual(await listed({ orgID: ORG }), [1, 3, 4])
    assert.deepEqual(await listed({ orgID: OTHER_ORG, userID: BOB }), [])
    assert.equal(await legacyAuthorizations.remove(idOf(3)), true)
    assert.deepEqual(await listed(), [1, 2, 4])
    await legacyAuthorizations.removeOfUser(ADA)
    assert.deepEqual(await listed(), [4])
    await legacyAuthorizations.removeOfOrganization(ORG)
    assert.deepEqual(await listed(), [])
  })

  test('its id counts as one in use', async (t) => {
    const store = await opened(t, open)
    for (const id of GREAT_IDS) {
      await store.legacyAuthorizations.add(legacyAuthorization(1, { id, name: id }))
      assert.equal(await store.newestID(), id)
    }
  })
}
