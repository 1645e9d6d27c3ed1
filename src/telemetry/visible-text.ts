/** Makes text from users, such as names, safe to show on a terminal or in a log. */

/**
 * Characters that are invisible or that move others: controls, format and bidirectional characters, halves of
 * surrogate pairs, line separators, everything that fonts leave out (Default_Ignorable_Code_Point), and blanks but
 * the usual one.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/gu

/** Escapes such characters as JSON does, by UTF-16 code units, such as `\u202e`. */
export function spelledOut(text: string): string {
  return text.replaceAll(UNSEEN, codeUnits)
}

/** The same for several lines, whose line ends stay; characters in `keep` stay too. */
export function linesSpelledOut(text: string, keep = ''): string {
  return text.replaceAll(UNSEEN, (found) =>
    found === '\n' || keep.includes(found) ? found : codeUnits(found),
  )
}

function codeUnits(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
