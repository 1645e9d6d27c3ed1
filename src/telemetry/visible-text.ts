/** Text that strangers wrote, such as names, for places where a person reads it: a terminal, a log. */

/**
 * What one cannot see or what moves others: controls, format and bidirectional characters, halves of surrogate pairs,
 * line separators, everything that fonts leave out (Default_Ignorable_Code_Point), and blanks but the usual one.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/gu

/** The text with `\u202e` in place of such a character, by UTF-16 code units as JSON writes them. */
export function spelledOut(text: string): string {
  return text.replaceAll(UNSEEN, codeUnits)
}

/** The same for several lines, whose ends stay; `keep` names other characters that do. */
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
