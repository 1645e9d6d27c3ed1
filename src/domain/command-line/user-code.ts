/** The code that a person types from one screen into another (RFC 8628, 6.1). */
import { randomInt } from 'node:crypto'
import { hashSecret } from '../base/secrets.ts'

/** Consonants that no font confuses, so that no code is a word: 20 to the power of 8 are 34 bits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8

/** A new code as it is shown, such as `WDJB-MJHT`. */
export function createUserCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
}

/** The hash by which a typed code is found; the case of letters and what stands between them do not matter. */
export function hashOfUserCode(typed: string): string {
  return hashSecret(`user code ${typed.toUpperCase().replaceAll(/[^A-Z]/g, '')}`)
}
