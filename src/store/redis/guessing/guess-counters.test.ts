import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeGuessCounters } from '../../../../test/store-conformance/guess-counters.conformance.ts'
import { times, turn } from '../../../../test/support/guessing.ts'
import { connected, ownPrefix, withoutRedis } from '../../../../test/support/redis.ts'
import type { GuessClaim, GuessCounters } from '../../../domain/guessing/guess-counters.ts'
import type { RedisConnection } from '../link/connection.ts'
import { redisScript } from '../link/script.ts'
import { createRedisGuessCounters } from './guess-counters.ts'
import { RESERVE } from './guess-scripts.ts'

const WINDOW_MS = 60_000
const START = Date.UTC(2026, 0, 2)
const DAY = 24 * 3600_000

const claim = (key: string, free = 1): GuessClaim => ({
  ...{ key, scope: 'address', rule: { free, windowMs: WINDOW_MS } },
})

/** Connections are shared by all of a suite; keys are not. */
function nodesOn(connections: () => readonly RedisConnection[], leaseMs?: number) {
  let at = START
  const keyPrefix = ownPrefix()
  const nodes = connections().map((redis) =>
    createRedisGuessCounters({ redis, keyPrefix, now: () => at, ...(leaseMs ? { leaseMs } : {}) }),
  )
  return {
    nodes: nodes as [GuessCounters, GuessCounters, GuessCounters],
    keyPrefix,
    now: () => at,
    forward(ms: number) {
      at += ms
    },
  }
}

suite('guess counters in Redis', withoutRedis, async () => {
  const connections: RedisConnection[] = withoutRedis.skip
    ? []
    : await Promise.all(times(3, () => connected()))

  describeGuessCounters('Redis, three nodes', {
    async open(now) {
      const keyPrefix = ownPrefix()
      // The clock of these tests jumps, while tries are in flight.
      return connections.map((redis) => createRedisGuessCounters({ redis, keyPrefix, now, leaseMs: DAY }))
    },
    settled: () => sleep(3),
    runs: 60,
  })

  const own = (leaseMs?: number) => nodesOn(() => connections, leaseMs)

  async function attempt(node: GuessCounters, key: string, at: number, free = 1) {
    const answer = await node.reserve([claim(key, free)], at)
    if (answer.kind === 'throttled') return answer.retryAfterMs
    await answer.settle('wrong', at)
    return 'place'
  }

  test('the place of a node that died becomes free after its lease, and not before', async () => {
    const { nodes, now, forward } = own()
    const [one, other] = nodes
    const held = await one.reserve([claim('a')], now())
    assert.equal(held.kind, 'place')
    let answer: unknown
    const waiting = other.reserve([claim('a')], now()).then((given) => {
      answer = given.kind
    })
    forward(29_999)
    await sleep(150)
    assert.equal(answer, undefined)
    forward(1)
    await waiting
    assert.equal(answer, 'place')
  })

  test('a try that takes longer than the lease keeps its place while its node lives', async () => {
    const redis = await connected()
    const { keyPrefix } = redis
    const node = () => createRedisGuessCounters({ redis, keyPrefix, now: Date.now, leaseMs: 2000 })
    const [one, other] = [node(), node()]
    const held = await one.reserve([claim('a')], Date.now())
    let answer: unknown
    const waiting = other.reserve([claim('a')], Date.now()).then((given) => {
      answer = given.kind
    })
    await sleep(3000)
    assert.equal(answer, undefined)
    assert.ok(held.kind === 'place')
    await held.settle('wrong', Date.now())
    await waiting
    assert.equal(answer, 'throttled')
  })

  test('a clock that is a little behind changes nothing; one that was set back makes no delay longer', async () => {
    const { nodes, now } = own()
    const [one, other] = nodes
    await attempt(one, 'a', now())
    assert.equal(await attempt(other, 'a', now() - 500), WINDOW_MS)
    assert.equal(await attempt(one, 'a', now() + 1000), WINDOW_MS - 1000)
    await attempt(one, 'b', now() + DAY)
    assert.equal(await attempt(other, 'b', now()), WINDOW_MS)
    assert.equal(await attempt(one, 'b', now() + 1000), WINDOW_MS - 1000)
    assert.equal(await attempt(one, 'b', now() + WINDOW_MS), 'place')
  })

  test('sixteen right tries of one user at once on several nodes are all let in, by asking again', async () => {
    const { nodes, now } = own()
    let inFlight = 0
    await Promise.all(
      times(16, async (index) => {
        const answer = await nodes[index % nodes.length]?.reserve([claim('a')], now())
        assert.ok(answer?.kind === 'place')
        inFlight += 1
        assert.equal(inFlight, 1)
        await sleep(10)
        inFlight -= 1
        await answer.settle('right', now())
      }),
    )
  })

  test('who waits asks at once when a place becomes free on its own node', async () => {
    const { now, keyPrefix } = own()
    const [redis] = connections as [RedisConnection]
    const sent: unknown[] = []
    const noting: typeof redis.run = (script, ...rest) => {
      sent.push(script)
      return redis.run(script, ...rest)
    }
    const node = createRedisGuessCounters({ redis: { run: noting }, keyPrefix, now })
    const held = await node.reserve([claim('a')], now())
    const waiting = node.reserve([claim('a')], now())
    await sleep(150)
    assert.ok(held.kind === 'place')
    await held.settle('undecided', now())
    await turn()
    assert.equal(sent.at(-1), RESERVE)
    assert.equal((await waiting).kind, 'place')
  })

  test('a try that waits on a node leaves nothing in Redis by which others would wait for it', async () => {
    const { nodes, now, keyPrefix } = own()
    const [one, other] = nodes
    const held = await one.reserve([claim('a')], now())
    const waiting = other.reserve([claim('a')], now())
    await sleep(30)
    const kept = redisScript("return redis.call('KEYS', ARGV[1] .. '*')")
    const [redis] = connections as [RedisConnection]
    assert.deepEqual(await redis.run(kept, [], [keyPrefix]), [`${keyPrefix}guess-places:a`])
    assert.ok(held.kind === 'place')
    await held.settle('undecided', now())
    assert.equal((await waiting).kind, 'place')
  })

  test('what counts no longer leaves nothing behind', async () => {
    const { nodes, now, keyPrefix } = own()
    const [one, other] = nodes
    const kept = redisScript("return redis.call('KEYS', ARGV[1] .. '*')")
    const ttl = redisScript("return redis.call('PTTL', KEYS[1])")
    const [redis] = connections as [RedisConnection]
    for (const outcome of ['right', 'undecided'] as const) {
      const answer = await one.reserve([claim(outcome)], now())
      assert.ok(answer.kind === 'place')
      await answer.settle(outcome, now())
    }
    assert.deepEqual(await redis.run(kept, [], [keyPrefix]), [])
    await attempt(other, 'a', now(), 2)
    assert.deepEqual(await redis.run(kept, [], [keyPrefix]), [`${keyPrefix}guess:a`])
    const remains = Number(await redis.run(ttl, [`${keyPrefix}guess:a`], []))
    assert.ok(remains > WINDOW_MS && remains <= 2 * WINDOW_MS, String(remains))
  })
})
