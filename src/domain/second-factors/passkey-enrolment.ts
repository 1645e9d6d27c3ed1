/** Making a passkey of the caller. */
import { randomBytes } from 'node:crypto'
import type { Caller } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { SecondFactorOptions } from '../access/required-factor.ts'
import type { Clock } from '../base/clock.ts'
import { invalid } from '../base/errors.ts'
import type { IDGenerator } from '../base/id.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import type { SecondFactor, SecondFactorStore } from '../records/second-factor.ts'
import { parseFactorName, requireMayEnrol } from './factor-rules.ts'
import { passkeysOf } from './passkey-check.ts'
import { type PasskeyOptions, type RelyingParty, requireRelyingParty } from './relying-party.ts'
import type { Seal } from './seal.ts'
import {
  addFactor,
  type BegunEnrolment,
  ENROLMENT_MS,
  type EnrolledFactor,
  isOver,
} from './second-factors.ts'
import {
  type CreationAnswer,
  type CreationOptions,
  createChallenge,
  creationOptions,
  verifyCreation,
} from './webauthn.ts'

export interface BegunPasskey {
  /** For `navigator.credentials.create`. */
  readonly options: CreationOptions
  /** To be sent back with the browser's answer within ten minutes. */
  readonly enrolment: string
}

/** Enrols passkeys. Both steps need a session with a recent sign-in, as with other factors. */
export interface PasskeyEnrolment {
  begin(caller: Caller): Promise<BegunPasskey>
  /** Stores the passkey once its answer is right. Each enrolment can be finished once, in the session that began it. */
  finish(
    caller: Caller,
    given: { readonly enrolment: string; readonly answer: CreationAnswer; readonly name: string },
  ): Promise<EnrolledFactor>
}

export function createPasskeyEnrolment(deps: {
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  secondFactor: SecondFactorOptions
  passkeys: PasskeyOptions
  seal: Seal
  freshness: Freshness
  changes: Changes
  ids: IDGenerator
  now: Clock
}): PasskeyEnrolment {
  const { seal, changes, now } = deps

  function requireMayBegin(caller: Caller): RelyingParty {
    requireMayEnrol(caller, deps)
    return requireRelyingParty(deps.passkeys)
  }

  return {
    async begin(caller) {
      const relyingParty = requireMayBegin(caller)
      const { id: userID, name } = caller.principal.user
      const handle = await changes((change) =>
        change.factorHolders.handle(userID, randomBytes(32).toString('base64url')),
      )
      const challenge = createChallenge()
      const known = passkeysOf(await deps.secondFactors.ofUser(userID))
      const begun: BegunEnrolment = { userID, at: now(), challenge, session: sessionOf(caller) }
      return {
        options: creationOptions(relyingParty, { challenge, handle, name, known }),
        enrolment: await seal.seal('enrolment', JSON.stringify(begun)),
      }
    },

    async finish(caller, { enrolment, answer, name: given }) {
      const relyingParty = requireMayBegin(caller)
      const userID = caller.principal.user.id
      const name = parseFactorName('a second factor', given)
      const opened = await seal.open('enrolment', enrolment)
      const begun: BegunEnrolment | undefined = opened === undefined ? undefined : JSON.parse(opened)
      const isOwn = begun?.userID === userID && begun.session === sessionOf(caller)
      if (begun?.challenge === undefined || !isOwn || isOver(begun, now())) throw isNoLongerOpen()
      const { challenge, at } = begun
      const made = await verifyCreation(relyingParty, answer, challenge)
      if (!made) throw invalid('this is no right answer for a passkey of this server; begin again')
      const factor: SecondFactor = {
        ...{ id: deps.ids.next(), userID, kind: 'passkey', name, secret: made.publicKey },
        ...{ credentialID: made.credentialID, counter: made.counter },
        passkey: { isSynchronizable: made.isSynchronizable, transports: made.transports },
        ...{ createdAt: now(), lastUsedAt: undefined },
      }
      const recoveryCodes = await changes(async (change) => {
        if (!(await change.spentChallenges.spend(hashSecret(challenge), at + ENROLMENT_MS))) {
          throw isNoLongerOpen()
        }
        return addFactor(change, factor, caller)
      })
      return { factor, recoveryCodes }
    },
  }
}

const isNoLongerOpen = () => invalid('the enrolment is over; begin it again')

/** Binds the enrolment to the browser that has the session. */
const sessionOf = ({ session }: Caller) => session?.keyHash
