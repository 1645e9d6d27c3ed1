import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened, plain, user } from './records.conformance.ts'

const [ADA, BOB] = [idOf(1), idOf(2)]

export function describeSessionEndStore(open: OpenIdentityStore): void {
  async function withTwo(t: Parameters<typeof opened>[0]) {
    const store = await opened(t, open)
    for (const number of [1, 2]) await store.users.add(user(number))
    return store
  }

  test('a missing one', async (t) => {
    const { sessionEnds } = await opened(t, open)
    assert.equal(await sessionEnds.ofUser(ADA), undefined)
    assert.equal(await sessionEnds.has('hash'), false)
    assert.equal(await sessionEnds.removeBefore(2 ** 52, 10), 0)
  })

  test('all sessions of a user end but one, and none of other users', async (t) => {
    const { sessionEnds } = await withTwo(t)
    const none = { instanceGeneration: 0, userGeneration: 0, kept: undefined }
    assert.deepEqual(plain(await sessionEnds.ofUser(ADA)), none)
    assert.equal(await sessionEnds.endAllOf(ADA, 'kept'), 1)
    assert.deepEqual(plain(await sessionEnds.ofUser(ADA)), { ...none, userGeneration: 1, kept: 'kept' })
    assert.equal(await sessionEnds.endAllOf(ADA, undefined), 2)
    assert.deepEqual(plain(await sessionEnds.ofUser(ADA)), { ...none, userGeneration: 2 })
    assert.deepEqual(plain(await sessionEnds.ofUser(BOB)), none)
  })

  test('all sessions of all users end', async (t) => {
    const { sessionEnds } = await withTwo(t)
    assert.equal(await sessionEnds.endAllOfInstance(), 1)
    assert.equal(await sessionEnds.endAllOfInstance(), 2)
    for (const id of [ADA, BOB]) assert.equal((await sessionEnds.ofUser(id))?.instanceGeneration, 2)
  })

  test('one session ends, even twice, and is forgotten once it would have expired anyway', async (t) => {
    const { sessionEnds } = await opened(t, open)
    await sessionEnds.end('a', 2 ** 41)
    await sessionEnds.end('a', 2 ** 41 + 1)
    await sessionEnds.end('b', 2 ** 41 + 1)
    assert.deepEqual([await sessionEnds.has('a'), await sessionEnds.has('A')], [true, false])
    assert.equal(await sessionEnds.removeBefore(2 ** 41, 10), 0)
    assert.equal(await sessionEnds.removeBefore(2 ** 41 + 1, 10), 1)
    assert.deepEqual([await sessionEnds.has('a'), await sessionEnds.has('b')], [false, true])
    await sessionEnds.end('a', 1)
    assert.equal(await sessionEnds.removeBefore(2 ** 42, 1), 1)
  })

  test('an end that is rolled back does not count', async (t) => {
    const { sessionEnds, transaction } = await withTwo(t)
    const work = transaction(async (records) => {
      await records.sessionEnds.endAllOf(ADA, undefined)
      await records.sessionEnds.endAllOfInstance()
      await records.sessionEnds.end('a', 1)
      throw new Error('second thoughts')
    })
    await assert.rejects(work, /second thoughts/)
    assert.deepEqual(plain(await sessionEnds.ofUser(ADA)), {
      ...{ instanceGeneration: 0, userGeneration: 0, kept: undefined },
    })
    assert.equal(await sessionEnds.has('a'), false)
  })
}

export function describeEpochStore(open: OpenIdentityStore): void {
  test('another session store begins an epoch, the same one does not', async (t) => {
    const { epochs } = await opened(t, open)
    assert.deepEqual(plain(await epochs.read()), { number: 0, sessionStoreID: undefined })
    assert.deepEqual(plain(await epochs.begin('a')), { number: 1, sessionStoreID: 'a' })
    assert.deepEqual(plain(await epochs.begin('a')), { number: 1, sessionStoreID: 'a' })
    assert.deepEqual(plain(await epochs.begin('b')), { number: 2, sessionStoreID: 'b' })
    await epochs.advance()
    assert.deepEqual(plain(await epochs.read()), { number: 3, sessionStoreID: 'b' })
  })

  test('exactly one of many that report the same session store at once begins the epoch', async (t) => {
    const { epochs } = await opened(t, open)
    const begun = await Promise.all([1, 2, 3, 4].map(() => epochs.begin('a')))
    assert.ok(begun.every(({ number }) => number === 1))
  })
}
