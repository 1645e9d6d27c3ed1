/** Sign-in by a passkey alone, which verifies its user by PIN, fingerprint or face, and so counts as two factors. */
import type { RequestOrigin } from '../access/principal.ts'
import type { SecondFactorOptions } from '../access/required-factor.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, isThrottled, isUnauthorized, type SluiceError, unauthorized } from '../base/errors.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { PasswordStore } from '../records/password-store.ts'
import type { User, UserStore } from '../records/user.ts'
import { requireOffered } from '../second-factors/factor-rules.ts'
import type { PasskeyCheck } from '../second-factors/passkey-check.ts'
import {
  type PasskeyOptions,
  type RelyingParty,
  requireRelyingParty,
} from '../second-factors/relying-party.ts'
import type { Seal } from '../second-factors/seal.ts'
import {
  CEREMONY_MS,
  createChallenge,
  type RequestAnswer,
  requestOptions,
} from '../second-factors/webauthn.ts'
import type { ConfinementOf, WantedOrganization } from './confinement.ts'
import type { LocalSignIn } from './local-sign-in.ts'
import type { PasskeyChallenge } from './passkey-challenge.ts'
import { CLOCKS_DIFFER_MS } from './pending-sign-in.ts'
import type { SignInOutcome, SignInReport } from './sign-in-report.ts'
import type { StartSession } from './start-session.ts'
import { FactorUsedError, recordCopy, usePasskey } from './used-factor.ts'

export interface PasskeySignInRequest {
  /** What `begin` gave the client; undefined if none was sent. */
  readonly pending: string | undefined
  readonly answer: RequestAnswer
  readonly wanted: WantedOrganization
  readonly remember: boolean
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
}

/** Both throw `forbidden` if the settings do not allow it. */
export interface PasskeySignIn {
  /** The same for everybody, so it tells nothing about who has a passkey. Nothing is stored. */
  begin(): Promise<PasskeyChallenge>
  /**
   * Throws `unauthorized`, the same for every wrong answer, and `forbidden` for a right one of a user who is deactivated
   * or may not sign in with a password of this server, or has none. Wrong ones count for the address; a right one is
   * never held back.
   */
  finish(request: PasskeySignInRequest): ReturnType<StartSession>
}

/** What is sealed between the two. */
interface BegunSignIn {
  readonly challenge: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export function createPasskeySignIn(deps: {
  users: Pick<UserStore, 'byID'>
  passwords: Pick<PasswordStore, 'get'>
  localSignIn: Pick<LocalSignIn, 'allows'>
  checkPasskey: PasskeyCheck
  secondFactor: SecondFactorOptions
  passkeys: PasskeyOptions
  seal: Seal
  guard: Pick<GuessGuard, 'countRefusal'>
  confinementOf: ConfinementOf
  startSession: StartSession
  audit: Pick<AuditTrail, 'refuse'>
  report: SignInReport
  now: Clock
}): PasskeySignIn {
  const { seal, now } = deps

  function requireAllowed(): RelyingParty {
    requireOffered(deps.secondFactor.rule)
    if (deps.passkeys.alone) return requireRelyingParty(deps.passkeys)
    throw forbidden('passkeys-unavailable', 'here a passkey cannot replace the password; sign in with both')
  }

  async function challengeIn(sealed: string | undefined): Promise<string | undefined> {
    const text = sealed === undefined ? undefined : await seal.open('passkey-sign-in', sealed)
    if (text === undefined) return undefined
    const { challenge, at } = JSON.parse(text) as BegunSignIn
    const age = now() - at
    return age >= -CLOCKS_DIFFER_MS && age < CEREMONY_MS ? challenge : undefined
  }

  /** Whether the user may sign in here without a provider or directory, which alone would know that they are gone. */
  async function isLocal(user: User): Promise<boolean> {
    return (await deps.passwords.get(user.id)) !== undefined && (await deps.localSignIn.allows(user))
  }

  return {
    async begin() {
      const relyingParty = requireAllowed()
      const begun: BegunSignIn = { challenge: createChallenge(), at: now() }
      return {
        options: requestOptions(relyingParty, { challenge: begun.challenge, known: 'any' }),
        pending: await seal.seal('passkey-sign-in', JSON.stringify(begun)),
        expiresAt: begun.at + CEREMONY_MS,
      }
    },

    async finish({ pending, answer, wanted, remember, presentedKeys, origin }) {
      requireAllowed()
      const refuse = (outcome: SignInOutcome, error: SluiceError, user?: User) =>
        deps.report.refuse(outcome, error, { method: 'passkey', origin, user })
      async function refuseWrong(user?: User): Promise<SluiceError> {
        await deps.guard.countRefusal(addressKey(origin.address)).catch((error) => {
          throw isThrottled(error) ? refuse('throttled', error) : error
        })
        return refuse('refused', isRefused(), user)
      }

      const challenge = await challengeIn(pending)
      const right = challenge === undefined ? undefined : await deps.checkPasskey(answer, { challenge })
      const user = right && (await deps.users.byID(right.factor.userID))
      if (!right || !user) throw await refuseWrong()
      const isInactive = () => refuse('inactive', forbidden('user-inactive', 'User is inactive'), user)
      if (user.status !== 'active') throw isInactive()
      if (!(await isLocal(user))) throw refuse('local-sign-in-off', isOutsideOnly(), user)
      const orgID = await deps.confinementOf(user.id, wanted).catch((error) => {
        throw isUnauthorized(error) ? refuse('no-organization', error, user) : error
      })
      const starting = deps.startSession({
        ...{ userID: user.id, orgID, remember, presentedKeys, origin },
        authentication: { method: 'passkey', level: 'two-factors' },
        async confirm(change, current) {
          // The user may have been deactivated meanwhile.
          if (current?.status !== 'active') throw isInactive()
          await usePasskey(right)(change)
        },
      })
      const started = await starting.catch(async (error) => {
        if (!(error instanceof FactorUsedError)) throw error
        recordCopy(deps.audit, error, { error: isRefused(), origin })
        throw await refuseWrong(user)
      })
      deps.report.count('success', 'passkey')
      return started
    },
  }
}

const isOutsideOnly = () =>
  forbidden('local-sign-in-off', 'a passkey alone does not sign you in here; sign in through your provider')

const isRefused = () =>
  unauthorized('passkey-refused', 'this passkey cannot be used here, or its answer came too late')
