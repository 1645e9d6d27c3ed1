/** A rough estimate of how hard a password is to guess. It only advises; the server decides. */

export interface Strength {
  /** 0 to 4. */
  readonly score: number
  readonly problem: 'short' | 'long' | 'repeats' | 'name' | 'classes' | 'common' | undefined
}

const MIN_BYTES = 8
const MAX_BYTES = 72
const CLASSES: readonly [RegExp, number][] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[^a-zA-Z0-9]/, 33],
]
const SPECIAL = /[!@#$%^&*()_+]/

export function strengthOf(password: string, names: readonly string[], policy = 'common'): Strength {
  const bytes = new TextEncoder().encode(password).length
  if (bytes < MIN_BYTES) return { score: 0, problem: 'short' }
  if (bytes > MAX_BYTES) return { score: 0, problem: 'long' }
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, SPECIAL].filter((each) => each.test(password)).length
  if (policy === 'strong' && classes < 3) return { score: 0, problem: 'classes' }
  if (isLittleMoreThan(password, [...names, 'sluice', 'influx', 'influxdb']))
    return { score: 0, problem: 'name' }
  if (policy === 'common' && isCommon(password)) return { score: 0, problem: 'common' }
  const alphabet = CLASSES.reduce((sum, [pattern, size]) => sum + (pattern.test(password) ? size : 0), 0)
  const distinct = new Set(password).size
  // Repeated or sequential characters, like "aaaa" or "1234", add almost nothing.
  const steps = [...password].filter((_, index) => isStep(password, index)).length
  const bits = (password.length - steps * 0.8) * Math.log2(alphabet) * Math.min(1, distinct / 8)
  const score = [35, 50, 65, 85].filter((limit) => bits >= limit).length
  return { score, problem: steps > password.length / 2 ? 'repeats' : undefined }
}

/** What most of the common passwords are made of; the server knows the others. */
const COMMON = (
  'password passwort letmein welcome administrator admin qwerty qwertyuiop qwertz asdfgh asdfghjkl zxcvbnm iloveyou ' +
  'sunshine princess football baseball basketball superman batman trustno dragon monkey shadow master michael ' +
  'jennifer jordan hunter charlie computer internet starwars whatever changeme secret abc abcd abcdef test'
).split(' ')

/** Digits and signs around or in place of letters do not make a common password less common. */
function isCommon(password: string): boolean {
  const text = password.toLowerCase()
  const letters = text.replaceAll(/[^a-z]/g, '')
  const spelled = text
    .replaceAll('0', 'o')
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replaceAll(/[^a-z]/g, '')
  return COMMON.includes(letters) || COMMON.includes(spelled)
}

function isStep(text: string, index: number): boolean {
  const difference = text.charCodeAt(index) - text.charCodeAt(index - 1)
  return index > 0 && Math.abs(difference) <= 1
}

function isLittleMoreThan(password: string, names: readonly string[]): boolean {
  const letters = password.toLowerCase().replaceAll(/[^\p{L}]/gu, '')
  return names.some((name) => {
    const wanted = name.toLowerCase().replaceAll(/[^\p{L}]/gu, '')
    return wanted !== '' && letters === wanted
  })
}

const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A random password to pass on: groups of letters and digits that cannot be confused with one another. */
export function randomPassword(groups = 4): string {
  const size = groups * 5
  const letters: string[] = []
  while (letters.length < size) {
    for (const byte of crypto.getRandomValues(new Uint8Array(size))) {
      // Larger bytes are skipped, so that all characters are equally likely.
      if (byte < Math.floor(256 / ALPHABET.length) * ALPHABET.length && letters.length < size) {
        letters.push(ALPHABET[byte % ALPHABET.length] ?? '')
      }
    }
  }
  return Array.from({ length: groups }, (_, at) => letters.slice(at * 5, at * 5 + 5).join('')).join('-')
}
