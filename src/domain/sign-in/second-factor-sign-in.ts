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
import type { PasskeyCheck } from '../second-factors/passkey-check.ts'
import type { Seal } from '../second-factors/seal.ts'
import { checkTotp, isTotpCode } from '../second-factors/totp.ts'
import type { RequestAnswer } from '../second-factors/webauthn.ts'
import { type PendingSignIn, type PendingSignIns, passwordStampOf } from './pending-sign-in.ts'
import type { CountedMethod, CountSignIn, SignInOutcome } from './sign-in-report.ts'
import type { StartSession } from './start-session.ts'
import { FactorUsedError, recordCopy, type UseFactor, usePasskey } from './used-factor.ts'

export interface SecondFactorRequest {
  /** What the first step gave the client; undefined if none was sent. */
  readonly pending: string | undefined
  /** A code of an authenticator app, a recovery code, or the answer of a passkey to the challenge in `pending`. */
  readonly proof: string | RequestAnswer
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
}

/**
 * Throws `unauthorized`, the same for every wrong factor, so that it does not tell which ones there are; and `too many
 * requests` after too many wrong ones for the user, from whatever addresses.
 */
export type SecondFactorSignIn = (request: SecondFactorRequest) => ReturnType<StartSession>

export function createSecondFactorSignIn(deps: {
  pendingSignIns: Pick<PendingSignIns, 'open'>
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  checkPasskey: PasskeyCheck
  seal: Seal
  guard: Pick<GuessGuard, 'attemptFactor'>
  startSession: StartSession
  audit: Pick<AuditTrail, 'refuse'>
  count: CountSignIn
  now: Clock
  log: Log
}): SecondFactorSignIn {
  /** The authenticator app whose code it is, if the user has several; undefined if it is no app's. */
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
      if (verdict.kind === 'right') {
        return async (change) => {
          if (!(await change.secondFactors.acceptStep(factor.id, verdict.step, at))) {
            throw new FactorUsedError()
          }
        }
      }
      if (verdict.kind === 'off') {
        deps.log.warn('a code was refused because a clock is wrong', {
          ...{ userID: user.id, factorID: factor.id, secondsOff: verdict.steps * 30 },
        })
      }
    }
    return undefined
  }

  function recoveryCode(user: User, code: string, origin: RequestOrigin): UseFactor {
    return async (change) => {
      // Codes outlive no factor, but a reset removes both while this runs.
      const isLeft = await change.secondFactors.hasAny(user.id)
      if (!isLeft || !(await change.recoveryCodes.use(user.id, hashOneTimeCode(code)))) {
        throw new FactorUsedError()
      }
      const target = { type: 'user', id: user.id, name: user.name }
      change.records({ event: 'recovery-code.use', target, actor: { userID: user.id }, origin })
    }
  }

  async function find(
    proof: SecondFactorRequest['proof'],
    { pending, user, origin }: { pending: PendingSignIn; user: User; origin: RequestOrigin },
  ): Promise<UseFactor | undefined> {
    if (typeof proof !== 'string') {
      const { challenge } = pending
      const right = challenge && (await deps.checkPasskey(proof, { challenge, userID: user.id }))
      return right ? usePasskey(right) : undefined
    }
    const code = withoutSeparators(proof)
    if (isTotpCode(code)) return findApp(user, code)
    return isRecoveryCode(code) ? recoveryCode(user, code, origin) : undefined
  }

  return async ({ pending: sealed, proof, presentedKeys, origin }) => {
    const { pending, user } = await deps.pendingSignIns.open(sealed)
    function refuse(outcome: SignInOutcome, error: SluiceError): SluiceError {
      deps.count(outcome, methodOf(pending))
      const target = { type: 'user', id: user.id, name: user.name }
      return deps.audit.refuse(error, { event: 'signin', actor: { userID: user.id }, target, origin })
    }
    let started: Awaited<ReturnType<StartSession>> | undefined
    const attempt = deps.guard.attemptFactor(
      { userID: user.id, address: addressKey(origin.address) },
      async () => {
        const use = await find(proof, { pending, user, origin })
        if (!use) return false
        started = await startWith(use, pending, { proof, presentedKeys, origin })
        return started !== undefined
      },
    )
    await attempt.catch((error) => {
      throw isThrottled(error) ? refuse('throttled', error) : error
    })
    if (!started) throw refuse('wrong-factor', isWrong(proof))
    deps.count('success', methodOf(pending))
    return started
  }

  async function startWith(
    use: UseFactor,
    pending: PendingSignIn,
    { proof, ...client }: Omit<SecondFactorRequest, 'pending'>,
  ) {
    try {
      return await deps.startSession({
        ...{ ...client, userID: pending.userID, orgID: pending.orgID, remember: pending.remember },
        authentication: { method: 'password', ...pending.outside, level: 'two-factors' },
        async confirm(change, current) {
          await requireUnchanged(change, pending, current)
          await use(change)
        },
      })
    } catch (error) {
      if (!(error instanceof FactorUsedError)) throw error
      recordCopy(deps.audit, error, { error: isWrong(proof), origin: client.origin })
      return undefined
    }
  }
}

const methodOf = ({ outside }: PendingSignIn): CountedMethod =>
  outside?.method === 'oidc' || outside?.method === 'ldap' ? outside.method : 'password'

const isWrong = (proof: SecondFactorRequest['proof']) =>
  unauthorized(
    'second-factor-wrong',
    typeof proof === 'string'
      ? 'the code is wrong or was used before'
      : 'this passkey cannot be used here, or its answer was used before',
  )

const withoutSeparators = (code: string) => code.replaceAll(/[\s-]/g, '')

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
