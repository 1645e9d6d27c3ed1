import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeThrottledList } from '../../../../test/store-conformance/throttled-list.conformance.ts'
import { connected, ownPrefix, withoutRedis } from '../../../../test/support/redis.ts'
import { redisScript } from '../link/script.ts'
import { createRedisThrottledList } from './throttled-list.ts'

suite('list of those held back in Redis', withoutRedis, async () => {
  const connections = withoutRedis.skip ? [] : [await connected(), await connected()]

  describeThrottledList('two nodes', {
    open(options) {
      const keyPrefix = ownPrefix()
      return connections.map((redis) => createRedisThrottledList({ redis, keyPrefix, ...options }))
    },
  })

  test('is told to the other nodes within a second, and leaves nothing in Redis', async () => {
    const keyPrefix = ownPrefix()
    const now = () => Date.now()
    const [one, other] = connections.map((redis) => createRedisThrottledList({ redis, keyPrefix, now }))
    one?.note({ scope: 'user', key: 'u', address: '192.0.2.1', retryAfterSeconds: 2 })
    await sleep(1000)
    assert.deepEqual(
      (await other?.list())?.map(({ address, scope }) => [address, scope]),
      [['192.0.2.1', 'user']],
    )
    await sleep(1500)
    assert.deepEqual(await other?.list(), [])
  })

  test('shows entries of nodes of earlier versions, and leaves out malformed ones', async () => {
    const keyPrefix = ownPrefix()
    const [redis] = connections
    assert.ok(redis)
    const add = redisScript(`return redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])`)
    for (const entry of ['pair 192.0.2.1', 'token 192.0.2.2 - t', 'other 192.0.2.3 - o', 'pair', ''])
      await redis.run(add, [`${keyPrefix}throttled`], [Date.now() + 60_000, entry])
    const list = createRedisThrottledList({ redis, keyPrefix, now: Date.now })
    assert.deepEqual((await list.list()).map(({ scope, address, key }) => [scope, address, key]).sort(), [
      ['pair', '192.0.2.1', undefined],
      ['token', '192.0.2.2', 't'],
    ])
  })

  test('of a Redis that is away says so, and holds up nobody who is noted', async () => {
    const redis = { run: async () => Promise.reject(new Error('away')) }
    const list = createRedisThrottledList({ redis, keyPrefix: 'x', now: () => 0 })
    list.note({ scope: 'pair', key: 'p', address: '192.0.2.1', retryAfterSeconds: 2 })
    await assert.rejects(list.list(), /away/)
  })
})
