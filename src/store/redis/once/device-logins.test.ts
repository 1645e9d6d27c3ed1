import { suite } from 'node:test'
import {
  describeDeviceLogins,
  realTime,
} from '../../../../test/store-conformance/device-logins.conformance.ts'
import { connected, ownPrefix, withoutRedis } from '../../../../test/support/redis.ts'
import { createRedisDeviceLogins } from './device-logins.ts'

suite('in Redis', withoutRedis, () => {
  describeDeviceLogins('two nodes with Redis', {
    async open(options) {
      const keyPrefix = ownPrefix()
      const node = async () => createRedisDeviceLogins({ redis: await connected(), keyPrefix, ...options })
      return [await node(), await node()]
    },
    pass: realTime,
  })
})
