import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '../../../scripts/engines/redis.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { quiet, withoutRedis } from '../../../test/support/redis.ts'
import { openRedis, type RedisChoice } from './open.ts'

const choice = (more: Partial<RedisChoice>): RedisChoice => ({
  ...{ redisUrl: undefined, redisPasswordFile: undefined, redisCaFile: undefined, redisSentinels: [] },
  ...{ redisSentinelMaster: '', redisSentinelPasswordFile: undefined, redisKeyPrefix: 'test:' },
  ...{ redisWaitReplicas: 0, storeTimeout: 2000 },
  ...more,
})
const deps = { log: quiet, now: Date.now, onConnected: async () => undefined }

suite('opening Redis', withoutRedis, () => {
  test('the password is read from its file at each connection', async () => {
    const server = await startRedis({ args: ['--requirepass', 'first'] })
    const redisPasswordFile = join(temporaryFolder(), 'password')
    writeFileSync(redisPasswordFile, 'first\n')
    const { redis, throttled } = await openRedis(
      choice({ redisUrl: `redis://127.0.0.1:${server.port}`, redisPasswordFile }),
      deps,
    )
    try {
      assert.deepEqual(await throttled.list(), [])
      writeFileSync(redisPasswordFile, 'second\n')
      await server.restart(['--requirepass', 'second'])
      const end = Date.now() + 10_000
      while (!redis.state().connected && Date.now() < end) await sleep(10)
      assert.deepEqual(await throttled.list(), [])
    } finally {
      await redis.close()
      await server.stop()
    }
  })

  test('a password file that is not there is said at once', async () => {
    const redisPasswordFile = join(temporaryFolder(), 'none')
    await assert.rejects(openRedis(choice({ redisUrl: 'redis://127.0.0.1:1', redisPasswordFile }), deps), {
      code: 'ENOENT',
    })
  })
})
