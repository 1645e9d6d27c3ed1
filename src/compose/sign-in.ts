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
import { createDueFactor } from '../domain/sign-in/due-factor.ts'
import { createFirstFactorCheck } from '../domain/sign-in/first-factor.ts'
import { createLocalSignIn } from '../domain/sign-in/local-sign-in.ts'
import { createSecondFactorChallenge } from '../domain/sign-in/passkey-challenge.ts'
import { createPasskeySignIn } from '../domain/sign-in/passkey-sign-in.ts'
import { createPasswordSignIn } from '../domain/sign-in/password-sign-in.ts'
import { createPendingSignIns } from '../domain/sign-in/pending-sign-in.ts'
import { createRehash } from '../domain/sign-in/rehash.ts'
import { createSecondFactorSignIn } from '../domain/sign-in/second-factor-sign-in.ts'
import { createSignInReport } from '../domain/sign-in/sign-in-report.ts'
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
  const dueFactor = createDueFactor({ ...store, pendingSignIns, secondFactor })
  const audit = parts.trail
  const report = createSignInReport({ audit, count: options.countSignIn })
  const common = { pendingSignIns, startSession, guard, audit, report, count: options.countSignIn, now }
  const checkFirstFactor = createFirstFactorCheck({
    ...{ users: store.users, guard, checkPassword: parts.checkPassword, policy: parts.policy },
    ...{ byApplicationPassword: createApplicationPasswordCheck({ ...store, now }), localSignIn, report },
  })
  return {
    dueFactor,
    confinementOf,
    localSignIn,
    signIn: createPasswordSignIn({
      ...{ checkFirstFactor, byDirectory: parts.byDirectory, confinementOf },
      ...{ rehash: createRehash(parts), dueFactor, startSession, report },
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
