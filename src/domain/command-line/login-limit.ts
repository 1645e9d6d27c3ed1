/** How many devices may begin to sign in from one address: each begun one is kept until it ends. */
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { SluiceError } from '../base/errors.ts'
import type { GuessCounters } from '../guessing/guess-counters.ts'
import { LOGIN_MS } from './asked-login.ts'

/** In the time for which one is kept; an office may share an address. */
export const MOST_DEVICES = 30

/** Counts one; throws `too many requests` if that address has begun enough. */
export type LoginLimit = (address: string) => Promise<void>

/** Counts where failed guesses are counted: in this process, or in Redis for all nodes. */
export function createLoginLimit({ counters, now }: { counters: GuessCounters; now: Clock }): LoginLimit {
  return async (address) => {
    const key = `device-logins:${addressKey(address)}`
    const rule = { free: MOST_DEVICES, windowMs: LOGIN_MS }
    const answer = await counters.reserve([{ key, scope: 'address', rule }], now())
    if (answer.kind === 'place') return answer.settle('wrong', now())
    const retryAfterSeconds = Math.max(1, Math.ceil(answer.retryAfterMs / 1000))
    throw new SluiceError('too many requests', 'too many devices began to sign in; wait ten minutes', {
      ...{ retryAfterSeconds, reason: 'throttled' },
    })
  }
}
