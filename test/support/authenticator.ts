/** An authenticator in software, for tests that need answers which no browser would send. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

export interface AuthenticatorOptions {
  readonly origin: string
  readonly rpId: string
  /** Whether its passkeys may be copied between devices. */
  readonly isSynchronizable?: boolean
  /** Whether it verifies its user. */
  readonly verifies?: boolean
}

/** How an answer differs from the right one. */
export interface Twist {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly verifies?: boolean
  readonly present?: boolean
  readonly isSynchronizable?: boolean
  readonly counter?: number
  readonly id?: string
  readonly userHandle?: string | undefined
  /** Changes one bit of the signature. */
  readonly breaksSignature?: boolean
  /** Signs with another key. */
  readonly otherKey?: boolean
  /** Of a new passkey: the format of an attestation, and its statement in CBOR about what is signed. */
  readonly attestation?: readonly [format: string, statement: (signed: Buffer) => Buffer]
}

interface CreationOptions {
  readonly challenge: string
  readonly user: { readonly id: string }
}

export type Authenticator = ReturnType<typeof createAuthenticator>

/** Holds one passkey. */
export function createAuthenticator(options: AuthenticatorOptions) {
  const id = randomBytes(16).toString('base64url')
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let handle: string | undefined
  let counter = 0

  function clientData(type: string, challenge: string, twist: Twist): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: twist.type ?? type,
        challenge: twist.challenge ?? challenge,
        origin: twist.origin ?? options.origin,
        crossOrigin: twist.crossOrigin ?? false,
      }),
    )
  }

  /** WebAuthn Level 3, section 6.1. */
  function authenticatorData(twist: Twist, attested: Buffer = Buffer.alloc(0)): Buffer {
    const isSynchronizable = twist.isSynchronizable ?? options.isSynchronizable ?? false
    const flags =
      ((twist.present ?? true) ? 0x01 : 0) |
      ((twist.verifies ?? options.verifies ?? true) ? 0x04 : 0) |
      (isSynchronizable ? 0x08 : 0) |
      (attested.length > 0 ? 0x40 : 0)
    const head = Buffer.alloc(5)
    head[0] = flags
    head.writeUInt32BE(twist.counter ?? counter, 1)
    return Buffer.concat([sha256(Buffer.from(twist.rpId ?? options.rpId)), head, attested])
  }

  return {
    id,
    /** Answers `navigator.credentials.create`. */
    create({ challenge, user }: CreationOptions, twist: Twist = {}) {
      handle = user.id
      const rawID = Buffer.from(id, 'base64url')
      const length = Buffer.alloc(2)
      length.writeUInt16BE(rawID.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, rawID, coseOf(publicKey)])
      const [format, statement] = twist.attestation ?? ['none', () => map([])]
      const data = authenticatorData(twist, attested)
      const client = clientData('webauthn.create', challenge, twist)
      const attestationObject = map([
        [text('fmt'), text(format)],
        [text('attStmt'), statement(Buffer.concat([data, sha256(client)]))],
        [text('authData'), bytes(data)],
      ])
      return {
        ...{ id: twist.id ?? id, rawId: twist.id ?? id, type: 'public-key', clientExtensionResults: {} },
        response: {
          clientDataJSON: client.toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    /** Answers `navigator.credentials.get`; each time with a counter that is one higher. */
    get({ challenge }: { readonly challenge: string }, twist: Twist = {}) {
      counter += 1
      const data = authenticatorData(twist)
      const client = clientData('webauthn.get', challenge, twist)
      const key = twist.otherKey ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : privateKey
      const signature = createSign('sha256').update(data).update(sha256(client)).sign(key)
      if (twist.breaksSignature) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
      const userHandle = 'userHandle' in twist ? twist.userHandle : handle
      return {
        ...{ id: twist.id ?? id, rawId: twist.id ?? id, type: 'public-key', clientExtensionResults: {} },
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(userHandle === undefined ? {} : { userHandle }),
        },
      }
    },
  }
}

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest()

/** An ES256 key (RFC 9053, section 7.1.1). */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return map([
    [integer(1), integer(2)],
    [integer(3), integer(-7)],
    [integer(-1), integer(1)],
    [integer(-2), bytes(Buffer.from(x, 'base64url'))],
    [integer(-3), bytes(Buffer.from(y, 'base64url'))],
  ])
}

/** CBOR (RFC 8949), as far as it is needed here. */
function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 256) return Buffer.from([(major << 5) | 24, value])
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff])
}
export const integer = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value))
export const bytes = (value: Buffer) => Buffer.concat([head(2, value.length), value])
export const text = (value: string) => Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
export const list = (items: readonly Buffer[]) => Buffer.concat([head(4, items.length), ...items])
export const map = (entries: readonly (readonly [Buffer, Buffer])[]) =>
  Buffer.concat([head(5, entries.length), ...entries.flat()])
