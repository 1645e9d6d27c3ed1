/** Encrypts what is kept or handed out, so that only the servers of these data read and make it. */
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'

/** What a sealed text is for; it opens for no other purpose. */
export type SealPurpose =
  | 'totp-secret'
  | 'pending-sign-in'
  | 'passkey-sign-in'
  | 'enrolment'
  /** A sign-in whose browser is at the provider, and the tokens that the provider gave. */
  | 'provider-flow'
  | 'provider-tokens'
  /** What a command line asked for, what a person decided about it, and the code that brings it an approval. */
  | 'login-asked'
  | 'login-decision'
  | 'login-code'

export interface Seal {
  seal(purpose: SealPurpose, text: string): Promise<string>
  /** Undefined for a text that was not sealed for this purpose with one of the keys, or that was altered. */
  open(purpose: SealPurpose, sealed: string): Promise<string | undefined>
}

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM with a random nonce and, for each purpose, a key derived by HKDF-SHA-256. A sealed text begins with the
 * id of its key, so that keys can be rotated.
 *
 * @param load the keys of 32 bytes, called once: the first seals, all open
 */
export function createSeal(load: () => Promise<readonly Uint8Array[]>): Seal {
  let loading: Promise<readonly Uint8Array[]> | undefined
  async function keys(): Promise<readonly Uint8Array[]> {
    loading ??= load()
    try {
      return await loading
    } catch (error) {
      loading = undefined
      throw error
    }
  }
  return {
    async seal(purpose, text) {
      const [key] = await keys()
      if (!key) throw new Error('there is no key to seal with')
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, derived(key, purpose), nonce)
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${idOf(key)}.${sealed.toString('base64url')}`
    },
    async open(purpose, sealed) {
      const [id, body = ''] = sealed.split('.')
      const key = (await keys()).find((each) => idOf(each) === id)
      const bytes = Buffer.from(body, 'base64url')
      if (!key || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
      const decipher = createDecipheriv(ALGORITHM, derived(key, purpose), bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8')
        return text + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}

const derived = (key: Uint8Array, purpose: SealPurpose) =>
  Buffer.from(hkdfSync('sha256', key, '', `sluice ${purpose}`, 32))

const idOf = (key: Uint8Array) => hash('sha256', key, 'hex').slice(0, 8)
