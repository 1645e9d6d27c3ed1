/** What the browser does with passkeys, by its own JSON (WebAuthn Level 3, sections 5.1.8 to 5.1.10). */
import { texts } from '../texts/entry.ts'
import type { Shapes } from './client.ts'
import { Problem } from './problem.ts'

/** Whether this browser can use passkeys on this page: the server takes answers from one origin only. */
export const canUsePasskeys = (features: Shapes['Features'] | undefined): boolean =>
  features?.passkeyOrigin === location.origin &&
  typeof PublicKeyCredential === 'function' &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential

/** What browsers make of an answer; the server ignores further fields. */
interface Answer<R> {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: R
}

/** What a passkey answers. Throws a `Problem` if the user cancels or has none here. */
export function answerOf(options: Shapes['PasskeyRequest']) {
  return asked<{ clientDataJSON: string; authenticatorData: string; signature: string }>(() => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
      options as PublicKeyCredentialRequestOptionsJSON,
    )
    return navigator.credentials.get({ publicKey })
  })
}

/** A new passkey. Throws a `Problem` if the user cancels or has one for this account here. */
export function createPasskey(options: Shapes['PasskeyCreation']) {
  return asked<{ clientDataJSON: string; attestationObject: string }>(() => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    )
    return navigator.credentials.create({ publicKey })
  })
}

async function asked<R>(ask: () => Promise<Credential | null>): Promise<Answer<R>> {
  try {
    return ((await ask()) as PublicKeyCredential).toJSON() as unknown as Answer<R>
  } catch (error) {
    // InvalidStateError: the authenticator has a passkey of those that were to be excluded. Browsers say no more than
    // NotAllowedError for almost everything else, so that pages learn nothing about who has which passkey.
    const isDouble = (error as Partial<Error>).name === 'InvalidStateError'
    throw new Problem(isDouble ? texts.passkeys.double : texts.passkeys.none, { status: 0 })
  }
}
