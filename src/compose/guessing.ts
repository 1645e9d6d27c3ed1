/** The guard against guessing, and the check of passwords behind it. */
import type { Clock } from '../domain/base/clock.ts'
import { createGuessGuard } from '../domain/guessing/guess-guard.ts'
import type { GuessLimits } from '../domain/guessing/guess-limits.ts'
import { createKnownAddresses } from '../domain/guessing/known-addresses.ts'
import { createDirectoryCheck, localCheck } from '../domain/passwords/directory-check.ts'
import { createGuardedCheck } from '../domain/passwords/guarded-check.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { OutsideIdentity } from '../domain/records/outside-identity.ts'
import type { SignInRequest } from '../domain/sign-in/password-sign-in.ts'
import { type DirectoryLink, directorySignIn } from './directory.ts'
import type { SessionBackend } from './session-backend.ts'

export function composeGuessing(parts: {
  store: IdentityStore
  backend: Pick<SessionBackend, 'counters' | 'throttled'>
  limits: GuessLimits
  hasher: PasswordHasher
  /** Undefined if only this server knows passwords. */
  directory?: DirectoryLink | undefined
  now: Clock
}) {
  const { store, backend, limits, hasher, directory, now } = parts
  const { counters, throttled } = backend
  const guard = createGuessGuard({ counters, onThrottled: throttled.note, limits, now })
  const known = createKnownAddresses({ ...store, now })
  const rightPassword = createGuardedCheck({ ...store, guard, known, hasher })
  const checkPassword = directory
    ? createDirectoryCheck({ ...store, directory: directory.directory, guard, known, hasher })
    : localCheck(rightPassword)
  const requestOf = (identity: OutsideIdentity, request: Omit<SignInRequest, 'credentials'>) =>
    directorySignIn(directory, identity, request)
  return { guard, known, rightPassword, checkPassword, requestOf }
}
