import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { connected, withoutRedis } from '../../../../test/support/redis.ts'
import { SluiceError } from '../../../domain/base/errors.ts'
import type { ID } from '../../../domain/base/id.ts'
import { redisScript } from '../link/script.ts'
import { createStamps, MARK_MS } from './stamps.ts'

const ADA = '000000000000000a' as ID
const BOB = '000000000000000b' as ID
const HOUR = 3600_000

const PTTL = redisScript("return redis.call('PTTL', KEYS[1])")
const SHORTEN = redisScript("return redis.call('PEXPIRE', KEYS[1], ARGV[1])")
const DELETE = redisScript("return redis.call('DEL', KEYS[1])")
const FIELDS = redisScript("return redis.call('HLEN', KEYS[1])")

/** Two nodes on one Redis, with one clock. */
async function nodes() {
  let at = Date.UTC(2026, 0, 2)
  const redis = await connected()
  const { keyPrefix } = redis
  const node = () => createStamps({ redis, keyPrefix, now: () => at })
  const [one, other] = [node(), node()]
  const read = async (userID = ADA) => {
    const [stamp, again] = [await one.read(userID), await other.read(userID)]
    assert.equal(again, stamp)
    return stamp
  }
  return {
    ...{ one, other, redis, read },
    key: `${keyPrefix}stamp:${ADA}`,
    forward(ms: number) {
      at += ms
    },
  }
}

suite('stamps', withoutRedis, () => {
  test('a stamp stays the same on all nodes while nothing changes', async () => {
    const { read, forward } = await nodes()
    const stamp = await read()
    assert.ok(stamp)
    forward(HOUR)
    assert.equal(await read(), stamp)
    assert.notEqual(await read(BOB), stamp)
  })

  test('a change is unsettled from its mark on, for all whom it affects, and then each has a new stamp', async () => {
    const { one, other, read } = await nodes()
    const before = [await read(ADA), await read(BOB)]
    const mark = await one.mark([ADA, BOB])
    assert.deepEqual([await read(ADA), await read(BOB)], [undefined, undefined])
    await other.settle(mark)
    const after = [await read(ADA), await read(BOB)]
    assert.equal(new Set([...before, ...after, undefined]).size, 5)
  })

  test('of two changes of one user the end of the first does not settle the second', async () => {
    const { one, other, read } = await nodes()
    const [first, second] = [await one.mark([ADA]), await other.mark([ADA])]
    await one.settle(first)
    assert.equal(await read(), undefined)
    await other.settle(second)
    assert.ok(await read())
  })

  test('a mark whose node went away ends by itself, with a new stamp', async () => {
    const { one, read, forward } = await nodes()
    const before = await read()
    await one.mark([ADA])
    forward(MARK_MS - 1)
    assert.equal(await read(), undefined)
    forward(1)
    const after = await read()
    assert.ok(after)
    assert.notEqual(after, before)
    assert.equal(await read(), after)
  })

  test('the end of an old mark does not settle a younger change', async () => {
    const { one, read, forward } = await nodes()
    await one.mark([ADA])
    forward(MARK_MS / 2)
    const second = await one.mark([ADA])
    forward(MARK_MS / 2)
    assert.equal(await read(), undefined)
    await one.settle(second)
    assert.ok(await read())
  })

  test('marking takes off what is over, and the renewed stamp is another one all the same', async () => {
    const { one, redis, key, read, forward } = await nodes()
    const before = await read()
    for (const _ of [1, 2, 3]) {
      await one.mark([ADA])
      forward(MARK_MS)
    }
    const last = await one.mark([ADA])
    assert.equal(await redis.run(FIELDS, [key], []), 2)
    await one.settle(last)
    assert.notEqual(await read(), before)
  })

  test('a lost stamp comes back as another one, also where it is lost during a change', async () => {
    const { one, redis, key, read } = await nodes()
    const first = await read()
    await redis.run(DELETE, [key], [])
    const second = await read()
    assert.ok(second)
    assert.notEqual(second, first)
    const mark = await one.mark([ADA])
    await redis.run(DELETE, [key], [])
    const during = await read()
    await one.settle(mark)
    assert.notEqual(await read(), during)
  })

  test('what is read lives on for a day, and is not written anew each time', async () => {
    const { one, redis, key } = await nodes()
    const ttl = async () => Number(await redis.run(PTTL, [key], []))
    await one.read(ADA)
    assert.ok((await ttl()) > 23.9 * HOUR)
    await redis.run(SHORTEN, [key], [23.5 * HOUR])
    await one.read(ADA)
    assert.ok((await ttl()) <= 23.5 * HOUR)
    await redis.run(SHORTEN, [key], [22.9 * HOUR])
    await one.read(ADA)
    assert.ok((await ttl()) > 23.9 * HOUR)
    await redis.run(SHORTEN, [key], [1000])
    await one.mark([ADA])
    assert.ok((await ttl()) > 23.9 * HOUR)
  })

  test('a change of very many users marks them all', async () => {
    const { one } = await nodes()
    const all = Array.from({ length: 1201 }, (_, index) => index.toString(16).padStart(16, '0') as ID)
    const mark = await one.mark(all)
    const of = async () => new Set(await Promise.all(all.map((id) => one.read(id))))
    assert.deepEqual(await of(), new Set([undefined]))
    await one.settle(mark)
    assert.equal((await of()).size, all.length)
  })

  test('what is to be marked on a server that is no longer the master is not marked', async () => {
    const { one, redis, read } = await nodes()
    const stamp = await read()
    const failing = (error: unknown) => error instanceof SluiceError && error.code === 'unavailable'
    await assert.rejects(one.mark([ADA], 'another'), failing)
    redis.drop('for the test')
    await assert.rejects(one.mark([ADA]), failing)
    await assert.rejects(one.read(ADA), failing)
    while (!redis.state().connected) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(await read(), stamp)
  })
})
