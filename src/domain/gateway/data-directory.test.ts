import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { openMemoryStore } from '../../store/sqlite/open.ts'
import type { ID } from '../base/id.ts'
import type { Bucket } from '../records/bucket.ts'
import type { Organization } from '../records/organization.ts'
import { createDataDirectory } from './data-directory.ts'

const AT = '2026-01-02T03:04:05Z'
const [A, B] = ['00000000000000a1' as ID, '00000000000000b1' as ID]
const [IN_A, IN_B, NOTHING] = ['0000000000000aa1' as ID, '0000000000000bb1' as ID, 'ffffffffffff0001' as ID]

const organization = (id: ID, name: string): Organization => ({
  ...{ id, name, description: '', createdAt: AT, updatedAt: AT },
})

const bucket = (id: ID, orgID: ID, name: string): Bucket => ({
  ...{ id, orgID, name, type: 'user', description: '', retentionPolicy: '', retentionSeconds: 0 },
  ...{ shardGroupSeconds: 3600, createdAt: AT, updatedAt: AT },
})

async function setUp() {
  const store = await openMemoryStore()
  await store.organizations.add(organization(A, 'a'))
  await store.organizations.add(organization(B, 'b'))
  await store.buckets.add(bucket(IN_A, A, 'points'))
  await store.buckets.add(bucket(IN_B, B, 'points'))
  const clock = { at: 0 }
  let asked = 0
  const counted = <T extends object>(records: T): T =>
    new Proxy(records, {
      get(target, name) {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...parameters: unknown[]) => {
          asked += 1
          return method.apply(target, parameters)
        }
      },
    })
  const directory = createDataDirectory({
    ...{ organizations: counted(store.organizations), buckets: counted(store.buckets) },
    now: () => clock.at,
  })
  return { store, clock, directory, asked: () => asked }
}

suite('an organization', () => {
  test('is found by name, by id in either case, and not by anything else', async () => {
    const { directory } = await setUp()
    for (const each of ['a', A, A.toUpperCase()]) assert.equal((await directory.organization(each))?.id, A)
    assert.equal((await directory.organizationByID(B))?.name, 'b')
    for (const each of ['', 'A', NOTHING]) assert.equal(await directory.organization(each), undefined)
  })

  test('whose name looks like an id is found by it, unless another one has that id', async () => {
    const { directory, store } = await setUp()
    await store.organizations.add(organization('00000000000000c1' as ID, NOTHING))
    await store.organizations.add(organization('00000000000000d1' as ID, B))
    assert.equal((await directory.organization(NOTHING))?.id, '00000000000000c1')
    assert.equal((await directory.organization(B))?.id, B)
  })
})

test('any organization is one of them, and none where there are none', async () => {
  const { directory, store } = await setUp()
  assert.equal((await directory.anyOrganization())?.id, A)
  directory.forget()
  await store.organizations.remove(A)
  await store.organizations.remove(B)
  assert.equal(await directory.anyOrganization(), undefined)
})

suite('a bucket', () => {
  test('is found by its name in that organization alone', async () => {
    const { directory } = await setUp()
    assert.equal((await directory.bucket(A, 'points'))?.id, IN_A)
    assert.equal((await directory.bucket(B, 'points'))?.id, IN_B)
    assert.equal(await directory.bucket(A, 'Points'), undefined)
  })

  test('of another organization is not found by its id; a bucket with that name is', async () => {
    const { directory, store } = await setUp()
    assert.equal(await directory.bucket(A, IN_B), undefined)
    assert.equal((await directory.bucket(A, IN_A.toUpperCase()))?.id, IN_A)
    await store.buckets.add(bucket('0000000000000cc1' as ID, A, IN_B))
    assert.equal((await directory.bucket(A, IN_B))?.id, '0000000000000cc1')
    assert.equal((await directory.bucketByID(IN_B))?.orgID, B)
  })
})

suite('what was found', () => {
  test('is kept for a second, and then looked up again', async () => {
    const { directory, store, clock, asked } = await setUp()
    const first = await directory.bucket(A, 'points')
    const before = asked()
    assert.equal(directory.bucket(A, 'points'), first, 'at once, without a promise')
    assert.equal(asked(), before)
    await store.buckets.update(bucket(IN_A, A, 'renamed'))
    clock.at = 999
    assert.equal(directory.bucket(A, 'points'), first)
    clock.at = 1000
    assert.equal(await directory.bucket(A, 'points'), undefined)
  })

  test('is forgotten at once where this process changed something', async () => {
    const { directory, store } = await setUp()
    await directory.bucketByID(IN_A)
    await store.buckets.remove(IN_A)
    directory.forget()
    assert.equal(await directory.bucketByID(IN_A), undefined)
  })

  test('by a look-up that began before a change is not kept', async () => {
    const { directory, store } = await setUp()
    const early = directory.bucketByID(IN_A)
    directory.forget()
    await early
    await store.buckets.remove(IN_A)
    assert.equal(await directory.bucketByID(IN_A), undefined)
  })

  test('is not kept where nothing was found', async () => {
    const { directory, store } = await setUp()
    assert.equal(await directory.bucket(A, 'new'), undefined)
    await store.buckets.add(bucket('0000000000000cc1' as ID, A, 'new'))
    assert.equal((await directory.bucket(A, 'new'))?.id, '0000000000000cc1')
  })
})

suite('the list of buckets', () => {
  test('is the same object until it changes', async () => {
    const { directory, store, clock } = await setUp()
    const first = await directory.bucketIDs(A)
    assert.deepEqual(first, [IN_A])
    clock.at = 5000
    assert.equal(await directory.bucketIDs(A), first)
    directory.forget()
    assert.equal(await directory.bucketIDs(A), first)
    await store.buckets.add(bucket('0000000000000cc1' as ID, A, 'new'))
    directory.forget()
    const second = await directory.bucketIDs(A)
    assert.deepEqual(second.toSorted(), [IN_A, '0000000000000cc1'])
    assert.notEqual(second, first)
  })

  test('is empty for an organization without any, or that does not exist', async () => {
    const { directory } = await setUp()
    assert.deepEqual(await directory.bucketIDs(NOTHING), [])
  })
})
