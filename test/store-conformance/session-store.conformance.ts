/** Tests for all session stores. Each implementation calls them from a test file of its own. */

import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { ID } from '../../src/domain/base/id.ts'
import type { Renewal, Session, SessionStore } from '../../src/domain/records/session.ts'
import { renewed } from '../../src/domain/sessions/session-terms.ts'
import { byPassword } from '../support/session.ts'

export interface OpenSessionStore {
  readonly store: SessionStore
  /** Advances the store's clock, by whatever means it has. */
  forward(ms: number): void
  /** Milliseconds since 1970 by that clock. */
  now(): number
}

const [ADA, BOB] = ['00000000000000a1' as ID, '00000000000000b1' as ID]
const ORG = '00000000000000c1' as ID
const MINUTE = 60_000

const renewal = (at: number): Renewal => ({
  at,
  ...{ lengthMs: 10 * MINUTE, longestMs: 100 * MINUTE, cookieAgeMs: MINUTE },
})

/** Hashes of the domain's form: 32 bytes in URL-safe base64. */
const hashOf = (index: number) => Buffer.alloc(32, `key ${index} `).toString('base64url')

/** A copy without extra fields of the store. */
function plain(kept: Session | undefined): Session | undefined {
  if (!kept) return undefined
  const { keyHash, userID, orgID, createdAt, lastUsedAt, expiresAt, cookieSentAt } = kept
  const { address, userAgent, remembered, instanceGeneration, userGeneration } = kept
  const times = { createdAt, lastUsedAt, expiresAt, cookieSentAt }
  const generations = { instanceGeneration, userGeneration }
  const authentication = { method: kept.method, level: kept.level, authenticatedAt: kept.authenticatedAt }
  return {
    keyHash,
    userID,
    orgID,
    ...times,
    address,
    userAgent,
    remembered,
    ...generations,
    ...authentication,
  }
}

const byHash = (one: Session | undefined, other: Session | undefined) =>
  String(one?.keyHash).localeCompare(String(other?.keyHash))

/** Runs the suite on stores from `open`, each empty and for a single test. */
export function describeSessionStore(name: string, open: () => Promise<OpenSessionStore>): void {
  async function setUp(t: TestContext) {
    const opened = await open()
    t.after(() => opened.store.close())
    const session = (index: number, userID: ID, more: Partial<Session> = {}): Session => {
      const at = opened.now()
      return {
        keyHash: hashOf(index),
        ...{ userID, orgID: undefined, address: '192.0.2.7', userAgent: 'test', remembered: false },
        ...{ instanceGeneration: 0, userGeneration: 0 },
        ...{
          createdAt: at,
          lastUsedAt: at,
          cookieSentAt: at,
          expiresAt: at + 10 * MINUTE,
          ...byPassword(at - 1),
        },
        ...more,
      }
    }
    const found = async (index: number) => plain(await opened.store.find(hashOf(index)))
    return { ...opened, session, found }
  }

  suite(`session store: ${name}`, () => {
    test('a session that was never added is not found', async (t) => {
      const { store, found, now } = await setUp(t)
      assert.equal(await found(1), undefined)
      assert.equal(await store.remove(hashOf(1)), false)
      assert.equal(await store.removeOfUser(ADA, { before: 1 }), 0)
      assert.equal(await store.use(hashOf(1), renewal(now())), undefined)
      assert.equal(await found(1), undefined)
      assert.deepEqual(await store.ofUser(ADA), [])
      assert.equal(await store.removeAll(1), 0)
      assert.equal(await store.count(), 0)
    })

    test('an added session is found unchanged, with and without an organization', async (t) => {
      const { store, session, found } = await setUp(t)
      const [unconfined, confined] = [session(1, ADA), session(2, BOB, { orgID: ORG, remembered: true })]
      await store.add(unconfined)
      await store.add(confined)
      assert.deepEqual(await found(1), unconfined)
      assert.deepEqual(await found(2), confined)
      assert.equal(await store.count(), 2)
    })

    test('use updates last use, expiry and cookie time by the terms, and nothing else', async (t) => {
      const { store, session, found, now } = await setUp(t)
      const other = session(99, ADA)
      await store.add(other)
      const minutes = fc.double({ min: 0, max: 30, noNaN: true }).map((each) => Math.round(each * MINUTE))
      let index = 0
      await fc.assert(
        fc.asyncProperty(
          fc.record({ passed: minutes, length: minutes, longest: minutes, sentAgo: minutes, left: minutes }),
          fc.record({ moves: fc.boolean(), remembered: fc.boolean() }),
          async ({ passed, length, longest, sentAgo, left }, { moves, remembered }) => {
            index += 1
            const at = now()
            const before = session(index, BOB, {
              ...{ createdAt: at - passed, cookieSentAt: at - Math.min(sentAgo, passed), remembered },
              expiresAt: at + left,
            })
            await store.add(before)
            const renewal = {
              at,
              lengthMs: moves ? length : undefined,
              longestMs: longest,
              cookieAgeMs: MINUTE,
            }
            const used = await store.use(hashOf(index), renewal)
            const { sendCookie, ...use } = left > 0 ? renewed(before, renewal) : { sendCookie: false }
            assert.deepEqual(plain(used?.session), { ...before, ...use })
            assert.equal(used?.sendCookie, sendCookie)
            assert.ok(used?.stamp)
            assert.deepEqual(await found(index), { ...before, ...use })
          },
        ),
        { numRuns: 50 },
      )
      assert.deepEqual(await found(99), other)
    })

    test('exactly one of many concurrent uses is asked to send the cookie', async (t) => {
      const { store, session, forward, now } = await setUp(t)
      await store.add(session(1, ADA))
      forward(2 * MINUTE)
      const used = await Promise.all(Array.from({ length: 20 }, () => store.use(hashOf(1), renewal(now()))))
      assert.equal(used.filter((each) => each?.sendCookie).length, 1)
    })

    test('a removed session is gone permanently: use does not restore it', async (t) => {
      const { store, session, found, now } = await setUp(t)
      await store.add(session(1, ADA))
      assert.equal(await store.remove(hashOf(1)), true)
      assert.equal(await store.remove(hashOf(1)), false)
      assert.equal(await store.use(hashOf(1), renewal(now())), undefined)
      assert.equal(await found(1), undefined)
      assert.equal(await store.count(), 0)
    })

    test('one of two concurrent removals succeeds', async (t) => {
      const { store, session } = await setUp(t)
      await store.add(session(1, ADA))
      const removed = await Promise.all([store.remove(hashOf(1)), store.remove(hashOf(1))])
      assert.deepEqual(removed.toSorted(), [false, true])
    })

    test('removing all of a user removes every one of them and none of other users', async (t) => {
      const { store, session, found } = await setUp(t)
      for (const index of [1, 2, 3, 4]) {
        await store.add(session(index, ADA, { orgID: index === 2 ? ORG : undefined }))
      }
      await store.add(session(5, BOB))
      // One in the middle, the newest and the oldest were removed before.
      await store.remove(hashOf(3))
      assert.equal(await store.removeOfUser(ADA, { before: 1 }), 3)
      for (const index of [1, 2, 3, 4]) assert.equal(await found(index), undefined)
      assert.ok(await found(5))
      assert.equal(await store.count(), 1)
      await store.add(session(6, ADA))
      assert.ok(await found(6))
      assert.equal(await store.removeOfUser(ADA, { before: 1 }), 1)
    })

    test('the list of a user has their sessions only, newest first', async (t) => {
      const { store, session } = await setUp(t)
      for (const index of [1, 2, 3]) await store.add(session(index, ADA))
      await store.add(session(4, BOB))
      await store.remove(hashOf(2))
      const listed = (await store.ofUser(ADA)).map(plain)
      assert.deepEqual(listed, [session(3, ADA), session(1, ADA)])
    })

    test('some of all sessions are listed once each, all of them if there are no more', async (t) => {
      const { store, session } = await setUp(t)
      assert.deepEqual(await store.some(10), [])
      const added = [session(1, ADA), session(2, BOB, { orgID: ORG }), session(3, BOB)]
      for (const each of added) await store.add(each)
      const listed = async (limit: number) =>
        (await store.some(limit)).map(({ keyHash }) => keyHash).toSorted()
      const all = added.map(({ keyHash }) => keyHash)
      assert.deepEqual(await listed(10), all.toSorted())
      assert.deepEqual(await listed(3), all.toSorted())
      const two = await listed(2)
      assert.equal(new Set(two).size, 2)
      assert.ok(two.every((keyHash) => all.includes(keyHash)))
      await store.remove(hashOf(2))
      assert.deepEqual(
        (await store.some(10)).map(plain).toSorted(byHash),
        [added[0], added[2]].toSorted(byHash),
      )
    })

    test('more sessions than are read in one step are listed', async (t) => {
      const { store, session } = await setUp(t)
      await Promise.all(Array.from({ length: 1201 }, (_, index) => store.add(session(index, ADA))))
      assert.equal(new Set((await store.some(2000)).map(({ keyHash }) => keyHash)).size, 1201)
      assert.equal((await store.some(700)).length, 700)
    })

    test('removing all but one of a user keeps that one, in any position', async (t) => {
      for (const kept of [1, 2, 3]) {
        const { store, session, found } = await setUp(t)
        for (const index of [1, 2, 3]) await store.add(session(index, ADA))
        await store.add(session(4, BOB))
        assert.equal(await store.removeOfUser(ADA, { before: 1, except: hashOf(kept) }), 2)
        const listed = await store.ofUser(ADA)
        assert.deepEqual(
          listed.map(({ keyHash }) => keyHash),
          [hashOf(kept)],
        )
        assert.ok(await found(4))
        // The hash of another user's session exempts nothing.
        assert.equal(await store.removeOfUser(ADA, { before: 1, except: hashOf(4) }), 1)
        assert.equal(await store.count(), 1)
      }
    })

    test('removing all leaves none', async (t) => {
      const { store, session, found } = await setUp(t)
      for (const index of [1, 2]) await store.add(session(index, ADA))
      await store.add(session(3, BOB))
      assert.equal(await store.removeAll(1), 3)
      for (const index of [1, 2, 3]) assert.equal(await found(index), undefined)
      assert.equal(await store.count(), 0)
      await store.add(session(4, ADA))
      assert.ok(await found(4))
    })

    test('sessions of a new generation stay when earlier ones are removed', async (t) => {
      const { store, session, found } = await setUp(t)
      await store.add(session(1, ADA))
      await store.add(session(2, BOB))
      await store.add(session(3, ADA, { userGeneration: 1 }))
      assert.equal(await store.removeOfUser(ADA, { before: 1 }), 1)
      assert.ok(await found(3))
      await store.add(session(4, BOB, { instanceGeneration: 1 }))
      assert.equal(await store.removeAll(1), 2)
      assert.deepEqual([await found(2), await found(3)], [undefined, undefined])
      assert.ok(await found(4))
    })

    test('in whatever order sessions end, the remaining ones are found and counted', async (t) => {
      const { store, session, found } = await setUp(t)
      const orders = [
        [1, 2, 3],
        [3, 2, 1],
        [2, 1, 3],
        [2, 3, 1],
      ]
      for (const order of orders) {
        for (const index of [1, 2, 3]) await store.add(session(index, ADA))
        const left = new Set(order)
        for (const index of order) {
          assert.equal(await store.remove(hashOf(index)), true)
          left.delete(index)
          assert.equal(await store.count(), left.size)
          for (const each of [1, 2, 3]) assert.equal((await found(each)) !== undefined, left.has(each))
        }
      }
      assert.equal(await store.removeOfUser(ADA, { before: 1 }), 0)
    })

    test('a session is found until its last millisecond', async (t) => {
      const { store, session, found, forward } = await setUp(t)
      const kept = session(1, ADA)
      await store.add(kept)
      forward(10 * MINUTE - 1)
      assert.deepEqual(await found(1), kept)
    })

    test('an expired session is either gone or has its expiry in the past', async (t) => {
      const { store, session, found, forward, now } = await setUp(t)
      await store.add(session(1, ADA))
      forward(10 * MINUTE)
      const kept = await found(1)
      assert.ok(kept === undefined || kept.expiresAt <= now())
    })
  })
}
