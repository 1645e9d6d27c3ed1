import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IdentityRecords } from '../../src/domain/records/identity-store.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import {
  ALL,
  authorization,
  bucket,
  GREAT_IDS,
  idOf,
  opened,
  organization,
  plain,
  user,
} from './records.conformance.ts'

/** One record of each kind, all with number 1. */
async function addOneOfEach(records: IdentityRecords): Promise<void> {
  assert.equal(await records.users.add(user(1)), true)
  await records.passwords.set(idOf(1), { hash: 'hash', mustChange: false })
  assert.equal(await records.organizations.add(organization(1)), true)
  const resource = { resourceType: 'orgs', resourceID: idOf(1), role: 'owner' } as const
  assert.equal(await records.memberships.add({ userID: idOf(1), ...resource }), true)
  assert.equal(await records.authorizations.add(authorization(1)), true)
  assert.equal(await records.buckets.add(bucket(1)), true)
}

/** The number of records of each kind. */
async function counts(records: IdentityRecords) {
  return {
    users: await records.users.count(),
    passwords: (await records.passwords.get(idOf(1))) === undefined ? 0 : 1,
    organizations: await records.organizations.count(),
    memberships: (await records.memberships.ofUser(idOf(1))).length,
    authorizations: (await records.authorizations.list({})).length,
    buckets: (await records.buckets.list({}, ALL)).length,
  }
}

const NONE = { users: 0, passwords: 0, organizations: 0, memberships: 0, authorizations: 0, buckets: 0 }
const ONE = { users: 1, passwords: 1, organizations: 1, memberships: 1, authorizations: 1, buckets: 1 }

export function describeTransactions(open: OpenIdentityStore): void {
  test('a transaction that throws writes nothing of any kind, and rethrows the error unchanged', async (t) => {
    const store = await opened(t, open)
    const failure = new Error('second thoughts')
    const work = store.transaction(async (records) => {
      await addOneOfEach(records)
      throw failure
    })
    await assert.rejects(work, (error) => error === failure)
    assert.deepEqual(await counts(store), NONE)
    await store.transaction(addOneOfEach)
    assert.deepEqual(await counts(store), ONE)
  })

  test('updates and removals are rolled back too', async (t) => {
    const store = await opened(t, open)
    await addOneOfEach(store)
    const work = store.transaction(async (records) => {
      await records.users.update(user(1, { name: 'renamed' }))
      await records.passwords.set(idOf(1), { hash: 'other', mustChange: true })
      await records.organizations.remove(idOf(1))
      await records.memberships.removeOfUser(idOf(1))
      await records.authorizations.update(authorization(1, { status: 'inactive' }))
      await records.buckets.remove(idOf(1))
      throw new Error('second thoughts')
    })
    await assert.rejects(work, /second thoughts/)
    assert.deepEqual(await counts(store), ONE)
    assert.deepEqual(plain(await store.users.byID(idOf(1))), user(1))
    assert.deepEqual(await store.passwords.get(idOf(1)), { hash: 'hash', mustChange: false })
    assert.equal((await store.authorizations.byID(idOf(1)))?.status, 'active')
  })

  test('inside, writes are visible at once; the result is returned', async (t) => {
    const store = await opened(t, open)
    const seen = await store.transaction(async (records) => {
      await addOneOfEach(records)
      return counts(records)
    })
    assert.deepEqual(seen, ONE)
    assert.deepEqual(await counts(store), ONE)
  })

  test('a refused addition does not abort the transaction', async (t) => {
    const store = await opened(t, open)
    await addOneOfEach(store)
    await store.transaction(async (records) => {
      assert.equal(await records.users.add(user(2, { name: 'user 1' })), false)
      assert.equal(await records.organizations.add(organization(2, { name: 'org 1' })), false)
      assert.equal(await records.buckets.add(bucket(2, { name: 'bucket 1' })), false)
      const { hashedToken } = authorization(1)
      assert.equal(await records.authorizations.add(authorization(2, { hashedToken })), false)
      assert.equal(await records.users.update(user(2, { name: 'user 1' })), false)
      assert.equal(await records.users.add(user(3)), true)
    })
    assert.equal(await store.users.count(), 2)
  })

  test('many concurrent transactions all commit completely', async (t) => {
    const store = await opened(t, open)
    const works = Array.from({ length: 20 }, (_, index) =>
      store.transaction(async (records) => {
        await records.users.add(user(index + 1))
        await records.organizations.add(organization(index + 1))
        if (index % 4 === 0) throw new Error('second thoughts')
      }),
    )
    const settled = await Promise.allSettled(works)
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 15)
    assert.equal(await store.users.count(), 15)
    assert.equal(await store.organizations.count(), 15)
  })

  test('the newest id is the greatest of users, organizations, tokens and buckets', async (t) => {
    const store = await opened(t, open)
    assert.equal(await store.newestID(), undefined)
    await store.users.add(user(5))
    assert.equal(await store.newestID(), idOf(5))
    await store.organizations.add(organization(0x10))
    assert.equal(await store.newestID(), idOf(0x10))
    await store.authorizations.add(authorization(0x9))
    assert.equal(await store.newestID(), idOf(0x10))
    await store.authorizations.add(authorization(0x11))
    assert.equal(await store.newestID(), idOf(0x11))
    for (const id of GREAT_IDS) {
      await store.buckets.add(bucket(1, { id, name: id }))
      assert.equal(await store.newestID(), id)
    }
  })

  test('node numbers fit into an id', async (t) => {
    const store = await opened(t, open)
    for (let count = 0; count < 3; count++) {
      const number = await store.nodeNumber()
      assert.ok(Number.isInteger(number) && number >= 0 && number < 1024, String(number))
    }
  })

  test('the time is in milliseconds since 1970', async (t) => {
    const store = await opened(t, open)
    const [before, time, after] = [Date.now(), await store.time(), Date.now()]
    assert.ok(Number.isInteger(time) && time >= before - 1 && time <= after + 1, `${before} ${time} ${after}`)
  })
}
