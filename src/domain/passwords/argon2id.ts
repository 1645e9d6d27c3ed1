/** argon2id hashes as PHC strings, the form in which Sluice stores passwords (ASVS 5.0 11.4.2). */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** Memory is in KiB. */
export type Argon2idCost = Readonly<Record<'memory' | 'passes' | 'parallelism', number>>

export interface Argon2idHash {
  readonly cost: Argon2idCost
  readonly nonce: Buffer
  readonly tag: Buffer
}

/** The least that ASVS 5.0 11.4.2 and OWASP's cheat sheet ask of argon2id. */
export const ARGON2ID_COST: Argon2idCost = { memory: 19 * 1024, passes: 2, parallelism: 1 }
const NONCE_BYTES = 16
const TAG_BYTES = 32
/** Limits of RFC 9106, section 3.1, as far as Node supports them; a tag shorter than 128 bits could match by chance. */
const MIN_NONCE_BYTES = 8
const MIN_TAG_BYTES = 16
const MIN_MEMORY_PER_LANE = 8

/** Bounded digits: a cost beyond all reason would hold a thread for hours. */
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const derive = promisify(argon2)

export async function hashArgon2id(message: Uint8Array, cost: Argon2idCost): Promise<string> {
  const nonce = randomBytes(NONCE_BYTES)
  const tag = await derive('argon2id', { message, nonce, tagLength: TAG_BYTES, ...cost })
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

export async function matchesArgon2id(message: Uint8Array, { cost, nonce, tag }: Argon2idHash) {
  return timingSafeEqual(await derive('argon2id', { message, nonce, tagLength: tag.length, ...cost }), tag)
}

/** Undefined for text that is no PHC string of argon2id, or whose cost cannot be computed. */
export function parseArgon2id(stored: string): Argon2idHash | undefined {
  const found = PHC.exec(stored)
  if (!found) return undefined
  const [memory, passes, parallelism] = found.slice(1, 4).map(Number) as [number, number, number]
  const [nonce, tag] = found.slice(4).map((each) => Buffer.from(each, 'base64')) as [Buffer, Buffer]
  const computable =
    memory >= MIN_MEMORY_PER_LANE * parallelism &&
    nonce.length >= MIN_NONCE_BYTES &&
    tag.length >= MIN_TAG_BYTES
  return computable ? { cost: { memory, passes, parallelism }, nonce, tag } : undefined
}

/** Whether a hash costs an attacker less than one of that cost. */
export function isCheaper({ cost }: Argon2idHash, than: Argon2idCost): boolean {
  return cost.memory < than.memory || cost.passes < than.passes || cost.parallelism < than.parallelism
}

/** A dummy hash of the same cost, for unknown users. */
export function nobodysArgon2id(cost: Argon2idCost): Argon2idHash {
  return { cost, nonce: randomBytes(NONCE_BYTES), tag: randomBytes(TAG_BYTES) }
}

/** PHC strings leave base64's padding out. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
