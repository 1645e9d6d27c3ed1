/** The second step of a sign-in: a code of an authenticator app, a recovery code, or a passkey. */
import type { RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { isThrottled, type SluiceError, unauthorized } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Change } from '../changes.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { SecondFactorStore } from '../records/second-factor.ts'
import type { User } from '../records/user.ts'
import { hashOneTimeCode, isRecoveryCode } from '../second-factors/one-time-codes.ts'
import type { Seal } from '../second-factors/seal.ts'
import { checkTotp, isTotpCode } from '../second-factors/totp.ts'
import type { CountedMethod, CountSignIn, SignInOutcome } from './password-sign-in.ts'
import { type PendingSignIn, type PendingSignIns, passwordStampOf } from './pending-sign-in.ts'
import type { StartSession } from './start-session.ts'

export interface SecondFactorRequest {
  /** What the first step gave the client; undefined if none was sent. */
  readonly pending: string | undefined
  /** A code of an authenticator app, or a recovery code. */
  readonly code: string
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
}

/**
 * Throws `unauthorized`, the same for every wrong code, so that it does not tell which factors there are; and `too many
 * requests` after too many wrong codes for the user, from whatever addresses.
 */
export type SecondFactorSignIn = (request: SecondFactorRequest) => ReturnType<StartSession>

/** Within the change that starts the session, uses the factor up; `false` if it was used or removed meanwhile. */
type UseFactor = (change: Change) => Promise<boolean>

/** Thrown within the change for a factor that was used or removed meanwhile. */
class FactorUsedError extends Error {}

export function createSecondFactorSignIn(deps: {
  pendingSignIns: Pick<PendingSignIns, 'open'>
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  seal: Seal
  guard: Pick<GuessGuard, 'attemptFactor'>
  startSession: StartSession
  audit: Pick<AuditTrail, 'refuse'>
  count: CountSignIn
  now: Clock
  log: Log
}): SecondFactorSignIn {
  /** Of several apps the one whose code it is; undefined if it is none's. */
  async function findApp(user: User, code: string): Promise<UseFactor | undefined> {
    const at = deps.now()
    for (const factor of await deps.secondFactors.ofUser(user.id)) {
      if (factor.kind !== 'totp') continue
      const secret = await deps.seal.open('totp-secret', factor.secret)
      if (secret === undefined) {
        deps.log.error('the secret of a second factor was sealed with another key', { factorID: factor.id })
        continue
      }
      const verdict = checkTotp(Buffer.from(secret, 'base64url'), code, { at, after: factor.counter })
      if (verdict.kind === 'right')
        return (change) => change.secondFactors.acceptStep(factor.id, verdict.step, at)
      if (verdict.kind === 'off') {
        deps.log.warn('a code was refused because a clock is wrong', {
          ...{ userID: user.id, factorID: factor.id, secondsOff: verdict.steps * 30 },
        })
      }
    }
    return undefined
  }

  async function find(user: User, code: string, origin: RequestOrigin): Promise<UseFactor | undefined> {
    if (isTotpCode(code)) return findApp(user, code)
    if (!isRecoveryCode(code)) return undefined
    return async (change) => {
      // Codes outlive no factor, but a reset removes both while this runs.
      if (!(await change.secondFactors.hasAny(user.id))) return false
      if (!(await change.recoveryCodes.use(user.id, hashOneTimeCode(code)))) return false
      const target = { type: 'user', id: user.id, name: user.name }
      change.records({ event: 'recovery-code.use', target, actor: { userID: user.id }, origin })
      return true
    }
  }

  return async ({ pending: sealed, code: given, presentedKeys, origin }) => {
    const { pending, user } = await deps.pendingSignIns.open(sealed)
    function refuse(outcome: SignInOutcome, error: SluiceError): SluiceError {
      deps.count(outcome, methodOf(pending))
      const target = { type: 'user', id: user.id, name: user.name }
      return deps.audit.refuse(error, { event: 'signin', actor: { userID: user.id }, target, origin })
    }
    const code = given.replaceAll(/[\s-]/g, '')
    let started: Awaited<ReturnType<StartSession>> | undefined
    const attempt = deps.guard.attemptFactor(
      { userID: user.id, address: addressKey(origin.address) },
      async () => {
        const use = await find(user, code, origin)
        if (!use) return false
        started = await startWith(use, pending, { presentedKeys, origin })
        return started !== undefined
      },
    )
    await attempt.catch((error) => {
      throw isThrottled(error) ? refuse('throttled', error) : error
    })
    if (!started) {
      throw refuse(
        'wrong-factor',
        unauthorized('second-factor-wrong', 'the code is wrong or was used before'),
      )
    }
    deps.count('success', methodOf(pending))
    return started
  }

  async function startWith(
    use: UseFactor,
    pending: PendingSignIn,
    client: Pick<SecondFactorRequest, 'presentedKeys' | 'origin'>,
  ) {
    try {
      return await deps.startSession({
        ...{ ...client, userID: pending.userID, orgID: pending.orgID, remember: pending.remember },
        authentication: { method: 'password', ...pending.outside, level: 'two-factors' },
        async confirm(change, current) {
          await requireUnchanged(change, pending, current)
          if (!(await use(change))) throw new FactorUsedError()
        },
      })
    } catch (error) {
      if (error instanceof FactorUsedError) return undefined
      throw error
    }
  }
}

const methodOf = ({ outside }: PendingSignIn): CountedMethod =>
  outside?.method === 'oidc' || outside?.method === 'ldap' ? outside.method : 'password'

/** Throws `unauthorized` if the user, the password or the identity changed while the factor was being checked. */
async function requireUnchanged(change: Change, pending: PendingSignIn, current: User | undefined) {
  const stored = await change.passwords.get(pending.userID)
  const isSame = passwordStampOf(stored?.hash) === pending.passwordStamp
  const outside = pending.outside?.outside
  const isLinked =
    outside === undefined || (await change.linkedIdentities.find(outside))?.userID === pending.userID
  if (current?.status === 'active' && isSame && isLinked) return
  throw unauthorized('second-factor-expired', 'the sign-in took too long; begin it again')
}
