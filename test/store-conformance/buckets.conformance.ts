import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PageRequest } from '../../src/domain/base/paging.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { describePages } from './pages.conformance.ts'
import {
  ALL,
  AWKWARD_NAMES,
  bucket,
  idOf,
  idsOf,
  MANY,
  NAMES_IN_ORDER,
  opened,
  plain,
} from './records.conformance.ts'

const [ORG, OTHER] = [idOf(1), idOf(2)]

export function describeBucketStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { buckets } = await opened(t, open)
    assert.equal(await buckets.byID(idOf(1)), undefined)
    assert.equal(await buckets.byName(ORG, 'bucket 1'), undefined)
    assert.equal(await buckets.update(bucket(1)), false)
    assert.equal(await buckets.remove(idOf(1)), false)
    assert.deepEqual(await buckets.byIDs([]), [])
    assert.deepEqual(await buckets.list({}, ALL), [])
    assert.deepEqual(await buckets.list({ orgID: ORG }, ALL), [])
    assert.deepEqual(await buckets.idsOfOrganization(ORG), [])
  })

  test('a name is unique within its organization only', async (t) => {
    const { buckets } = await opened(t, open)
    assert.equal(await buckets.add(bucket(1, { name: 'b' })), true)
    assert.equal(await buckets.add(bucket(2, { name: 'b' })), false)
    assert.equal(await buckets.add(bucket(2, { name: 'b', orgID: OTHER })), true)
    assert.equal((await buckets.byName(ORG, 'b'))?.id, idOf(1))
    assert.equal((await buckets.byName(OTHER, 'b'))?.id, idOf(2))

    await buckets.add(bucket(3, { name: 'c' }))
    assert.equal(await buckets.update(bucket(3, { name: 'b', description: 'changed' })), false)
    assert.deepEqual(plain(await buckets.byID(idOf(3))), bucket(3, { name: 'c' }))
    assert.equal(await buckets.update(bucket(2, { name: 'c', orgID: OTHER })), true)
  })

  test('those of many organizations are counted; one without buckets is absent', async (t) => {
    const { buckets } = await opened(t, open)
    for (const number of [3, 4]) await buckets.add(bucket(number, { name: `b${number}` }))
    await buckets.add(bucket(5, { orgID: OTHER }))
    const counts = await buckets.countByOrganization([ORG, OTHER, idOf(9)])
    assert.deepEqual([...counts].toSorted(), [
      [ORG, 2],
      [OTHER, 1],
    ])
  })

  test('exactly one of many concurrent additions gets a name', async (t) => {
    const { buckets } = await opened(t, open)
    const added = await Promise.all([1, 2, 3].map((number) => buckets.add(bucket(number, { name: 'b' }))))
    assert.deepEqual(added.toSorted(), [false, false, true])
    assert.equal((await buckets.list({}, ALL)).length, 1)
  })

  test('every field is returned unchanged, including seconds beyond 32 bits', async (t) => {
    const { buckets } = await opened(t, open)
    const given = bucket(1, {
      type: 'system',
      name: '_tasks',
      description: 'd\n🙂',
      retentionPolicy: 'autogen',
      retentionSeconds: 9_223_372_036,
      shardGroupSeconds: 2 ** 53 - 1,
    })
    await buckets.add(given)
    assert.deepEqual(plain(await buckets.byID(idOf(1))), given)
    assert.deepEqual(plain(await buckets.byName(ORG, '_tasks')), given)
    assert.deepEqual(plain(await buckets.byIDs([idOf(1)])), [given])
    assert.deepEqual(plain(await buckets.list({ orgID: ORG }, ALL)), [given])
  })

  test('an update is visible', async (t) => {
    const { buckets } = await opened(t, open)
    await buckets.add(bucket(1))
    const updatedAt = '2027-01-01T00:00:00.000Z'
    const changed = bucket(1, {
      name: 'renamed',
      description: 'd',
      retentionSeconds: 3600,
      shardGroupSeconds: 3600,
      updatedAt,
    })
    assert.equal(await buckets.update(changed), true)
    assert.deepEqual(plain(await buckets.byID(idOf(1))), changed)
    assert.equal(await buckets.byName(ORG, 'bucket 1'), undefined)
  })

  test('removing one frees its name, and succeeds once', async (t) => {
    const { buckets } = await opened(t, open)
    await buckets.add(bucket(1, { name: 'b' }))
    assert.equal(await buckets.remove(idOf(1)), true)
    assert.equal(await buckets.remove(idOf(1)), false)
    assert.equal(await buckets.add(bucket(2, { name: 'b' })), true)
  })

  test('names are returned and found exactly as given', async (t) => {
    const { buckets } = await opened(t, open)
    for (const [index, name] of AWKWARD_NAMES.entries()) {
      assert.equal(await buckets.add(bucket(index + 1, { name })), true)
    }
    for (const [index, name] of AWKWARD_NAMES.entries()) {
      assert.deepEqual(plain(await buckets.byName(ORG, name)), bucket(index + 1, { name }))
      assert.deepEqual(idsOf(await buckets.list({ orgID: ORG, name }, ALL)), [idOf(index + 1)])
    }
  })

  test('lists of an organization are ordered by the bytes of names, both ways, and continue after a bucket', async (t) => {
    const { buckets } = await opened(t, open)
    /** Ids descend as names ascend, so that the two orders cannot be confused. */
    const idAt = (index: number) => idOf(100 - index)
    for (const [index, name] of NAMES_IN_ORDER.entries()) {
      await buckets.add(bucket(100 - index, { name }))
      await buckets.add(bucket(200 - index, { name, orgID: OTHER }))
    }
    const asked = async (page: Partial<PageRequest>) =>
      (await buckets.list({ orgID: ORG }, { ...ALL, ...page })).map(({ name }) => name)
    const reversed = NAMES_IN_ORDER.toReversed()
    assert.deepEqual(await asked({}), NAMES_IN_ORDER)
    assert.deepEqual(await asked({ descending: true }), reversed)
    assert.deepEqual(await asked({ offset: 2, limit: 3 }), NAMES_IN_ORDER.slice(2, 5))
    assert.deepEqual(await asked({ after: idAt(4) }), NAMES_IN_ORDER.slice(5))
    assert.deepEqual(await asked({ after: idAt(4), descending: true }), reversed.slice(-4))
    assert.deepEqual(await asked({ after: idAt(4), offset: 1, limit: 2 }), NAMES_IN_ORDER.slice(6, 8))
    assert.deepEqual(await asked({ after: idAt(NAMES_IN_ORDER.length - 1) }), [])
  })

  describePages(open, ({ buckets }) => ({
    add: (number) => buckets.add(bucket(number, { name: `bucket ${100 - number}` })),
    list: (page) => buckets.list({}, page),
  }))

  test('lists by name across organizations are ordered by id', async (t) => {
    const { buckets } = await opened(t, open)
    for (const [number, orgID] of [
      [5, ORG],
      [3, OTHER],
      [4, idOf(9)],
    ] as const) {
      await buckets.add(bucket(number, { name: 'same', orgID }))
      await buckets.add(bucket(number + 10, { name: 'Same', orgID }))
    }
    assert.deepEqual(idsOf(await buckets.list({ name: 'same' }, ALL)), [3, 4, 5].map(idOf))
    const descending = { ...ALL, descending: true, after: idOf(5) }
    assert.deepEqual(idsOf(await buckets.list({ name: 'same' }, descending)), [4, 3].map(idOf))
  })

  test('finds the existing ones of many ids, and lists all ids of an organization', async (t) => {
    const { buckets, transaction } = await opened(t, open)
    const numbers = Array.from({ length: MANY }, (_, index) => index + 1)
    await transaction(async (records) => {
      for (const number of numbers) {
        await records.buckets.add(bucket(number, { orgID: number % 2 === 0 ? ORG : OTHER }))
      }
    })
    const asked = Array.from({ length: 2 * MANY }, (_, index) => idOf(index + 1))
    assert.deepEqual(idsOf(await buckets.byIDs(asked)).toSorted(), numbers.map(idOf))
    const own = numbers.filter((number) => number % 2 === 0).map(idOf)
    assert.deepEqual((await buckets.idsOfOrganization(ORG)).toSorted(), own)
  })
}
