/** Digits, and punctuation with blanks and the keyboard's characters that Unicode calls symbols, like "$" and "~". */
const DIGIT_OR_PUNCTUATION = /^[\p{Nd}\p{P}\p{Sc}\p{Sk}\p{Sm}\s]$/iu
const PUNCTUATION = /^[\p{P}\p{Sc}\p{Sk}\p{Sm}\s]$/iu
/** One character twice, in any case, with a line break between them. */
const SAME_CHARACTER = /^(.)\n\1$/isu
/** Normalizing and folding make a text at most four times shorter in UTF-16 units (Unicode FAQ on normalization). */
const MOST_SHORTENED = 4

/**
 * Whether a password is a name with nothing but digits and punctuation around it, in any case. Names are as long as
 * their owners like, so the time is bounded by the length of the password alone, and the name never becomes a regular
 * expression.
 */
export function isLittleMoreThan(name: string, password: string): boolean {
  const whole = [...password.normalize()]
  const trimmed = name.trim()
  // Before it is normalized, which can take quadratic time for a long run of combining marks.
  if (trimmed.length > MOST_SHORTENED * 2 * whole.length) return false
  const wanted = [...trimmed.normalize()]
  const spare = whole.length - wanted.length
  if (wanted.length === 0 || spare < 0) return false
  // Among other digits a name like "2" would be found by chance, in a password that has nothing to do with it.
  const around = /\p{L}/u.test(trimmed.normalize()) ? DIGIT_OR_PUNCTUATION : PUNCTUATION
  const before = countWhile(whole, around)
  const after = countWhile(whole.toReversed(), around)
  for (let at = Math.max(spare - after, 0); at <= Math.min(spare, before); at += 1) {
    if (wanted.every((each, index) => isSame(each, whole[at + index]))) return true
  }
  return false
}

function countWhile(characters: readonly string[], pattern: RegExp): number {
  const end = characters.findIndex((each) => !pattern.test(each))
  return end < 0 ? characters.length : end
}

function isSame(one: string, other: string | undefined): boolean {
  return one === other || SAME_CHARACTER.test(`${one}\n${other}`)
}
