/** What every session store does. Each implementation runs it from a test of its own. */
import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import type { Id } from '../id.ts'
import type { Session, SessionStore } from './session.ts'

export interface OpenSessionStore {
  readonly store: SessionStore
  /** Moves the store's clock, however it has one. */
  forward(ms: number): void
  /** Milliseconds since 1970 by that clock. */
  now(): number
}

const [ADA, BOB] = ['00000000000000a1' as Id, '00000000000000b1' as Id]
const ORG = '00000000000000c1' as Id
const MINUTE = 60_000

/** Hashes as the domain makes them: 32 bytes in URL-safe base64. */
const hashOf = (index: number) => Buffer.alloc(32, `key ${index} `).toString('base64url')

/** Runs the suite over stores that `open` makes, each empty and for one test alone. */
export function describeSessionStore(name: string, open: () => Promise<OpenSessionStore>): void {
  async function setUp(t: TestContext) {
    const opened = await open()
    t.after(() => opened.store.close())
    const session = (userID: Id, orgID?: Id): Session => {
      return { userID, orgID, createdAt: opened.now(), expiresAt: opened.now() + 10 * MINUTE }
    }
    /** What is found, without what a store may keep beside it. */
    const found = async (index: number): Promise<Session | undefined> => {
      const kept = await opened.store.find(hashOf(index))
      if (!kept) return undefined
      const { userID, orgID, createdAt, expiresAt } = kept
      return { userID, orgID, createdAt, expiresAt }
    }
    return { ...opened, session, found }
  }

  suite(`session store: ${name}`, () => {
    test('what was never added is not there', async (t) => {
      const { store, found } = await setUp(t)
      assert.equal(await found(1), undefined)
      assert.equal(await store.remove(hashOf(1)), false)
      assert.equal(await store.removeOfUser(ADA), 0)
      await store.renew(hashOf(1), Date.now() + MINUTE)
      assert.equal(await found(1), undefined)
      assert.equal(await store.count(), 0)
    })

    test('what was added is found as it was, with its organization or without', async (t) => {
      const { store, session, found } = await setUp(t)
      const [plain, confined] = [session(ADA), session(BOB, ORG)]
      await store.add(hashOf(1), plain)
      await store.add(hashOf(2), confined)
      assert.deepEqual(await found(1), plain)
      assert.deepEqual(await found(2), confined)
      assert.equal(await store.count(), 2)
    })

    test('renewing moves its end and nothing else', async (t) => {
      const { store, session, found } = await setUp(t)
      const [before, other] = [session(ADA), session(ADA)]
      await store.add(hashOf(1), before)
      await store.add(hashOf(2), other)
      const expiresAt = before.expiresAt + MINUTE
      await store.renew(hashOf(1), expiresAt)
      assert.deepEqual(await found(1), { ...before, expiresAt })
      assert.deepEqual(await found(2), other)
    })

    test('what was removed is gone, once and for good: renewing does not bring it back', async (t) => {
      const { store, session, found } = await setUp(t)
      await store.add(hashOf(1), session(ADA))
      assert.equal(await store.remove(hashOf(1)), true)
      assert.equal(await store.remove(hashOf(1)), false)
      await store.renew(hashOf(1), session(ADA).expiresAt)
      assert.equal(await found(1), undefined)
      assert.equal(await store.count(), 0)
    })

    test('of two who remove the same one only one has removed it', async (t) => {
      const { store, session } = await setUp(t)
      await store.add(hashOf(1), session(ADA))
      const removed = await Promise.all([store.remove(hashOf(1)), store.remove(hashOf(1))])
      assert.deepEqual(removed.toSorted(), [false, true])
    })

    test("removing all of a user's takes every one of them and nobody else's", async (t) => {
      const { store, session, found } = await setUp(t)
      for (const index of [1, 2, 3, 4])
        await store.add(hashOf(index), session(ADA, index === 2 ? ORG : undefined))
      await store.add(hashOf(5), session(BOB))
      // One in the middle, the newest and the oldest end by themselves before.
      await store.remove(hashOf(3))
      assert.equal(await store.removeOfUser(ADA), 3)
      for (const index of [1, 2, 3, 4]) assert.equal(await found(index), undefined)
      assert.ok(await found(5))
      assert.equal(await store.count(), 1)
      await store.add(hashOf(6), session(ADA))
      assert.ok(await found(6))
      assert.equal(await store.removeOfUser(ADA), 1)
    })

    test('whatever order they end in, those that are left are found and counted', async (t) => {
      const { store, session, found } = await setUp(t)
      const orders = [
        [1, 2, 3],
        [3, 2, 1],
        [2, 1, 3],
        [2, 3, 1],
      ]
      for (const order of orders) {
        for (const index of [1, 2, 3]) await store.add(hashOf(index), session(ADA))
        const left = new Set(order)
        for (const index of order) {
          assert.equal(await store.remove(hashOf(index)), true)
          left.delete(index)
          assert.equal(await store.count(), left.size)
          for (const each of [1, 2, 3]) assert.equal((await found(each)) !== undefined, left.has(each))
        }
      }
      assert.equal(await store.removeOfUser(ADA), 0)
    })

    test('one that has not expired is there until the last moment', async (t) => {
      const { store, session, found, forward } = await setUp(t)
      const kept = session(ADA)
      await store.add(hashOf(1), kept)
      forward(10 * MINUTE - 1)
      assert.deepEqual(await found(1), kept)
    })

    test('an expired one is either gone or says that it is over', async (t) => {
      const { store, session, found, forward, now } = await setUp(t)
      await store.add(hashOf(1), session(ADA))
      forward(10 * MINUTE)
      const kept = await found(1)
      assert.ok(kept === undefined || kept.expiresAt <= now())
    })
  })
}
