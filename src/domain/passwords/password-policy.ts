import { invalid } from '../base/errors.ts'
import { isLittleMoreThan } from './little-more-than.ts'

/**
 * `none`: the length alone. `common`: also no common password and no name. `strong`: InfluxDB's
 * `strong-passwords`, three of four classes of characters.
 */
export type PasswordRule = 'none' | 'common' | 'strong'

/** What an attacker would try first for this user (ASVS 5.0 6.1.2). */
export interface PasswordContext {
  readonly userName?: string | undefined
  readonly organizationNames?: readonly string[] | undefined
}

/** What a new password must be. */
export interface PasswordPolicy {
  /** Throws `invalid`, saying what is wanted and never repeating the password. */
  check(password: string, context: PasswordContext): void
  /** Whether a password that is in use may go on being used. */
  accepts(password: string): boolean
}

const MIN_BYTES = 8
/** InfluxDB's limit, from bcrypt; kept so that its clients meet the same rule. */
const MAX_BYTES = 72
/** A visible character: not a blank, a control or format character, or Braille's blank. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]/u
const SPECIAL = '!@#$%^&*()_+'
const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@#$%^&*()_+]/]
const PRODUCT_NAMES = ['sluice', 'influx', 'influxdb']

/**
 * A password has 8 to 72 bytes and at least one visible character; `policy` adds rules. Only `strong` has rules about
 * which characters to use (ASVS 5.0 6.2.5). `commonPasswords`, in lower case, is called only for `common`, and not
 * before a password is checked.
 */
export function createPasswordPolicy(options: {
  policy: PasswordRule
  commonPasswords: () => ReadonlySet<string>
}): PasswordPolicy {
  const strong = options.policy === 'strong'

  /** What is wrong with a password, whichever user has it. */
  function problem(password: string): string | undefined {
    const length = Buffer.byteLength(password)
    if (length < MIN_BYTES || length > MAX_BYTES) {
      return `passwords must be between ${MIN_BYTES} and ${MAX_BYTES} characters long`
    }
    if (strong && CLASSES.filter((each) => each.test(password)).length < 3) {
      return `passwords must contain at least three of the following character types: uppercase, lowercase, numbers, and special characters: ${SPECIAL}`
    }
    if (!VISIBLE.test(password)) return 'passwords must contain a character that is not blank or invisible'
    return undefined
  }

  /** ASVS 5.0 6.2.4, 6.2.11, 6.2.12. */
  function guessable(password: string, { userName, organizationNames = [] }: PasswordContext) {
    if (options.commonPasswords().has(password.toLowerCase())) {
      return 'this is one of the most common passwords; choose one that others do not use'
    }
    const owner = [
      { names: [userName ?? ''], owner: 'the user' },
      { names: organizationNames, owner: 'an organization' },
      { names: PRODUCT_NAMES, owner: 'this product' },
    ].find(({ names }) => names.some((name) => isLittleMoreThan(name, password)))?.owner
    return owner && `this is little more than the name of ${owner}; choose one that is not made from a name`
  }

  return {
    check(password, context) {
      // `strong` exists to decide as InfluxDB does, which accepts "Password1": so it also accepts common passwords.
      const found =
        problem(password) ?? (options.policy === 'common' ? guessable(password, context) : undefined)
      if (found) throw invalid(found, { reason: 'weak-password' })
    },
    accepts: (password) => !strong || problem(password) === undefined,
  }
}
