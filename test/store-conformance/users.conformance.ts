import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameKey } from '../../src/domain/records/name-key.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { describePages } from './pages.conformance.ts'
import {
  ALL,
  AWKWARD_NAMES,
  GREAT_IDS,
  idOf,
  idsOf,
  MANY,
  opened,
  plain,
  user,
} from './records.conformance.ts'

const isAlike = (one: string, other: string) => nameKey(one) === nameKey(other)

export function describeUserStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { users } = await opened(t, open)
    assert.equal(await users.byID(idOf(1)), undefined)
    assert.equal(await users.byName('user 1'), undefined)
    assert.equal(await users.update(user(1)), false)
    assert.equal(await users.remove(idOf(1)), false)
    assert.deepEqual(await users.byIDs([idOf(1)]), [])
    assert.deepEqual(await users.byIDs([]), [])
    assert.deepEqual(await users.list(ALL), [])
    assert.equal(await users.count(), 0)
  })

  test('a taken name is refused without any change', async (t) => {
    const { users } = await opened(t, open)
    assert.equal(await users.add(user(1)), true)
    assert.equal(await users.add(user(2, { name: 'user 1' })), false)
    assert.equal(await users.byID(idOf(2)), undefined)
    assert.equal(await users.add(user(2)), true)
    assert.equal(await users.update(user(2, { name: 'user 1', status: 'inactive' })), false)
    assert.deepEqual(plain(await users.byID(idOf(2))), user(2))
    assert.deepEqual(plain(await users.byName('user 1')), user(1))
  })

  test('a user is added although another name looks the same, and is found by exactly their name', async (t) => {
    const { users } = await opened(t, open)
    const names = ['ada', 'ada\u00a0', '\u200bada', 'Ada']
    const outcomes = []
    for (const [index, name] of names.entries())
      outcomes.push(await users.addAlike(user(index + 1, { name })))
    assert.deepEqual(outcomes, ['added', 'added alike', 'added alike', 'added'])
    assert.equal(await users.addAlike(user(9, { name: 'ada\u00a0' })), 'taken')
    for (const [index, name] of names.entries()) assert.equal((await users.byName(name))?.id, idOf(index + 1))
    assert.equal((await users.byName('ada\u2060'))?.id, idOf(1))
    assert.equal(await users.count(), 4)
    assert.equal(await users.add(user(9, { name: 'ada\u2060' })), false)
    await users.remove(idOf(1))
    assert.equal(await users.addAlike(user(9, { name: 'ada\u2060' })), 'added')
  })

  test('exactly one of many concurrent additions gets a name', async (t) => {
    const { users } = await opened(t, open)
    const added = await Promise.all([1, 2, 3, 4].map((id) => users.add(user(id, { name: 'wanted' }))))
    assert.deepEqual(added.toSorted(), [false, false, false, true])
    for (const id of [11, 12, 13]) await users.add(user(id))
    const renamed = await Promise.all([11, 12, 13].map((id) => users.update(user(id, { name: 'other' }))))
    assert.deepEqual(renamed.toSorted(), [false, false, true])
    assert.equal(await users.count(), 4)
  })

  test("an update is visible, and may keep the user's own name", async (t) => {
    const { users } = await opened(t, open)
    await users.add(user(1))
    assert.equal(await users.update(user(1, { status: 'inactive' })), true)
    assert.deepEqual(plain(await users.byName('user 1')), user(1, { status: 'inactive' }))
    assert.equal(await users.update(user(1, { name: 'renamed' })), true)
    assert.equal(await users.byName('user 1'), undefined)
    assert.deepEqual(plain(await users.byName('renamed')), user(1, { name: 'renamed' }))
    assert.equal(await users.add(user(2, { name: 'user 1' })), true)
  })

  test('removing one frees the name, and succeeds once', async (t) => {
    const { users } = await opened(t, open)
    await users.add(user(1))
    assert.equal(await users.remove(idOf(1)), true)
    assert.equal(await users.remove(idOf(1)), false)
    assert.equal(await users.byID(idOf(1)), undefined)
    assert.equal(await users.add(user(2, { name: 'user 1' })), true)
    assert.equal(await users.count(), 1)
  })

  test('names are returned and found exactly as given', async (t) => {
    const { users } = await opened(t, open)
    const names = AWKWARD_NAMES.filter((name, at, all) => all.findIndex((each) => isAlike(each, name)) === at)
    for (const [index, name] of names.entries()) {
      assert.equal(await users.add(user(index + 1, { name })), true, JSON.stringify(name.slice(0, 20)))
    }
    for (const [index, name] of names.entries()) {
      assert.deepEqual(plain(await users.byName(name)), user(index + 1, { name }))
    }
    assert.ok(names.length > 15)
  })

  test('a name that looks the same is taken, and finds the other user', async (t) => {
    const { users } = await opened(t, open)
    const pairs: readonly (readonly [name: string, like: string])[] = [
      ['\u00e9ve', 'e\u0301ve'],
      ['bob', ' bob\u200b'],
      ['eve', 'e\u0000v\u0085e\u2800'],
      ['ﬁle', 'file'],
      [' ', '\u202e'],
      ['\ufdfa'.repeat(300), ` ${'\ufdfa'.repeat(300)}`],
    ]
    for (const [index, [name, like]] of pairs.entries()) {
      const kept = user(index + 1, { name })
      assert.equal(await users.add(kept), true)
      assert.equal(await users.add(user(100, { name: like })), false, JSON.stringify(like.slice(0, 20)))
      // Of a name that shows nothing only the exact one is a name: nobody signs in with an empty one.
      assert.deepEqual(plain(await users.byName(like)), name === ' ' ? undefined : kept)
    }
    assert.equal(await users.byName(''), undefined)
    assert.equal(await users.add(user(100, { name: 'Bob' })), true)
    for (const [, like] of pairs) assert.equal(await users.update(user(100, { name: like })), false)
    assert.deepEqual(plain(await users.byName('Bob')), user(100, { name: 'Bob' }))
    assert.equal(await users.count(), pairs.length + 1)
  })

  test('a user may take another form of their own name; the old form is free only once the user is gone', async (t) => {
    const { users } = await opened(t, open)
    await users.add(user(1, { name: '\u00e9ve' }))
    const renamed = user(1, { name: 'e\u0301ve', status: 'inactive' })
    assert.equal(await users.update(renamed), true)
    assert.deepEqual(plain(await users.byName('\u00e9ve')), renamed)
    await users.remove(idOf(1))
    assert.equal(await users.byName('\u00e9ve'), undefined)
    assert.equal(await users.add(user(2, { name: '\u00e9ve' })), true)
  })

  test('exactly one of many concurrent additions gets a name that looks the same', async (t) => {
    const { users } = await opened(t, open)
    const names = ['wanted', 'wanted ', '\u200bwanted', 'ｗanted']
    const added = await Promise.all(names.map((name, index) => users.add(user(index + 1, { name }))))
    assert.deepEqual(added.toSorted(), [false, false, false, true])
    for (const id of [11, 12, 13]) await users.add(user(id))
    const others = ['other', 'other ', '\u200bother']
    const renamed = await Promise.all(others.map((name, index) => users.update(user(index + 11, { name }))))
    assert.deepEqual(renamed.toSorted(), [false, false, true])
  })

  test('finds the existing ones of many ids', async (t) => {
    const { users, transaction } = await opened(t, open)
    const numbers = Array.from({ length: MANY }, (_, index) => index + 1)
    await transaction(async (records) => {
      for (const number of numbers) if (number % 2 === 0) await records.users.add(user(number))
    })
    const found = await users.byIDs([...numbers, ...numbers.slice(0, 10)].map(idOf))
    const expected = numbers.filter((number) => number % 2 === 0).map(idOf)
    assert.deepEqual([...new Set(idsOf(found))].toSorted(), expected)
    assert.equal(await users.count(), expected.length)
  })

  describePages(open, (store) => ({ add: (number) => store.users.add(user(number)), list: store.users.list }))

  test('the order is that of unsigned 64-bit numbers', async (t) => {
    const { users } = await opened(t, open)
    for (const [index, id] of GREAT_IDS.toReversed().entries()) await users.add(user(index, { id }))
    assert.deepEqual(idsOf(await users.list(ALL)), GREAT_IDS)
    const [, second] = GREAT_IDS
    assert.deepEqual(idsOf(await users.list({ ...ALL, after: second })), GREAT_IDS.slice(2))
  })
}

export function describePasswordStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { passwords } = await opened(t, open)
    assert.equal(await passwords.get(idOf(1)), undefined)
    await passwords.remove(idOf(1))
  })

  test('a later one replaces the earlier, and each user has their own', async (t) => {
    const { passwords } = await opened(t, open)
    await passwords.set(idOf(1), { hash: '$argon2id$one', mustChange: true })
    await passwords.set(idOf(2), { hash: '$argon2id$two', mustChange: true })
    await passwords.set(idOf(1), { hash: '$argon2id$three', mustChange: false })
    assert.deepEqual(await passwords.get(idOf(1)), { hash: '$argon2id$three', mustChange: false })
    assert.deepEqual(await passwords.get(idOf(2)), { hash: '$argon2id$two', mustChange: true })
  })

  test('removing one keeps the others', async (t) => {
    const { passwords } = await opened(t, open)
    for (const number of [1, 2])
      await passwords.set(idOf(number), { hash: `hash ${number}`, mustChange: false })
    await passwords.remove(idOf(1))
    assert.equal(await passwords.get(idOf(1)), undefined)
    assert.equal((await passwords.get(idOf(2)))?.hash, 'hash 2')
  })
}
