/** Session keys and tokens: how they are made, and the hashes by which they are kept and found. */
import { hash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 64
const SHA256_PREFIX = '$influxdb2-sha256$'
const SHA512_PREFIX = '$influxdb2-sha512$'

/**
 * 64 random bytes as URL-safe base64 with padding, the form of InfluxDB's session keys and tokens. One that begins
 * with `-` is drawn again, since command lines take it for a flag; that costs a fiftieth of a bit of 512.
 */
export function createSecret(): string {
  for (;;) {
    const secret = randomBytes(SECRET_BYTES).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    if (!secret.startsWith('-')) return secret
  }
}

/**
 * The SHA-256 of a session key or token, by which alone it is kept and found (ASVS 5.0 7.2.3). No salt: what
 * is made here has 512 bits of entropy. A look-up by the hash leaks no timing about the secret.
 */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** How InfluxDB writes the hash of a token: `$influxdb2-sha256$` and padded URL-safe base64. */
export function storedTokenHash(secretHash: string): string {
  // 32 bytes are 43 digits and one of padding, which `hashSecret` leaves out.
  return `${SHA256_PREFIX}${secretHash}=`
}

/**
 * Every form in which the hash of this token may be stored: that of `storedTokenHash` first, then the SHA-512 that an
 * imported token may have, `$influxdb2-sha512$` and padded URL-safe base64.
 */
export function storedTokenHashes(token: string): readonly [string, string] {
  // 64 bytes are 86 digits and two of padding.
  const sha512 = `${SHA512_PREFIX}${hash('sha512', token, 'base64url')}==`
  return [storedTokenHash(hashSecret(token)), sha512]
}

const STORED_TOKEN_HASH = /^(?:\$influxdb2-sha256\$[\w-]{43}=|\$influxdb2-sha512\$[\w-]{86}==)$/

/** Whether a text has one of the forms of `storedTokenHashes`. */
export function isStoredTokenHash(text: string): boolean {
  return STORED_TOKEN_HASH.test(text)
}
