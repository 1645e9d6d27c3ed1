import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { describeSessionStore } from '../../../../test/store-conformance/session-store.conformance.ts'
import { connected, ownPrefix, quiet, withoutRedis } from '../../../../test/support/redis.ts'
import { byPassword } from '../../../../test/support/session.ts'
import type { ID } from '../../../domain/base/id.ts'
import type { Session } from '../../../domain/records/session.ts'
import { redisScript } from '../link/script.ts'
import { createSessionMac } from './session-mac.ts'
import { createRedisSessionStore } from './session-store.ts'

const ADA = '00000000000000a1' as ID
const fence = { sessionStoreID: () => undefined, tag: (stamp: string) => stamp }

const HOUR = 3600_000
const KEY = Buffer.alloc(32, 'a key of all nodes')

async function open({ prefix = ownPrefix(), key = KEY, onExpired = (_: Session) => {} } = {}) {
  const redis = await connected({ keyPrefix: prefix })
  let at = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  let forged = 0
  const mac = await createSessionMac({ key: { get: async () => key }, steady: () => performance.now() })
  const now = () => at
  const serverID = () => {
    const state = redis.state()
    return state.connected ? state.serverID : undefined
  }
  const store = createRedisSessionStore({
    ...{ redis, prefix, now, log: quiet, onExpired, mac },
    lastEnd: ({ createdAt, expiresAt, remembered }) =>
      remembered ? expiresAt : Math.max(expiresAt, createdAt + 12 * HOUR),
    onForged() {
      forged += 1
    },
    fence: { ...fence, sessionStoreID: serverID },
  })
  return {
    ...{ store, now, prefix },
    forged: () => forged,
    /** What anybody can do who may write to Redis. */
    attack: (...command: string[]) =>
      redis.run(redisScript('return redis.call(unpack(ARGV))'), [], command) as Promise<string[]>,
    forward(ms: number) {
      at += ms
    },
  }
}

const session = (index: number, at: number, more: Partial<Session> = {}): Session => ({
  keyHash: `hash ${index}`,
  ...{ userID: ADA, orgID: undefined, address: '', userAgent: '', remembered: false },
  ...{ instanceGeneration: 0, userGeneration: 0 },
  ...{ createdAt: at, lastUsedAt: at, cookieSentAt: at, expiresAt: at + 600_000, ...byPassword(at) },
  ...more,
})

const renewal = (at: number) => ({ at, lengthMs: 600_000, longestMs: 12 * HOUR, cookieAgeMs: 60_000 })

if (withoutRedis.skip) test('sessions in Redis', withoutRedis, () => {})
else describeSessionStore('Redis', () => open())

suite('sessions in Redis', withoutRedis, () => {
  test('ended ones are swept, each told to one node; those that live on are kept', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const told: string[] = []
    const onExpired = ({ keyHash }: Session) => told.push(keyHash)
    const one = await open({ onExpired })
    const other = await open({ prefix: one.prefix, onExpired })
    for (let index = 0; index < 1200; index++) await one.store.add(session(index, one.now()))
    one.forward(1000)
    const renewal = { at: one.now(), lengthMs: 900_000, longestMs: 10_000_000, cookieAgeMs: 0 }
    assert.ok(await one.store.use('hash 3', renewal))
    for (const node of [one, other]) node.forward(602_000)
    t.mock.timers.tick(1000)
    await Promise.all([one.store.close(), other.store.close()])
    assert.equal(told.length, 1199)
    assert.equal(new Set(told).size, 1199)
    assert.equal(await one.store.count(), 1)
    assert.ok(await one.store.find('hash 3'))
  })

  test('what one node begins and ends another one sees', async () => {
    const one = await open()
    const other = await open({ prefix: one.prefix })
    await one.store.add(session(1, one.now()))
    assert.ok(await other.store.find('hash 1'))
    assert.ok(await other.store.remove('hash 1'))
    assert.equal(await one.store.find('hash 1'), undefined)
    assert.deepEqual(await one.store.ofUser(ADA), [])
    for (const { store } of [one, other]) await store.close()
  })

  test('one that no node wrote does not exist, in whatever way it is asked for', async (t) => {
    const { store, attack, prefix, now, forged } = await open()
    t.after(() => store.close())
    await store.add(session(1, now()))
    const genuine = await attack('HGETALL', `${prefix}s:hash 1`)
    const withoutMac = genuine.filter(
      (_, at) => at !== genuine.indexOf('mac') && at !== genuine.indexOf('mac') + 1,
    )
    for (const fields of [
      withoutMac,
      [...withoutMac, 'mac', ''],
      [...withoutMac, 'mac', 'A'.repeat(43)],
      genuine,
    ]) {
      await attack('DEL', `${prefix}s:forged`)
      await attack('HSET', `${prefix}s:forged`, ...fields)
      await attack('ZADD', `${prefix}of:${ADA}`, '9', 'forged')
      const before = forged()
      assert.equal(await store.find('forged'), undefined)
      assert.equal(await store.use('forged', renewal(now())), undefined)
      assert.deepEqual(
        (await store.ofUser(ADA)).map(({ keyHash }) => keyHash),
        ['hash 1'],
      )
      assert.equal(forged() - before, 3)
    }
  })

  test('one of which a covered field was altered or taken away does not exist', async (t) => {
    const { store, attack, prefix, now, forged } = await open()
    t.after(() => store.close())
    const altered: Record<string, string> = {
      ...{ user: '00000000000000b1', org: '00000000000000c1', created: String(now() - 1) },
      ...{ address: '192.0.2.9', agent: 'another', remembered: '1', lastEnd: String(now() + 99 * HOUR) },
      ...{ instanceGeneration: '1', userGeneration: '1', mac: 'x', details: '{"level":"two-factors"}' },
    }
    await store.add(session(1, now()))
    const names = (await attack('HKEYS', `${prefix}s:hash 1`)).filter(
      (name) => !['used', 'expires', 'cookieSent'].includes(name),
    )
    assert.deepEqual(names.toSorted(), Object.keys(altered).toSorted())
    for (const [name, value] of Object.entries(altered)) {
      for (const command of [['HSET', value], ['HDEL']] as const) {
        await store.add(session(1, now()))
        assert.ok(await store.use('hash 1', renewal(now())), name)
        const before = forged()
        await attack(command[0], `${prefix}s:hash 1`, name, ...command.slice(1))
        assert.equal(await store.use('hash 1', renewal(now())), undefined, `${command[0]} ${name}`)
        assert.equal(await store.find('hash 1'), undefined, `${command[0]} ${name}`)
        assert.equal(forged() - before, 2, `${command[0]} ${name}`)
      }
    }
  })

  test('what use moves is held against what is covered: no end beyond the last, no use before the first', async (t) => {
    const { store, attack, prefix, now, forged } = await open()
    t.after(() => store.close())
    const end = now() + 12 * HOUR
    const wrong: [string, unknown][] = [
      ...[end + 1, 9e15, 'inf', 'nan', '0x7fffffffffffffff', '1e15', '', 'x', -1].map(
        (value): [string, unknown] => ['expires', value],
      ),
      ...['used', 'cookieSent'].flatMap((name) =>
        [now() - 61_000, end + 1, '', 'x', '1e12'].map((value): [string, unknown] => [name, value]),
      ),
    ]
    for (const [name, value] of wrong) {
      await store.add(session(1, now()))
      await attack('HSET', `${prefix}s:hash 1`, name, String(value))
      const before = forged()
      assert.equal(await store.find('hash 1'), undefined, `${name} ${value}`)
      // A use may put right what it writes; an end it never brings nearer.
      const used = await store.use('hash 1', renewal(now()))
      if (name === 'expires') assert.equal(used, undefined, `${name} ${value}`)
      assert.ok(forged() > before)
    }
    await store.add(session(1, now()))
    await attack('HSET', `${prefix}s:hash 1`, 'expires', String(end))
    assert.equal((await store.find('hash 1'))?.expiresAt, end)
  })

  test('use moves the end of a session no further than it was bounded when it began', async (t) => {
    const { store, now } = await open()
    t.after(() => store.close())
    await store.add(session(1, now()))
    const used = await store.use('hash 1', {
      at: now(),
      lengthMs: 99 * HOUR,
      longestMs: 99 * HOUR,
      cookieAgeMs: 0,
    })
    assert.equal(used?.session.expiresAt, now() + 12 * HOUR)
  })

  test('a session copied to another key, or kept under another key of the MAC, does not exist', async (t) => {
    const one = await open()
    const stranger = await open({ prefix: one.prefix, key: Buffer.alloc(32, 'the key of another database') })
    t.after(() => Promise.all([one.store.close(), stranger.store.close()]))
    await one.store.add(session(1, one.now()))
    await one.attack('COPY', `${one.prefix}s:hash 1`, `${one.prefix}s:hash 2`)
    assert.equal(await one.store.find('hash 2'), undefined)
    assert.equal(await stranger.store.find('hash 1'), undefined)
    assert.ok(await one.store.find('hash 1'))
  })

  test("another's session in a user's list is not the user's", async (t) => {
    const { store, attack, prefix, now } = await open()
    t.after(() => store.close())
    await store.add(session(1, now(), { userID: '00000000000000b1' as ID }))
    await attack('ZADD', `${prefix}of:${ADA}`, '9', 'hash 1')
    assert.deepEqual(await store.ofUser(ADA), [])
  })

  test('a key that holds something else is no session, and can be removed', async (t) => {
    const { store, attack, prefix, now } = await open()
    t.after(() => store.close())
    await attack('SET', `${prefix}s:hash 1`, 'text')
    await attack('ZADD', `${prefix}of:${ADA}`, '9', 'hash 1')
    assert.equal(await store.find('hash 1'), undefined)
    assert.equal(await store.use('hash 1', renewal(now())), undefined)
    assert.deepEqual(await store.ofUser(ADA), [])
    await store.removeOfUser(ADA, { before: 1 })
    assert.equal(await attack('EXISTS', `${prefix}s:hash 1`), 0)
  })

  test('ends of forged sessions are not told, and hide none of the others', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const told: string[] = []
    const one = await open({ onExpired: ({ keyHash }) => told.push(keyHash) })
    await one.store.add(session(1, one.now()))
    await one.attack('HSET', `${one.prefix}s:forged`, 'user', ADA, 'expires', '1')
    await one.attack('HSET', `${one.prefix}s:endless`, 'user', ADA, 'expires', 'inf')
    for (const hash of ['forged', 'endless']) await one.attack('ZADD', `${one.prefix}due`, '1', hash)
    one.forward(700_000)
    t.mock.timers.tick(1000)
    await one.store.close()
    assert.deepEqual(told, ['hash 1'])
    assert.equal(one.forged(), 2)
    assert.equal(await one.attack('ZCARD', `${one.prefix}due`), 0)
  })
})
