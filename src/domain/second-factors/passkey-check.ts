/** Checking the answer of a passkey at sign-in, alone or beside a password. */
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Change } from '../changes.ts'
import type { FactorHolderStore, SecondFactor, SecondFactorStore } from '../records/second-factor.ts'
import type { PasskeyOptions } from './relying-party.ts'
import { CEREMONY_MS, type KnownPasskey, type RequestAnswer, verifyRequest } from './webauthn.ts'

/** `gone`: used before or removed meanwhile. `copied`: its counter did not rise, so it has a copy. */
export type PasskeyUse = 'used' | 'gone' | 'copied'

export interface RightPasskey {
  readonly factor: SecondFactor
  /** Within the change that starts the session: uses the challenge up and notes the counter. */
  use(change: Change): Promise<PasskeyUse>
}

/** The passkey whose right answer this is; undefined for every other answer. */
export type PasskeyCheck = (
  answer: RequestAnswer,
  expected: {
    readonly challenge: string
    /** The user whose passkey it must be, beside the password; undefined if the passkey alone must tell who it is. */
    readonly userID?: ID
  },
) => Promise<RightPasskey | undefined>

export function createPasskeyCheck(deps: {
  secondFactors: Pick<SecondFactorStore, 'byCredential'>
  factorHolders: Pick<FactorHolderStore, 'handleOf'>
  passkeys: Pick<PasskeyOptions, 'relyingParty'>
  now: Clock
  log: Log
}): PasskeyCheck {
  const { relyingParty } = deps.passkeys

  /** WebAuthn, section 7.2, step 6: alone the handle must be there, and it must always be that of the owner. */
  async function isOfOwner({ userHandle }: RequestAnswer['response'], owner: ID, isAlone: boolean) {
    if (!userHandle) return !isAlone
    return userHandle === (await deps.factorHolders.handleOf(owner))
  }

  return async (answer, { challenge, userID }) => {
    if (typeof relyingParty === 'string') return undefined
    const isAlone = userID === undefined
    // By the answer's own id, so that the key is that of no other passkey. Before the library is loaded, so that
    // strangers cannot make a server load it.
    const factor = await deps.secondFactors.byCredential(answer.id)
    if (factor?.kind !== 'passkey' || (!isAlone && factor.userID !== userID)) return undefined
    if (!(await isOfOwner(answer.response, factor.userID, isAlone))) return undefined
    const expected = { challenge, publicKey: factor.secret, needsVerification: isAlone }
    const right = await verifyRequest(relyingParty, answer, expected)
    // Whether a passkey can be synchronized never changes (section 6.1.3).
    const isSynchronizable = factor.passkey?.isSynchronizable ?? false
    if (right?.isSynchronizable !== isSynchronizable) return undefined
    const { counter } = right

    return {
      factor,
      async use(change) {
        const at = deps.now()
        if (!(await change.spentChallenges.spend(hashSecret(challenge), at + CEREMONY_MS))) return 'gone'
        const mustRise = !isSynchronizable
        if (await change.secondFactors.notePasskey(factor.id, { counter, mustRise, at })) {
          // The devices of one user need not agree on a counter.
          if (counter < factor.counter) {
            deps.log.warn('the counter of a synchronized passkey went back', { factorID: factor.id })
          }
          return 'used'
        }
        return (await change.secondFactors.byCredential(answer.id)) ? 'copied' : 'gone'
      },
    }
  }
}

/** The passkeys among a user's factors, as browsers need them. */
export function passkeysOf(factors: readonly SecondFactor[]): KnownPasskey[] {
  return factors.flatMap(({ credentialID, passkey }) =>
    credentialID === undefined || !passkey ? [] : [{ credentialID, transports: passkey.transports }],
  )
}
