import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../src/domain/records/session.ts'
import { byPassword } from '../support/session.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened, plain } from './records.conformance.ts'

const [ADA, BOB, ORG] = [idOf(0xa1), idOf(0xb1), idOf(0xc1)]
/** Beyond 32 bits. */
const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

const hashOf = (number: number) => Buffer.alloc(32, `key ${number} `).toString('base64url')

/** A session started `number` milliseconds after the start, with the cookie sent at that time. */
const session = (number: number, more: Partial<Session> = {}): Session => ({
  keyHash: hashOf(number),
  ...{
    userID: ADA,
    orgID: undefined,
    createdAt: START + number,
    lastUsedAt: START + number,
    ...byPassword(START + number),
  },
  ...{ expiresAt: START + 1_000_000, cookieSentAt: START + number, address: '2001:db8::1' },
  ...{ userAgent: `"quoted" '; 🙂`, remembered: true, instanceGeneration: 0, userGeneration: 0 },
  ...more,
})

export function describeRememberedSessionStore(open: OpenIdentityStore): void {
  /** A store with sessions 1 and 2 of Ada and 3 of Bob, and a function that lists the remaining ones. */
  async function withThree(t: Parameters<typeof opened>[0]) {
    const { rememberedSessions, transaction } = await opened(t, open)
    await rememberedSessions.add(session(3, { userID: BOB }))
    for (const number of [1, 2]) await rememberedSessions.add(session(number))
    const left = async () =>
      (await rememberedSessions.all()).map(({ keyHash }) =>
        [1, 2, 3].find((number) => hashOf(number) === keyHash),
      )
    return { rememberedSessions, transaction, left }
  }

  test('a missing one', async (t) => {
    const { rememberedSessions } = await opened(t, open)
    assert.deepEqual(await rememberedSessions.all(), [])
    await rememberedSessions.remove(hashOf(1))
    await rememberedSessions.removeOfUser(ADA)
    await rememberedSessions.removeAll()
    await rememberedSessions.removeExpired(START)
  })

  test('every field is returned unchanged, with and without an organization, oldest first', async (t) => {
    const { rememberedSessions } = await opened(t, open)
    const [first, second] = [
      session(1, { orgID: ORG, expiresAt: 2 ** 52, level: 'two-factors', authenticatedAt: START }),
      session(2, { userID: BOB }),
    ]
    await rememberedSessions.add(second)
    await rememberedSessions.add(first)
    assert.deepEqual(plain(await rememberedSessions.all()), [first, second])
  })

  test('one is removed by its exact hash, including case', async (t) => {
    const { rememberedSessions, left } = await withThree(t)
    await rememberedSessions.remove(hashOf(1).toLowerCase())
    await rememberedSessions.remove('%')
    assert.deepEqual(await left(), [1, 2, 3])
    await rememberedSessions.remove(hashOf(2))
    assert.deepEqual(await left(), [1, 3])
  })

  test('removes all of a user, all but one, and all of everyone', async (t) => {
    const { rememberedSessions, left } = await withThree(t)
    await rememberedSessions.removeOfUser(ADA, hashOf(2))
    assert.deepEqual(await left(), [2, 3])
    await rememberedSessions.removeOfUser(BOB, hashOf(2))
    assert.deepEqual(await left(), [2])
    await rememberedSessions.removeOfUser(ADA)
    assert.deepEqual(await left(), [])
    for (const number of [1, 3]) await rememberedSessions.add(session(number))
    await rememberedSessions.removeAll()
    assert.deepEqual(await left(), [])
  })

  test('expired ones are removed, from the millisecond of their expiry on', async (t) => {
    const { rememberedSessions } = await opened(t, open)
    for (const number of [1, 2]) await rememberedSessions.add(session(number, { expiresAt: START + number }))
    await rememberedSessions.removeExpired(START)
    assert.equal((await rememberedSessions.all()).length, 2)
    await rememberedSessions.removeExpired(START + 1)
    assert.deepEqual(plain(await rememberedSessions.all()), [session(2, { expiresAt: START + 2 })])
  })

  test('late expiries are capped, by sign-in and by now, and none is extended', async (t) => {
    const { rememberedSessions } = await opened(t, open)
    for (const [number, end] of [
      [1, 500],
      [2, 5000],
      [3, 900_000],
    ] as const) {
      await rememberedSessions.add(session(number, { expiresAt: START + end }))
    }
    const ends = async () => (await rememberedSessions.all()).map(({ expiresAt }) => expiresAt - START)
    await rememberedSessions.shorten(10_000, START)
    assert.deepEqual(await ends(), [500, 5000, 10_000])
    await rememberedSessions.shorten(10_000, START - 9000)
    assert.deepEqual(await ends(), [500, 1000, 1000])
    await rememberedSessions.shorten(998, START)
    assert.deepEqual(await ends(), [500, 998, 998])
  })

  test('a transaction that throws removes none', async (t) => {
    const { transaction, left } = await withThree(t)
    const work = transaction(async (records) => {
      await records.rememberedSessions.removeAll()
      throw new Error('second thoughts')
    })
    await assert.rejects(work, /second thoughts/)
    assert.deepEqual(await left(), [1, 2, 3])
  })
}
