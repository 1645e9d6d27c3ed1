import { randomBytes } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import { unavailable } from '../../domain/errors.ts'
import type {
  GuessClaim,
  GuessCounters,
  GuessPlace,
  GuessThrottled,
} from '../../domain/guessing/guess-counters.ts'
import type { RedisConnection } from './connection.ts'
import { createGuessQueues, type WaitingTry } from './guess-queues.ts'
import { RENEW, RESERVE, SETTLE } from './guess-scripts.ts'

/** After so long without a sign of life a node is taken for dead, and its tries for undecided. */
const LEASE_MS = 30_000
/** Many times what a try takes; who waits longer waits for something that does not come. */
const LONGEST_WAIT_MS = 60_000
/** How often the first who waits asks again; a place that becomes free on its own node it hears of at once. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 50

interface Full {
  readonly kind: 'full'
  readonly index: number
}

/** Counts for all nodes that share the Redis. Exact over all of them; roughly in the order of coming. */
export function createRedisGuessCounters(deps: {
  redis: Pick<RedisConnection, 'run'>
  keyPrefix: string
  now: Clock
  leaseMs?: number
}): GuessCounters {
  const { redis, keyPrefix, now, leaseMs = LEASE_MS } = deps
  const queues = createGuessQueues()
  const node = randomBytes(9).toString('base64url')
  let asked = 0

  const keysOf = (claims: readonly GuessClaim[]) =>
    claims.flatMap(({ key }) =>
      ['guess', 'guess-places', 'guess-waiting'].map((kind) => `${keyPrefix}${kind}:${key}`),
    )

  async function ask(
    claims: readonly GuessClaim[],
    at: number,
    waiting?: { readonly index: number; readonly as: WaitingTry },
  ): Promise<GuessPlace | GuessThrottled | Full> {
    asked += 1
    const place = `${node}.${asked}`
    const behind = claims.map(({ key }, index) =>
      // Those who came later to the queue in which it waits are not before it.
      index === waiting?.index ? 0 : queues.behind(key, waiting?.as),
    )
    const told = claims.flatMap((claim, index) => writtenClaim(claim, behind[index]))
    const args = [at, place, node, leaseMs, (waiting?.index ?? -1) + 1, ...told]
    const reply = await redis.run(RESERVE, keysOf(claims), args)
    const [kind, position, retryAfterMs] = reply as readonly [string, number, number]
    if (kind === 'place') return hold(claims, place, position === 1)
    if (kind === 'full') return { kind, index: position - 1 }
    return { kind: 'throttled', by: claims[position - 1] as GuessClaim, retryAfterMs }
  }

  function hold(claims: readonly GuessClaim[], place: string, isCalm: boolean): GuessPlace {
    const keys = keysOf(claims)
    const renewal = setInterval(() => {
      // One that fails is followed by another before the lease is over.
      redis.run(RENEW, keys, [now(), place, leaseMs]).catch(() => undefined)
    }, leaseMs / 3)
    renewal.unref()
    return {
      kind: 'place',
      isCalm,
      async settle(outcome, at) {
        clearInterval(renewal)
        await redis.run(SETTLE, keys, [at, place, outcome, ...claims.flatMap((claim) => writtenClaim(claim))])
        for (const { key } of claims) queues.wake(key)
      },
    }
  }

  /** Waits for a place under that claim, and answers what then came of it. */
  async function waitAt(claims: readonly GuessClaim[], index: number, until: number) {
    const as = queues.join(claims[index]?.key ?? '')
    try {
      await as.first
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        const answer = await ask(claims, now(), { index, as })
        if (answer.kind !== 'full' || answer.index !== index) return answer
        if (performance.now() > until)
          throw unavailable('too many tries at once; try again shortly', { retryAfterSeconds: 1 })
        as.hasTurn = true
        await as.pause(pauseMs)
      }
    } finally {
      as.leave()
    }
  }

  return {
    async reserve(claims, at) {
      const until = performance.now() + LONGEST_WAIT_MS
      let answer = await ask(claims, at)
      while (answer.kind === 'full') answer = await waitAt(claims, answer.index, until)
      return answer
    },
  }
}

/** As the scripts read it. A text that is no number stands for a rule without delays. */
function writtenClaim({ rule, scope, exempt = false }: GuessClaim, behind = 0): (string | number)[] {
  const { free, windowMs, delays } = rule
  return [
    free,
    windowMs,
    delays?.firstMs ?? '',
    delays?.longestMs ?? '',
    exempt ? 1 : 0,
    behind,
    scope === 'user' ? 1 : 0,
  ]
}
