/** bcrypt verifies passwords that came from InfluxDB. New hashes are argon2id. */

/**
 * The three kinds differ only in the bugs of implementations that wrote them; `2x` marks hashes that have one.
 * Bounded cost: 16 takes seconds, 31 would hold a thread for days. InfluxDB's is 10.
 */
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/

export function isBcrypt(stored: string): boolean {
  return BCRYPT.test(stored)
}

/**
 * Whether this is the password of that bcrypt hash, computed on the thread pool. As in InfluxDB (Go's
 * `x/crypto/bcrypt`), only the first 72 bytes count. A NUL byte is a byte like any other and does not end the
 * password; but bcrypt repeats the password, each time followed by a NUL, up to 72 bytes, so that "a" and
 * "a\0a" are the same to it.
 */
export async function matchesBcrypt(message: Uint8Array, stored: string): Promise<boolean> {
  // Most installations never meet a bcrypt hash, and should not load a native library for it.
  const { verify } = await import('@node-rs/bcrypt')
  return verify(message, stored)
}
