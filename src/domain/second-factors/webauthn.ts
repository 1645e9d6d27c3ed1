/**
 * What browsers are asked for, and whether their answers are right: WebAuthn Level 3, sections 7.1 and 7.2. The library
 * checks all of it but what the comments here name.
 */
import { randomBytes } from 'node:crypto'
import type { RelyingParty } from './relying-party.ts'

/** Five minutes, which the standard recommends for people who need longer (section 15.1). */
export const CEREMONY_MS = 5 * 60_000

/** ES256, RS256 and EdDSA (RFC 9053), which every Node verifies. The library would also ask for ML-DSA. */
const ALGORITHMS = [-7, -257, -8]

/** The longest credential id (section 7.1, step 25), in base64url. */
const LONGEST_ID = Math.ceil((1023 * 4) / 3)

/** 32 random bytes in URL-safe base64 (section 13.4.3 asks for 16). */
export const createChallenge = (): string => randomBytes(32).toString('base64url')

/** A known passkey, as browsers need it to find or to exclude it. */
export interface KnownPasskey {
  /** URL-safe base64. */
  readonly credentialID: string
  readonly transports: readonly string[]
}

/** `PublicKeyCredentialCreationOptionsJSON`. */
export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string; readonly name: string }
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  readonly pubKeyCredParams: { readonly type: 'public-key'; readonly alg: number }[]
  readonly timeout: number
  readonly attestation: 'none'
  readonly excludeCredentials: CredentialDescriptor[]
  readonly authenticatorSelection: {
    readonly residentKey: 'preferred'
    readonly requireResidentKey: false
    readonly userVerification: 'preferred'
  }
}

/** `PublicKeyCredentialRequestOptionsJSON`. */
export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
  readonly timeout: number
  readonly userVerification: 'required' | 'discouraged'
  readonly allowCredentials: CredentialDescriptor[]
}

export interface CredentialDescriptor {
  readonly type: 'public-key'
  readonly id: string
  readonly transports?: string[]
}

/** `RegistrationResponseJSON`, as far as it counts. */
export interface CreationAnswer {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports?: readonly string[]
  }
}

/** `AuthenticationResponseJSON`, as far as it counts. */
export interface RequestAnswer {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    /** Missing from authenticators that do not keep it. */
    readonly userHandle?: string
  }
}

/**
 * What a browser needs to make a new passkey. If the authenticator can, the passkey is discoverable and verifies its
 * user, so that it may sign in without a password; other security keys are second factors only.
 *
 * @param handle of the user, random, in URL-safe base64: authenticators show it to nobody, but keep it in plain text
 */
export function creationOptions(
  rp: RelyingParty,
  given: { challenge: string; handle: string; name: string; known: readonly KnownPasskey[] },
): CreationOptions {
  const { challenge, handle, name } = given
  return {
    challenge,
    rp: { id: rp.id, name: rp.name },
    user: { id: handle, name, displayName: name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: CEREMONY_MS,
    attestation: 'none',
    excludeCredentials: given.known.map(descriptorOf),
    authenticatorSelection: {
      ...{ residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    },
  }
}

/** For a sign-in: by any discoverable passkey with user verification, or by a known one beside the password. */
export function requestOptions(
  rp: RelyingParty,
  given: { challenge: string; known: readonly KnownPasskey[] | 'any' },
): RequestOptions {
  const { challenge, known } = given
  return {
    ...{ challenge, rpId: rp.id, timeout: CEREMONY_MS },
    userVerification: known === 'any' ? 'required' : 'discouraged',
    allowCredentials: known === 'any' ? [] : known.map(descriptorOf),
  }
}

function descriptorOf({ credentialID: id, transports }: KnownPasskey): CredentialDescriptor {
  return { type: 'public-key', id, ...(transports.length > 0 ? { transports: [...transports] } : {}) }
}

export interface MadePasskey extends KnownPasskey {
  /** COSE, URL-safe base64. */
  readonly publicKey: string
  readonly counter: number
  /** Whether it may be copied between the devices of its user. */
  readonly isSynchronizable: boolean
}

/** The new passkey; undefined if the answer is wrong in any way. */
export async function verifyCreation(
  rp: RelyingParty,
  answer: CreationAnswer,
  challenge: string,
): Promise<MadePasskey | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  try {
    if (answer.id.length > LONGEST_ID || !(await isUnattested(answer.response.attestationObject))) {
      return undefined
    }
    if (isFromFrame(answer.response.clientDataJSON)) return undefined
    const found = await verifyRegistrationResponse({
      response: { ...answer, ...CREDENTIAL, response: { ...answer.response, transports: [] } },
      ...{ expectedChallenge: challenge, expectedOrigin: rp.origin, expectedRPID: rp.id },
      ...{ requireUserVerification: false, supportedAlgorithmIDs: ALGORITHMS },
    })
    if (!found.verified || found.registrationInfo.credential.id !== answer.id) return undefined
    const { credential, credentialDeviceType } = found.registrationInfo
    return {
      credentialID: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      isSynchronizable: credentialDeviceType === 'multiDevice',
      transports: knownTransports(answer.response.transports ?? []),
    }
  } catch {
    // Whatever is wrong with it, the library throws.
    return undefined
  }
}

export interface RightAnswer {
  readonly counter: number
  readonly isSynchronizable: boolean
}

/**
 * What a right answer says; undefined for a wrong one. The caller has looked the passkey up by the answer's id, compares
 * the user, the counter and whether it is synchronizable, and spends the challenge, which the library does not know.
 */
export async function verifyRequest(
  rp: RelyingParty,
  answer: RequestAnswer,
  expected: { challenge: string; publicKey: string; needsVerification: boolean },
): Promise<RightAnswer | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    if (isFromFrame(answer.response.clientDataJSON)) return undefined
    const { userHandle: _, ...response } = answer.response
    const found = await verifyAuthenticationResponse({
      response: { ...answer, ...CREDENTIAL, response },
      ...{ expectedChallenge: expected.challenge, expectedOrigin: rp.origin, expectedRPID: rp.id },
      requireUserVerification: expected.needsVerification,
      credential: {
        id: answer.id,
        publicKey: new Uint8Array(Buffer.from(expected.publicKey, 'base64url')),
        // 0 leaves the comparison to the caller, who does it atomically and knows which passkeys have several devices.
        counter: 0,
      },
    })
    // The library throws for every fault but a wrong signature, which it reports as `verified: false`.
    if (!found.verified) return undefined
    const { newCounter, credentialDeviceType } = found.authenticationInfo
    return { counter: newCounter, isSynchronizable: credentialDeviceType === 'multiDevice' }
  } catch {
    return undefined
  }
}

const CREDENTIAL = { type: 'public-key', clientExtensionResults: {} } as const

/**
 * Whether the passkey comes without a certificate. None was asked for, and to check one means to read far more of what a
 * client sends.
 */
async function isUnattested(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers')
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
  const format = decoded.get('fmt')
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
}

/** Whether a page of another site asked, in whose frame this server's page is: the library lets most of these pass. */
function isFromFrame(clientDataJSON: string): boolean {
  const data = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
  return data.crossOrigin === true || data.topOrigin !== undefined
}

/** The transports that the standard knows (WebAuthn, section 5.8.4): browsers refuse a request with unknown ones. */
function knownTransports(given: readonly string[]): readonly string[] {
  return TRANSPORTS.filter((each) => given.includes(each))
}

const TRANSPORTS = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const
