/** The guard against guessing, and the check of passwords behind it. */
import type { Clock } from '../domain/base/clock.ts'
import { createGuessGuard } from '../domain/guessing/guess-guard.ts'
import type { GuessLimits } from '../domain/guessing/guess-limits.ts'
import { createKnownAddresses } from '../domain/guessing/known-addresses.ts'
import { createGuardedCheck } from '../domain/passwords/guarded-check.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { SessionBackend } from './session-backend.ts'

export function composeGuessing(parts: {
  store: IdentityStore
  backend: Pick<SessionBackend, 'counters' | 'throttled'>
  limits: GuessLimits
  hasher: PasswordHasher
  now: Clock
}) {
  const { store, backend, limits, hasher, now } = parts
  const { counters, throttled } = backend
  const guard = createGuessGuard({ counters, onThrottled: throttled.note, limits, now })
  const known = createKnownAddresses({ ...store, now })
  return { guard, known, rightPassword: createGuardedCheck({ ...store, guard, known, hasher }) }
}
