import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operatorPermissions } from '../../src/domain/access/grants.ts'
import type { Authorization, TokenGrant } from '../../src/domain/records/authorization.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { authorization, idOf, idsOf, MANY, opened, plain } from './records.conformance.ts'

const [ORG, OTHER_ORG, ADA, BOB] = [idOf(0x01), idOf(0x02), idOf(0xa1), idOf(0xb1)]

export function describeAuthorizationStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { authorizations } = await opened(t, open)
    assert.equal(await authorizations.byID(idOf(1)), undefined)
    assert.equal(await authorizations.byHash('hash'), undefined)
    assert.equal(await authorizations.remove(idOf(1)), false)
    assert.deepEqual(await authorizations.list({}), [])
    assert.deepEqual(await authorizations.usersOfOrganization(ORG), [])
    await authorizations.removeOfUser(ADA)
    await authorizations.removeOfOrganization(ORG)
    await authorizations.update(authorization(1))
    assert.equal(await authorizations.byID(idOf(1)), undefined)
  })

  test('a token is unique', async (t) => {
    const { authorizations } = await opened(t, open)
    assert.equal(await authorizations.add(authorization(1)), true)
    const second = authorization(2, { hashedToken: authorization(1).hashedToken })
    assert.equal(await authorizations.add(second), false)
    assert.equal(await authorizations.byID(idOf(2)), undefined)
    assert.equal((await authorizations.byHash(second.hashedToken))?.id, idOf(1))
  })

  test('every field is returned unchanged, with many permissions and in every script', async (t) => {
    const { authorizations } = await opened(t, open)
    const permissions = [
      ...operatorPermissions(),
      { action: 'read', resource: { type: 'buckets', id: idOf(7), orgID: ORG } } as const,
    ]
    const given = authorization(1, { permissions, description: `d"'\n🙂`, status: 'inactive' })
    await authorizations.add(given)
    assert.deepEqual(plain(await authorizations.byID(idOf(1))), given)
    assert.deepEqual(plain(await authorizations.byHash(given.hashedToken)), given)
    assert.deepEqual(plain(await authorizations.list({})), [given])
  })

  test('finds the existing ones of many ids', async (t) => {
    const { authorizations } = await opened(t, open)
    for (const number of [1, 2, 3]) await authorizations.add(authorization(number))
    assert.deepEqual(await authorizations.byIDs([]), [])
    const found = await authorizations.byIDs([3, 1, 9].map(idOf))
    assert.deepEqual(idsOf(found).toSorted(), [1, 3].map(idOf))
    assert.deepEqual(plain(found.find(({ id }) => id === idOf(1))), authorization(1))
  })

  test('a hash matches exactly, including case', async (t) => {
    const { authorizations } = await opened(t, open)
    await authorizations.add(authorization(1, { hashedToken: '$influxdb2-sha256$AbC_-=' }))
    for (const other of ['$influxdb2-sha256$abc_-=', '$influxdb2-sha256$AbC_-', '%', '']) {
      assert.equal(await authorizations.byHash(other), undefined)
    }
  })

  test('what active tokens grant is listed once, without those switched off or marked expired', async (t) => {
    const { authorizations } = await opened(t, open)
    const permissions = [{ action: 'read', resource: { type: 'tasks', orgID: ORG } }] as const
    const expiresAt = '2030-01-31T12:00:00.000Z'
    const all = [
      ...[1, 2].map((number) => authorization(number, { userID: ADA, orgID: ORG })),
      authorization(3, { userID: ADA, orgID: OTHER_ORG }),
      authorization(4, { userID: ADA, orgID: ORG, permissions }),
      authorization(5, { userID: ADA, orgID: ORG, expiresAt }),
      authorization(6, { userID: BOB, orgID: ORG }),
      authorization(7, { userID: ADA, orgID: idOf(0x03), status: 'inactive' }),
      authorization(8, { userID: ADA, orgID: idOf(0x03), expiresAt }),
    ]
    await authorizations.addAll(all)
    await authorizations.markExpired('2031-01-01T00:00:00.000Z', idOf(8))
    const given = all.slice(1, 6)
    const sorted = (grants: readonly TokenGrant[]) =>
      grants
        .map(({ userID, orgID, permissions, status, expiresAt }) =>
          JSON.stringify([userID, orgID, permissions, status, expiresAt]),
        )
        .toSorted()
    assert.deepEqual(sorted(await authorizations.grants({})), sorted(given))
    const ofAda = given.filter(({ userID }) => userID === ADA)
    assert.deepEqual(sorted(await authorizations.grants({ userID: ADA })), sorted(ofAda))
    const inOther = ofAda.filter(({ orgID }) => orgID === OTHER_ORG)
    assert.deepEqual(sorted(await authorizations.grants({ orgID: OTHER_ORG })), sorted(inOther))
    assert.deepEqual(await authorizations.grants({ userID: idOf(0xc1) }), [])
  })

  test('many are added at once, and taken hashes are found among others, current and previous', async (t) => {
    const { authorizations } = await opened(t, open)
    const many = Array.from({ length: MANY }, (_, index) =>
      authorization(index + 1, { description: `d ${index}` }),
    )
    await authorizations.addAll([])
    await authorizations.addAll(many)
    assert.deepEqual(plain(await authorizations.list({})), many)
    const hashes = many.map(({ hashedToken }) => hashedToken)
    assert.deepEqual(await authorizations.takenAmong([]), new Set())
    assert.deepEqual(await authorizations.takenAmong([...hashes, 'free']), new Set(hashes))
    const previous = { hashedToken: hashes[0] ?? '', until: '2030-01-31T12:00:00.000Z' }
    await authorizations.update({ ...authorization(1), hashedToken: 'second', previous })
    assert.deepEqual(
      await authorizations.takenAmong(['second', 'third', previous.hashedToken]),
      new Set(['second', previous.hashedToken]),
    )
    await assert.rejects(authorizations.addAll([authorization(5000), authorization(2)]))
  })

  test('one is found by any form of its secret, current or previous', async (t) => {
    const { authorizations } = await opened(t, open)
    const given = authorization(1)
    await authorizations.add(given)
    await authorizations.add(authorization(2))
    const { hashedToken } = given
    assert.equal((await authorizations.byHash('other form', hashedToken))?.id, idOf(1))
    assert.equal((await authorizations.byHash(hashedToken, 'other form'))?.id, idOf(1))
    assert.equal(await authorizations.byHash('one form', 'other form'), undefined)
    const previous = { hashedToken, until: '2030-01-31T12:00:00.000Z' }
    await authorizations.update({ ...given, hashedToken: 'second', previous })
    assert.equal((await authorizations.byHash('other form', hashedToken))?.id, idOf(1))
  })

  test('an update replaces status, description, expiry and update time, nothing else', async (t) => {
    const { authorizations } = await opened(t, open)
    const given = authorization(1)
    await authorizations.add(given)
    await authorizations.add(authorization(2))
    const times = { updatedAt: '2027-01-01T00:00:00.000Z', expiresAt: '2030-01-01T00:00:00.000Z' }
    const changes = { status: 'inactive', description: 'new', ...times } as const
    const other: Partial<Authorization> = { permissions: [], orgID: OTHER_ORG, userID: BOB, createdAt: 'x' }
    await authorizations.update({ ...given, ...other, ...changes })
    assert.deepEqual(plain(await authorizations.byID(idOf(1))), { ...given, ...changes })
    assert.deepEqual(plain(await authorizations.byID(idOf(2))), authorization(2))
    await authorizations.update({ ...given, expiresAt: undefined })
    assert.equal((await authorizations.byID(idOf(1)))?.expiresAt, undefined)
  })

  test('active tokens that expire soon, and those never used, are counted', async (t) => {
    const { authorizations } = await opened(t, open)
    const at = (day: number) => `2030-01-${String(day).padStart(2, '0')}T00:00:00.000Z`
    const given: Partial<Authorization>[] = [
      {},
      { expiresAt: at(1) },
      { expiresAt: at(2) },
      { expiresAt: at(30) },
      { expiresAt: at(31) },
      { expiresAt: '+010000-01-01T00:00:00.000Z' },
      { expiresAt: at(20), status: 'inactive' },
      { status: 'inactive' },
    ]
    for (const [index, more] of given.entries())
      await authorizations.add(authorization(index + 1, { expiresAt: undefined, status: 'active', ...more }))
    assert.deepEqual(await authorizations.noteworthy(at(1), at(30)), { expiring: 2, neverUsed: 5 })
    await authorizations.noteUse([{ id: idOf(3), at: at(1) }])
    assert.deepEqual(await authorizations.noteworthy(at(1), at(30)), { expiring: 2, neverUsed: 4 })
    await authorizations.markExpired(at(10))
    assert.deepEqual(await authorizations.noteworthy(at(1), at(30)), { expiring: 1, neverUsed: 4 })
  })

  /** 1: Ada in ORG, 2: Ada in OTHER_ORG, 3: Bob in ORG, 4: Bob in ORG. */
  async function withFour(open: OpenIdentityStore, t: Parameters<typeof opened>[0]) {
    const store = await opened(t, open)
    const given = [
      authorization(3, { orgID: ORG, userID: BOB }),
      authorization(1, { orgID: ORG, userID: ADA }),
      authorization(4, { orgID: ORG, userID: BOB }),
      authorization(2, { orgID: OTHER_ORG, userID: ADA }),
    ]
    for (const each of given) await store.authorizations.add(each)
    const { authorizations } = store
    const listed = async (filter = {}) => idsOf(await authorizations.list(filter)).map(Number)
    return { authorizations, listed }
  }

  test('lists are ordered by id and filtered by user, by organization, by both', async (t) => {
    const { listed } = await withFour(open, t)
    assert.deepEqual(await listed(), [1, 2, 3, 4])
    assert.deepEqual(await listed({ userID: ADA }), [1, 2])
    assert.deepEqual(await listed({ orgID: ORG }), [1, 3, 4])
    assert.deepEqual(await listed({ orgID: ORG, userID: BOB }), [3, 4])
    assert.deepEqual(await listed({ orgID: OTHER_ORG, userID: BOB }), [])
  })

  test('the users of an organization are each listed once', async (t) => {
    const { authorizations } = await withFour(open, t)
    assert.deepEqual((await authorizations.usersOfOrganization(ORG)).toSorted(), [ADA, BOB])
    assert.deepEqual(await authorizations.usersOfOrganization(OTHER_ORG), [ADA])
  })

  test('the tokens of many organizations are counted; one without tokens is absent', async (t) => {
    const { authorizations } = await withFour(open, t)
    const counts = await authorizations.countByOrganization([ORG, OTHER_ORG, idOf(99)])
    const listed = async (orgID: typeof ORG) => (await authorizations.list({ orgID })).length
    assert.deepEqual([...counts].toSorted(), [
      [ORG, await listed(ORG)],
      [OTHER_ORG, await listed(OTHER_ORG)],
    ])
  })

  test('removing one, all of a user or all of an organization keeps the others', async (t) => {
    const { authorizations, listed } = await withFour(open, t)
    assert.equal(await authorizations.remove(idOf(3)), true)
    assert.equal(await authorizations.remove(idOf(3)), false)
    assert.deepEqual(await listed(), [1, 2, 4])
    await authorizations.removeOfUser(ADA)
    assert.deepEqual(await listed(), [4])
    await authorizations.removeOfOrganization(ORG)
    assert.deepEqual(await listed(), [])
    assert.equal(await authorizations.byHash(authorization(4).hashedToken), undefined)
  })
}
