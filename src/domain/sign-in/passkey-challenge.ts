/** What a passkey must answer: alone, or as the second step after a password. */
import { notFound } from '../base/errors.ts'
import type { SecondFactorStore } from '../records/second-factor.ts'
import { passkeysOf } from '../second-factors/passkey-check.ts'
import { type PasskeyOptions, requireRelyingParty } from '../second-factors/relying-party.ts'
import { createChallenge, type RequestOptions, requestOptions } from '../second-factors/webauthn.ts'
import { PENDING_MS, type PendingSignIns } from './pending-sign-in.ts'

export interface PasskeyChallenge {
  /** For `navigator.credentials.get`. */
  readonly options: RequestOptions
  /** Sealed, for the client to send back with the answer: it binds the challenge to the browser. */
  readonly pending: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * Adds a challenge to a pending sign-in. Throws `unauthorized` if that is over, `not found` if its user has no passkey,
 * and `forbidden` if the settings allow none.
 */
export type SecondFactorChallenge = (pending: string | undefined) => Promise<PasskeyChallenge>

export function createSecondFactorChallenge(deps: {
  pendingSignIns: Pick<PendingSignIns, 'open' | 'seal'>
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  passkeys: Pick<PasskeyOptions, 'relyingParty'>
}): SecondFactorChallenge {
  return async (sealed) => {
    const { pending, user } = await deps.pendingSignIns.open(sealed)
    const relyingParty = requireRelyingParty(deps.passkeys)
    const known = passkeysOf(await deps.secondFactors.ofUser(user.id))
    if (known.length === 0) throw notFound('this user has no passkey; send a code instead')
    const challenge = createChallenge()
    return {
      options: requestOptions(relyingParty, { challenge, known }),
      pending: await deps.pendingSignIns.seal({ ...pending, challenge }),
      expiresAt: pending.at + PENDING_MS,
    }
  }
}
