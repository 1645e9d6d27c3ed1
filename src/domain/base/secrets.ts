/** Session keys and tokens: how they are made, and the hashes by which they are kept and found. */
import { hash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 64
const TOKEN_HASH_PREFIX = '$influxdb2-sha256$'

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
  return `${TOKEN_HASH_PREFIX}${secretHash}=`
}
