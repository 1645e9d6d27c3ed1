import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DbrpMapping } from '../../src/domain/records/dbrp-mapping.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { GREAT_IDS, idOf, idsOf, MANY, opened, plain } from './records.conformance.ts'

const [ORG, OTHER_ORG, BUCKET, OTHER_BUCKET] = [idOf(0x01), idOf(0x02), idOf(0xe1), idOf(0xe2)]

/** The mapping of `db` and `rp N` to a bucket. */
export const dbrpMapping = (number: number, fields: Partial<DbrpMapping> = {}): DbrpMapping => ({
  ...{ id: idOf(number), orgID: ORG, bucketID: BUCKET },
  ...{ database: 'db', retentionPolicy: `rp ${number}`, isDefault: false },
  ...fields,
})

export function describeDbrpMappingStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { dbrpMappings } = await opened(t, open)
    assert.equal(await dbrpMappings.resolve(ORG, 'db'), undefined)
    assert.equal(await dbrpMappings.resolve(ORG, 'db', 'rp 1'), undefined)
    assert.equal(await dbrpMappings.remove(idOf(1)), false)
    assert.deepEqual(await dbrpMappings.byIDs([idOf(1)]), [])
    assert.deepEqual(await dbrpMappings.list({}), [])
    await dbrpMappings.replaceAll([])
  })

  test('a database and retention policy resolve within their organization, without one to the default', async (t) => {
    const { dbrpMappings } = await opened(t, open)
    const given = [
      dbrpMapping(1),
      dbrpMapping(2, { isDefault: true, bucketID: OTHER_BUCKET }),
      dbrpMapping(3, { database: 'DB', isDefault: true }),
      dbrpMapping(4, { orgID: OTHER_ORG, retentionPolicy: 'rp 1', isDefault: true }),
    ]
    for (const each of given) assert.equal(await dbrpMappings.add(each), true)
    assert.equal(await dbrpMappings.add(dbrpMapping(5, { retentionPolicy: 'rp 1' })), false)
    assert.deepEqual(plain(await dbrpMappings.list({})), given)
    const resolved = async (...wanted: Parameters<typeof dbrpMappings.resolve>) =>
      Number((await dbrpMappings.resolve(...wanted))?.id ?? 0)
    assert.equal(await resolved(ORG, 'db'), 2)
    assert.equal(await resolved(ORG, 'db', 'rp 1'), 1)
    assert.equal(await resolved(ORG, 'db', ''), 0)
    assert.equal(await resolved(ORG, 'DB'), 3)
    assert.equal(await resolved(OTHER_ORG, 'db'), 4)
    assert.equal(await resolved(OTHER_ORG, 'db', 'rp 2'), 0)
    assert.deepEqual(idsOf(await dbrpMappings.list({ orgID: ORG, database: 'db' })), [idOf(1), idOf(2)])
    assert.deepEqual(idsOf(await dbrpMappings.list({ bucketID: OTHER_BUCKET })), [idOf(2)])
    assert.deepEqual(idsOf(await dbrpMappings.byIDs([idOf(4), idOf(9)])), [idOf(4)])
  })

  test('a new default takes the place of the earlier one of its database only', async (t) => {
    const { dbrpMappings } = await opened(t, open)
    await dbrpMappings.add(dbrpMapping(1, { isDefault: true }))
    await dbrpMappings.add(dbrpMapping(2, { database: 'other', isDefault: true }))
    await dbrpMappings.add(dbrpMapping(3, { isDefault: true }))
    const defaults = (await dbrpMappings.list({})).filter(({ isDefault }) => isDefault)
    assert.deepEqual(idsOf(defaults), [idOf(2), idOf(3)])
  })

  test('when a default is removed, the mapping with the lowest id is the default', async (t) => {
    const { dbrpMappings } = await opened(t, open)
    const defaults = async () =>
      idsOf((await dbrpMappings.list({})).filter(({ isDefault }) => isDefault)).map(Number)
    for (const number of [4, 3, 2]) await dbrpMappings.add(dbrpMapping(number))
    await dbrpMappings.add(dbrpMapping(1, { isDefault: true, bucketID: OTHER_BUCKET }))
    await dbrpMappings.add(dbrpMapping(5, { orgID: OTHER_ORG, isDefault: true }))
    assert.equal(await dbrpMappings.remove(idOf(4)), true)
    assert.deepEqual(await defaults(), [1, 5])
    await dbrpMappings.removeOfBucket(OTHER_BUCKET)
    assert.deepEqual(await defaults(), [2, 5])
    assert.equal(await dbrpMappings.remove(idOf(2)), true)
    assert.deepEqual(await defaults(), [3, 5])
    await dbrpMappings.removeOfOrganization(ORG)
    assert.deepEqual(idsOf(await dbrpMappings.list({})), [idOf(5)])
  })

  test('all are replaced at once, however many there are', async (t) => {
    const { dbrpMappings } = await opened(t, open)
    await dbrpMappings.add(dbrpMapping(1))
    const many = Array.from({ length: MANY }, (_, index) =>
      dbrpMapping(index + 2, { isDefault: index === 0 }),
    )
    await dbrpMappings.replaceAll(many)
    assert.deepEqual(plain(await dbrpMappings.list({})), many)
    await dbrpMappings.replaceAll([])
    assert.deepEqual(await dbrpMappings.list({}), [])
  })

  test('its id counts as one in use', async (t) => {
    const store = await opened(t, open)
    for (const id of GREAT_IDS) {
      await store.dbrpMappings.add(dbrpMapping(1, { id, retentionPolicy: id }))
      assert.equal(await store.newestID(), id)
    }
  })
}

export function describeImportedRecordStore(open: OpenIdentityStore): void {
  test('keys that were noted are found among others, also many and twice', async (t) => {
    const { importedRecords } = await opened(t, open)
    const keys = Array.from({ length: MANY }, (_, index) => `users/${idOf(index + 1)}`)
    await importedRecords.note([])
    await importedRecords.note(keys.slice(1))
    await importedRecords.note(keys.slice(1, 3))
    assert.deepEqual([...(await importedRecords.among(keys))].toSorted(), keys.slice(1))
    assert.deepEqual([...(await importedRecords.among([]))], [])
    assert.deepEqual([...(await importedRecords.among(['USERS/1', keys[0] ?? '']))], [])
  })
}
