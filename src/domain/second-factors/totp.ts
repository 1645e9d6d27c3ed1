/** Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, steps of 30 seconds, as every authenticator app has. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export const STEP_MS = 30_000
/** 160 bits (RFC 4226, section 4, R6). */
const SECRET_BYTES = 20
/** A code is accepted one step early or late (RFC 6238, section 5.2). */
const WINDOW = 1
/** How far off a clock may be to be recognized as the reason for a refusal: five minutes. */
const RECOGNIZED = 10

export const createTotpSecret = (): Uint8Array => randomBytes(SECRET_BYTES)

/** Whether a text has the form of a code; other digits than ASCII's have not. */
export function isTotpCode(text: string): boolean {
  return /^[0-9]{6}$/.test(text)
}

/** The code of a step (RFC 4226, section 5.3). */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const start = (mac.at(-1) ?? 0) & 0xf
  const number = (mac.readUInt32BE(start) & 0x7fffffff) % 1_000_000
  return String(number).padStart(6, '0')
}

export type TotpVerdict =
  | { readonly kind: 'right'; readonly step: number }
  /** The code is right for a clock that is off by this many steps. */
  | { readonly kind: 'off'; readonly steps: number }
  | { readonly kind: 'wrong' }

/**
 * Compares a code with those of the steps around `at` (milliseconds since 1970) and later than `after`, the last
 * accepted step, so that each code works once. Every step is computed, whichever matches.
 */
export function checkTotp(
  secret: Uint8Array,
  code: string,
  { at, after }: { at: number; after: number },
): TotpVerdict {
  if (!isTotpCode(code)) return { kind: 'wrong' }
  const given = Buffer.from(code)
  const present = Math.floor(at / STEP_MS)
  const matching: number[] = []
  for (let step = Math.max(0, present - RECOGNIZED); step <= present + RECOGNIZED; step += 1) {
    if (timingSafeEqual(Buffer.from(totpCode(secret, step)), given)) matching.push(step)
  }
  const isNear = (step: number) => Math.abs(step - present) <= WINDOW
  const accepted = matching.find((step) => isNear(step) && step > after)
  if (accepted !== undefined) return { kind: 'right', step: accepted }
  const off = matching.find((step) => !isNear(step))
  return off === undefined ? { kind: 'wrong' } : { kind: 'off', steps: off - present }
}

/** The Key URI that authenticator apps read from a QR code. */
export function totpUri(
  secret: Uint8Array,
  { issuer, account }: { issuer: string; account: string },
): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account.toWellFormed())}`
  const query = `secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`
  return `otpauth://totp/${label}?${query}&algorithm=SHA1&digits=6&period=${STEP_MS / 1000}`
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base 32 without padding (RFC 4648, section 6). */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let [bits, value] = [0, 0]
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(value >> bits) & 31]
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text
}
