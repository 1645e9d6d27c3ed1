import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connected, ownPrefix, withoutRedis } from '../../../../test/support/redis.ts'
import { createRedisOnce } from './once.ts'

suite('what may happen once, in Redis', withoutRedis, () => {
  test('counts once on two nodes, until its time is over', async () => {
    const keyPrefix = ownPrefix()
    const [one, other] = [
      createRedisOnce({ redis: await connected(), keyPrefix }),
      createRedisOnce({ redis: await connected(), keyPrefix }),
    ]
    const claims = await Promise.all([one, other, one, other].map((node) => node.claim('flow a', 300)))
    assert.deepEqual(claims.filter(Boolean), [true])
    assert.equal(await other.claim('flow b', 300), true)
    await sleep(400)
    assert.equal(await other.claim('flow a', 300), true)
  })
})
