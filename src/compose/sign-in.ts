/** The ways to sign in. */
import type { SsoTokens } from '../domain/access/bounded-tokens.ts'
import type { Deployment } from '../domain/access/confinement.ts'
import type { SecondFactorOptions } from '../domain/access/required-factor.ts'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { GuessGuard } from '../domain/guessing/guess-guard.ts'
import type { SignInCheck } from '../domain/passwords/directory-check.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Seal } from '../domain/second-factors/seal.ts'
import { createApplicationPasswordCheck } from '../domain/sign-in/application-password-check.ts'
import { createConfinementOf } from '../domain/sign-in/confinement.ts'
import { createLocalSignIn, type LocalSignInOptions } from '../domain/sign-in/local-sign-in.ts'
import { type CountSignIn, createPasswordSignIn } from '../domain/sign-in/password-sign-in.ts'
import { createPendingSignIns } from '../domain/sign-in/pending-sign-in.ts'
import { createSecondFactorSignIn } from '../domain/sign-in/second-factor-sign-in.ts'
import type { SessionLimit } from '../domain/sign-in/session-limit.ts'
import type { StartSession } from '../domain/sign-in/start-session.ts'
import type { TokensWhenGone } from '../domain/single-sign-on/end-outside.ts'

export interface SignInOptions {
  readonly deployment: Deployment
  readonly sessionLimit: SessionLimit
  readonly countSignIn: CountSignIn
  readonly localSignIn: LocalSignInOptions
  readonly ssoTokens: SsoTokens
  readonly tokensWhenGone: TokensWhenGone
  readonly secondFactor: SecondFactorOptions
}

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
  const pendingSignIns = createPendingSignIns({ ...store, seal, now })
  const common = { pendingSignIns, startSession, guard, audit: parts.trail, count: options.countSignIn, now }
  const confinementOf = createConfinementOf({ ...store, deployment: options.deployment })
  return {
    pendingSignIns,
    confinementOf,
    signIn: createPasswordSignIn({
      ...{ ...common, users: store.users, secondFactors: store.secondFactors },
      ...{ checkPassword: parts.checkPassword, hasher: parts.hasher, policy: parts.policy },
      ...{ recoveryCodes: store.recoveryCodes, secondFactor: options.secondFactor, changes: parts.changes },
      byDirectory: parts.byDirectory,
      byApplicationPassword: createApplicationPasswordCheck({ ...store, now }),
      localSignIn: createLocalSignIn({ ...store, options: options.localSignIn }),
      confinementOf,
    }),
    secondFactorSignIn: createSecondFactorSignIn({
      ...{ ...common, secondFactors: store.secondFactors, seal, log },
    }),
  }
}
