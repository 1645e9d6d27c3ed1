/** Expiry, last use and previous secrets of tokens. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenIdentityStore } from './identity-store.ts'
import { authorization, idOf, opened, plain } from './records.conformance.ts'

const END = '2030-01-31T12:00:00.000Z'
const USED = '2026-02-03T04:05:06.789Z'

export function describeTokenLifeStore(open: OpenIdentityStore): void {
  test('the expiry is returned unchanged, and undefined if none was given', async (t) => {
    const { authorizations } = await opened(t, open)
    await authorizations.add(authorization(1, { expiresAt: END }))
    await authorizations.add(authorization(2))
    assert.deepEqual(
      (await authorizations.list({})).map(({ expiresAt }) => expiresAt),
      [END, undefined],
    )
  })

  test('the last use of existing tokens is recorded, and a later one replaces it', async (t) => {
    const { authorizations } = await opened(t, open)
    for (const number of [1, 2, 3]) await authorizations.add(authorization(number))
    await authorizations.noteUse([])
    await authorizations.noteUse([{ id: idOf(1), at: '2026-01-01T00:00:00.000Z' }])
    const uses = [1, 2, 9].map((number) => ({ id: idOf(number), at: USED }))
    await authorizations.noteUse(uses)
    assert.deepEqual(
      (await authorizations.list({})).map(({ lastUsedAt }) => lastUsedAt),
      [USED, USED, undefined],
    )
    assert.equal(await authorizations.byID(idOf(9)), undefined)
  })

  test('an update keeps last use', async (t) => {
    const { authorizations } = await opened(t, open)
    const given = authorization(1, { expiresAt: END })
    await authorizations.add(given)
    await authorizations.noteUse([{ id: idOf(1), at: USED }])
    await authorizations.update({ ...given, description: 'new', lastUsedAt: undefined })
    const kept = await authorizations.byID(idOf(1))
    assert.deepEqual([kept?.description, kept?.expiresAt, kept?.lastUsedAt], ['new', END, USED])
  })

  test('a new secret is found, and the previous one as long as it is stored', async (t) => {
    const { authorizations } = await opened(t, open)
    const given = authorization(1)
    await authorizations.add(given)
    await authorizations.add(authorization(2))
    const found = async (hash: string) => (await authorizations.byHash(hash))?.id
    const previous = { hashedToken: given.hashedToken, until: END }
    await authorizations.update({ ...given, hashedToken: 'second', previous })
    assert.deepEqual([await found('second'), await found(given.hashedToken)], [idOf(1), idOf(1)])
    assert.deepEqual(plain((await authorizations.byID(idOf(1)))?.previous), previous)
    assert.equal((await authorizations.byID(idOf(2)))?.previous, undefined)

    await authorizations.update({ ...given, hashedToken: 'third', previous: undefined })
    assert.deepEqual(
      [await found('third'), await found('second'), await found(given.hashedToken)],
      [idOf(1), undefined, undefined],
    )
    assert.equal((await authorizations.byID(idOf(1)))?.previous, undefined)
    await authorizations.remove(idOf(1))
    assert.equal(await found('third'), undefined)
  })

  test('expired tokens are marked permanently, all or a single one; others are not', async (t) => {
    const { authorizations } = await opened(t, open)
    const later = '2030-01-31T12:00:00.001Z'
    for (const [number, expiresAt] of [END, END, later, undefined, '+010000-01-01T00:00:00.000Z'].entries()) {
      await authorizations.add(authorization(number + 1, { expiresAt }))
    }
    const marked = async () => (await authorizations.list({})).map(({ expired }) => expired === true)
    await authorizations.markExpired('2030-01-31T11:59:59.999Z')
    assert.deepEqual(await marked(), [false, false, false, false, false])
    await authorizations.markExpired(END, idOf(2))
    assert.deepEqual(await marked(), [false, true, false, false, false])
    await authorizations.markExpired(END)
    assert.deepEqual(await marked(), [true, true, false, false, false])
    await authorizations.update(authorization(1, { expiresAt: END }))
    assert.deepEqual(await marked(), [true, true, false, false, false])
    assert.equal((await authorizations.byID(idOf(1)))?.expiresAt, END)
  })

  test('a secret is forgotten after its grace period', async (t) => {
    const { authorizations } = await opened(t, open)
    for (const number of [1, 2]) {
      const given = authorization(number)
      await authorizations.add(given)
      const previous = { hashedToken: given.hashedToken, until: END }
      await authorizations.update({ ...given, hashedToken: `new ${number}`, previous })
    }
    const found = async () =>
      Promise.all(
        [1, 2].map(async (number) => (await authorizations.byHash(authorization(number).hashedToken))?.id),
      )
    await authorizations.markExpired('2030-01-31T11:59:59.999Z')
    assert.deepEqual(await found(), [idOf(1), idOf(2)])
    await authorizations.markExpired(END, idOf(1))
    assert.deepEqual(await found(), [undefined, idOf(2)])
    await authorizations.markExpired(END)
    assert.deepEqual(await found(), [undefined, undefined])
    assert.equal((await authorizations.byHash('new 1'))?.id, idOf(1))
  })
}
