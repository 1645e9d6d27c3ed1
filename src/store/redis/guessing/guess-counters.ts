import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../domain/base/clock.ts'
import { unavailable } from '../../../domain/base/errors.ts'
import type {
  GuessClaim,
  GuessCounters,
  GuessPlace,
  GuessThrottled,
} from '../../../domain/guessing/guess-counters.ts'
import type { RedisConnection } from '../link/connection.ts'
import { FORGET, RENEW, RESERVE, SETTLE } from './guess-scripts.ts'
import { createWaitingLines } from './waiting-lines.ts'

/** After this time without a renewal a node counts as dead, and its attempts as undecided. */
const LEASE_MS = 30_000
/** Many times as long as an attempt takes; a longer wait would be in vain. */
const LONGEST_WAIT_MS = 60_000
/** How often the first waiting attempt asks again for places that other nodes free. Its own node wakes it at once. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 50

interface Full {
  readonly kind: 'full'
  readonly index: number
}

/**
 * Counts exactly for all nodes that share the Redis. Attempts that wait on one node are served in order of arrival;
 * between nodes the one that asks first gets the place.
 */
export function createRedisGuessCounters(deps: {
  redis: Pick<RedisConnection, 'run'>
  keyPrefix: string
  now: Clock
  leaseMs?: number
}): GuessCounters {
  const { redis, keyPrefix, now, leaseMs = LEASE_MS } = deps
  const lines = createWaitingLines()
  const node = randomBytes(9).toString('base64url')
  let asked = 0

  const keysOf = (claims: readonly GuessClaim[]) =>
    claims.flatMap(({ key }) => ['guess', 'guess-places'].map((kind) => `${keyPrefix}${kind}:${key}`))

  async function ask(claims: readonly GuessClaim[], at: number): Promise<GuessPlace | GuessThrottled | Full> {
    asked += 1
    const place = `${node}.${asked}`
    const args = [at, place, leaseMs, ...claims.flatMap(writtenClaim)]
    const reply = await redis.run(RESERVE, keysOf(claims), args)
    const [kind, position, retryAfterMs] = reply as readonly [string, number, number]
    if (kind === 'place') return hold(claims, place, position === 1)
    if (kind === 'full') return { kind, index: position - 1 }
    return { kind: 'throttled', by: claims[position - 1] as GuessClaim, retryAfterMs }
  }

  function hold(claims: readonly GuessClaim[], place: string, isCalm: boolean): GuessPlace {
    const keys = keysOf(claims)
    const renewal = setInterval(() => {
      // A renewal that fails is followed by another before the lease ends.
      redis.run(RENEW, keys, [now(), place, leaseMs]).catch(() => undefined)
    }, leaseMs / 3)
    renewal.unref()
    return {
      kind: 'place',
      isCalm,
      async settle(outcome, at) {
        clearInterval(renewal)
        await redis.run(SETTLE, keys, [at, place, outcome, ...claims.flatMap(writtenClaim)])
        for (const { key } of claims) lines.wake(key)
      },
    }
  }

  /** Waits for a place under that claim; the answer is that of the last question. */
  async function waitAt(claims: readonly GuessClaim[], index: number, until: number) {
    const waiting = lines.join(claims[index]?.key ?? '')
    try {
      await waiting.first
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        const answer = await ask(claims, now())
        if (answer.kind !== 'full' || answer.index !== index) return answer
        if (performance.now() > until)
          throw unavailable('too many tries at once; try again shortly', { retryAfterSeconds: 1 })
        await waiting.pause(pauseMs)
      }
    } finally {
      waiting.leave()
    }
  }

  return {
    async reserve(claims, at) {
      const until = performance.now() + LONGEST_WAIT_MS
      const index = claims.findIndex(({ key, exempt }) => !exempt && lines.has(key))
      let answer = index < 0 ? await ask(claims, at) : await waitAt(claims, index, until)
      while (answer.kind === 'full') answer = await waitAt(claims, answer.index, until)
      return answer
    },
    async forget(key) {
      await redis.run(FORGET, [`${keyPrefix}guess:${key}`], [])
      lines.wake(key)
    },
  }
}

/** A claim as the scripts read it. A text that is no number stands for a rule without delays. */
function writtenClaim({ rule, scope, exempt = false }: GuessClaim): (string | number)[] {
  const { free, windowMs, delays } = rule
  const isUser = scope === 'user' ? 1 : 0
  return [free, windowMs, delays?.firstMs ?? '', delays?.longestMs ?? '', exempt ? 1 : 0, isUser]
}
