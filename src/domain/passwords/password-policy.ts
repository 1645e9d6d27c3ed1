import { invalid } from '../errors.ts'

/** What a new password must be. */
export interface PasswordPolicy {
  /** Throws `invalid`, saying what is wanted. */
  check(password: string): void
  /** Whether a password that is in use may go on being used. */
  accepts(password: string): boolean
}

const MIN_BYTES = 8
/** InfluxDB's limit, from bcrypt; kept so that its clients meet the same rule. */
const MAX_BYTES = 72
const SPECIAL = '!@#$%^&*()_+'
const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@#$%^&*()_+]/]

/** InfluxDB's rules: 8 to 72 bytes and, with `strong`, three of four classes of characters. */
export function createPasswordPolicy({ strong }: { strong: boolean }): PasswordPolicy {
  function problem(password: string): string | undefined {
    const length = Buffer.byteLength(password)
    if (length < MIN_BYTES || length > MAX_BYTES) {
      return `passwords must be between ${MIN_BYTES} and ${MAX_BYTES} characters long`
    }
    if (strong && CLASSES.filter((each) => each.test(password)).length < 3) {
      return `passwords must contain at least three of the following character types: uppercase, lowercase, numbers, and special characters: ${SPECIAL}`
    }
    return undefined
  }
  return {
    check(password) {
      const found = problem(password)
      if (found) throw invalid(found)
    },
    accepts: (password) => !strong || problem(password) === undefined,
  }
}
