import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createTurnstile } from './turnstile.ts'

export interface PasswordHasher {
  /** A PHC string. Throws `unavailable` when too many wait already. */
  hash(password: Uint8Array): Promise<string>
  /**
   * Whether this is the password of that hash. Without a hash it does the same work and answers false, so
   * that nobody learns from the time it takes whether a user exists (ASVS 5.0 6.3.8).
   */
  verify(password: Uint8Array, stored: string | undefined): Promise<boolean>
  /** How many hashes are being computed or wait for it. */
  pending(): number
}

/** The least that ASVS 5.0 11.4.2 and OWASP's cheat sheet ask of argon2id; memory is in KiB. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32

const derive = promisify(argon2)
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** argon2id on the thread pool, a bounded number at a time, so that the event loop is never blocked. */
export function createPasswordHasher(options: { concurrency: number; queue: number }): PasswordHasher {
  const turnstile = createTurnstile({
    ...options,
    refusal: 'too many sign-ins at the moment; try again shortly',
  })
  return {
    pending: turnstile.pending,
    hash: (message) =>
      turnstile.pass(async () => {
        const nonce = randomBytes(SALT_BYTES)
        const tag = await derive('argon2id', { message, nonce, tagLength: TAG_BYTES, ...COST })
        return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
      }),
    verify: (message, stored) =>
      turnstile.pass(async () => {
        const known = stored === undefined ? undefined : parse(stored)
        const { cost, nonce, expected } = known ?? dummy
        const tag = await derive('argon2id', { message, nonce, tagLength: expected.length, ...cost })
        return timingSafeEqual(tag, expected) && known !== undefined
      }),
  }
}

const dummy = { cost: COST, nonce: randomBytes(SALT_BYTES), expected: randomBytes(TAG_BYTES) }

function parse(stored: string) {
  const found = PHC.exec(stored)
  if (!found) throw new Error('a stored password hash is not argon2id in PHC form')
  const [, memory, passes, parallelism, nonce, tag] = found as unknown as [string, ...string[]]
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    nonce: Buffer.from(String(nonce), 'base64'),
    expected: Buffer.from(String(tag), 'base64'),
  }
}

/** PHC strings leave base64's padding out. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
