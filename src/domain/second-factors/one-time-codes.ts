/** Recovery codes and application passwords: texts of 130 random bits, kept as hashes only. */
import { randomBytes } from 'node:crypto'
import { hashSecret } from '../base/secrets.ts'
import { base32 } from './totp.ts'

/** How many recovery codes a user gets. */
export const RECOVERY_CODES = 10
const LETTERS = 26

/** Such as `abcde-fghij-klmno-pqrst-uvwxy-z`: 26 letters of base 32. */
function createText(separator: string): string {
  const letters = base32(randomBytes(17)).slice(0, LETTERS).toLowerCase()
  return letters.match(/.{1,5}/g)?.join(separator) ?? letters
}

export function createRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => createText('-'))
}

/** Recognizable for people and for programs that search for secrets. */
const PREFIX = 'sluice-app-'

export const createApplicationPassword = (): string => PREFIX + createText('-')

export function isApplicationPassword(text: string): boolean {
  return text.startsWith(PREFIX) && isRecoveryCode(text.slice(PREFIX.length))
}

/** Whether a text has the form of a recovery code, in any case, with or without separators. */
export function isRecoveryCode(text: string): boolean {
  return /^[a-z2-7]{26}$/.test(normalized(text))
}

/**
 * SHA-256 of the letters alone. No slow hash and no salt: 130 bits cannot be guessed (ASVS 5.0 6.5.2 asks for that
 * below 112 bits).
 */
export const hashOneTimeCode = (text: string): string => hashSecret(normalized(text))

const normalized = (text: string) => text.replaceAll(/[\s-]/g, '').toLowerCase()
