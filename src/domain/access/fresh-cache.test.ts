import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ID } from '../base/id.ts'
import { ALONE } from '../records/stamps.ts'
import { createFreshCache } from './fresh-cache.ts'

const [ADA, BOB] = ['00000000000000a1' as ID, '00000000000000b1' as ID]

interface Value {
  readonly user: ID
  readonly version: number
}

/** A cache over loads that end when the test says so; `stored` is what a load then finds. */
function setUp({ limit = 100 } = {}) {
  const loads: { key: string; end: (value: Value | undefined) => void; fail: (error: Error) => void }[] = []
  const cache = createFreshCache<Value>({
    limit,
    isValid: () => true,
    userOf: ({ user }) => user,
    load: (key) => new Promise((end, fail) => loads.push({ key, end, fail })),
  })
  return { cache, loads }
}

/** The same, where loads end at once with what is there now. */
function setUpStored({ limit = 100 } = {}) {
  const stored = new Map<string, Value>()
  const loaded: string[] = []
  const cache = createFreshCache<Value>({
    limit,
    isValid: () => true,
    userOf: ({ user }) => user,
    async load(key) {
      loaded.push(key)
      return stored.get(key)
    },
  })
  return { cache, stored, loaded }
}

suite('a change while a load is under way', () => {
  test('what it answers is not kept: it may have read the store before', async () => {
    const { cache, loads } = setUp()
    const waiting = cache.get('a', ALONE)
    cache.forget(BOB)
    loads[0]?.end({ user: ADA, version: 1 })
    assert.deepEqual(await waiting, { user: ADA, version: 1 })

    const after = cache.get('a', ALONE)
    assert.equal(loads.length, 2)
    loads[1]?.end({ user: ADA, version: 2 })
    assert.deepEqual(await after, { user: ADA, version: 2 })
  })

  test('nobody who comes after it joins the old load', async () => {
    const { cache, loads } = setUp()
    const before = cache.get('a', ALONE)
    cache.forget(ADA)
    const after = cache.get('a', ALONE)
    assert.equal(loads.length, 2)
    loads[1]?.end({ user: ADA, version: 2 })
    loads[0]?.end({ user: ADA, version: 1 })
    assert.deepEqual(await after, { user: ADA, version: 2 })
    assert.deepEqual(await before, { user: ADA, version: 1 })
    // The newer one is kept, though the older ended last.
    assert.deepEqual(await cache.get('a', ALONE), { user: ADA, version: 2 })
    assert.equal(loads.length, 2)
  })

  test('when the old load ends, the new one is still shared', async () => {
    const { cache, loads } = setUp()
    const before = cache.get('a', ALONE)
    cache.forget(ADA)
    const after = cache.get('a', ALONE)
    loads[0]?.end({ user: ADA, version: 1 })
    await before
    const later = cache.get('a', ALONE)
    assert.equal(loads.length, 2)
    loads[1]?.end({ user: ADA, version: 2 })
    assert.deepEqual(
      [await after, await later],
      [
        { user: ADA, version: 2 },
        { user: ADA, version: 2 },
      ],
    )
  })
})

suite('keeping', () => {
  test('a load that fails is not kept, and the next one tries again', async () => {
    const { cache, loads } = setUp()
    const failing = cache.get('a', ALONE)
    loads[0]?.fail(new Error('the store is away'))
    await assert.rejects(async () => failing, /the store is away/)
    const again = cache.get('a', ALONE)
    loads[1]?.end({ user: ADA, version: 1 })
    assert.deepEqual(await again, { user: ADA, version: 1 })
  })

  test('what is not there is asked for every time', async () => {
    const { cache, stored, loaded } = setUpStored()
    assert.equal(await cache.get('a', ALONE), undefined)
    stored.set('a', { user: ADA, version: 1 })
    assert.deepEqual(await cache.get('a', ALONE), { user: ADA, version: 1 })
    assert.deepEqual(loaded, ['a', 'a'])
  })

  test('those who ask at the same time share one load', async () => {
    const { cache, loads } = setUp()
    const waiting = [cache.get('a', ALONE), cache.get('a', ALONE), cache.get('b', ALONE)]
    assert.deepEqual(
      loads.map(({ key }) => key),
      ['a', 'b'],
    )
    for (const { end } of loads) end({ user: ADA, version: 1 })
    await Promise.all(waiting)
  })

  test('what is kept is answered until its user changes, and all of that user is forgotten', async () => {
    const { cache, stored, loaded } = setUpStored()
    for (const [key, user] of [
      ['a1', ADA],
      ['a2', ADA],
      ['b1', BOB],
    ] as const) {
      stored.set(key, { user, version: 1 })
      await cache.get(key, ALONE)
      await cache.get(key, ALONE)
    }
    assert.deepEqual(loaded, ['a1', 'a2', 'b1'])
    cache.forget(ADA)
    for (const key of ['a1', 'a2', 'b1']) await cache.get(key, ALONE)
    assert.deepEqual(loaded, ['a1', 'a2', 'b1', 'a1', 'a2'])
  })

  test('no more are kept than the limit, the oldest goes first', async () => {
    const { cache, stored, loaded } = setUpStored({ limit: 2 })
    for (const key of ['a', 'b', 'c']) {
      stored.set(key, { user: ADA, version: 1 })
      await cache.get(key, ALONE)
    }
    loaded.length = 0
    for (const key of ['c', 'b', 'a']) await cache.get(key, ALONE)
    assert.deepEqual(loaded, ['a'])
    // What was dropped for the limit is not forgotten a second time, what is kept is.
    cache.forget(ADA)
    loaded.length = 0
    for (const key of ['a', 'b']) await cache.get(key, ALONE)
    assert.deepEqual(loaded, ['a', 'b'])
  })

  test('what no longer holds is loaded anew, and what is loaded then is kept', async () => {
    let oldest = 1
    let version = 1
    const loaded: number[] = []
    const cache = createFreshCache<Value>({
      limit: 100,
      userOf: ({ user }) => user,
      isValid: (value) => value.version >= oldest,
      async load() {
        loaded.push(version)
        return { user: ADA, version }
      },
    })
    await cache.get('a', ALONE)
    assert.deepEqual(cache.get('a', ALONE), { user: ADA, version: 1 })
    oldest = version = 2
    assert.deepEqual(await cache.get('a', ALONE), { user: ADA, version: 2 })
    assert.deepEqual(cache.get('a', ALONE), { user: ADA, version: 2 })
    assert.deepEqual(loaded, [1, 2])
  })
})
