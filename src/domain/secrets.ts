/** Session keys and tokens: how they are made, and the hashes by which they are kept and found. */
import { hash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 64
const TOKEN_HASH_PREFIX = '$influxdb2-sha256$'

/** 64 random bytes as URL-safe base64 with padding, the form of InfluxDB's session keys and tokens. */
export function createSecret(): string {
  return toUrlSafe(randomBytes(SECRET_BYTES).toString('base64'))
}

/**
 * The SHA-256 of a session key, by which alone the session is stored and found (ASVS 5.0 7.2.3). No salt:
 * the key has 512 bits of entropy. A look-up by the hash leaks no timing about the key.
 */
export function hashSessionKey(key: string): string {
  return hash('sha256', key, 'base64url')
}

/** How InfluxDB stores a token: `$influxdb2-sha256$` and the padded URL-safe base64 of its SHA-256. */
export function hashToken(token: string): string {
  return TOKEN_HASH_PREFIX + toUrlSafe(hash('sha256', token, 'base64'))
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}
