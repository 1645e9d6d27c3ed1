/** The ways to sign in. */
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { GuessGuard } from '../domain/guessing/guess-guard.ts'
import type { SignInCheck } from '../domain/passwords/directory-check.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createPasskeyCheck } from '../domain/second-factors/passkey-check.ts'
import type { Seal } from '../domain/second-factors/seal.ts'
import { createApplicationPasswordCheck } from '../domain/sign-in/application-password-check.ts'
import { createConfinementOf } from '../domain/sign-in/confinement.ts'
import { createLocalSignIn } from '../domain/sign-in/local-sign-in.ts'
import { createSecondFactorChallenge } from '../domain/sign-in/passkey-challenge.ts'
import { createPasskeySignIn } from '../domain/sign-in/passkey-sign-in.ts'
import { createPasswordSignIn } from '../domain/sign-in/password-sign-in.ts'
import { createPendingSignIns } from '../domain/sign-in/pending-sign-in.ts'
import { createSecondFactorSignIn } from '../domain/sign-in/second-factor-sign-in.ts'
import type { StartSession } from '../domain/sign-in/start-session.ts'
import type { SignInOptions } from './sign-in-options.ts'

export function composeSignIn(parts: {
  store: IdentityStore
  startSession: StartSession
  trail: Pick<AuditTrail, 'refuse'>
  changes: Changes
  hasher: PasswordHasher
  policy: PasswordPolicy
  guard: GuessGuard
  checkPassword: SignInCheck
  byDirectory: Parameters<typeof createPasswordSignIn>[0]['byDirectory']
  seal: Seal
  options: SignInOptions
  now: Clock
  log: Log
}) {
  const { store, startSession, options, seal, guard, now, log } = parts
  const { passkeys, secondFactor } = options
  const hasPasskeys = typeof passkeys.relyingParty !== 'string'
  const pendingSignIns = createPendingSignIns({ ...store, seal, hasPasskeys, now })
  const localSignIn = createLocalSignIn({ ...store, options: options.localSignIn })
  const confinementOf = createConfinementOf({ ...store, deployment: options.deployment })
  const checkPasskey = createPasskeyCheck({ ...store, passkeys, now, log })
  const common = { pendingSignIns, startSession, guard, audit: parts.trail, count: options.countSignIn, now }
  return {
    pendingSignIns,
    confinementOf,
    signIn: createPasswordSignIn({
      ...{ ...common, users: store.users, secondFactors: store.secondFactors },
      ...{ checkPassword: parts.checkPassword, hasher: parts.hasher, policy: parts.policy },
      ...{ recoveryCodes: store.recoveryCodes, secondFactor, changes: parts.changes },
      byDirectory: parts.byDirectory,
      byApplicationPassword: createApplicationPasswordCheck({ ...store, now }),
      localSignIn,
      confinementOf,
    }),
    secondFactorSignIn: createSecondFactorSignIn({
      ...{ ...common, secondFactors: store.secondFactors, checkPasskey, seal, log },
    }),
    secondFactorChallenge: createSecondFactorChallenge({ ...store, pendingSignIns, passkeys }),
    passkeySignIn: createPasskeySignIn({
      ...{ ...common, users: store.users, passwords: store.passwords, checkPasskey, secondFactor },
      ...{ passkeys, seal, confinementOf, localSignIn },
    }),
  }
}
