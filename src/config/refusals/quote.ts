/** How names and values appear in sentences: on one line, printable, and not endless. */

const LONGEST = 100

/** `text` in double quotes; controls and line separators are escaped, what is too long is cut. */
export function quoted(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text
  return JSON.stringify(cut).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** `name` unchanged if it is one plain word, else quoted. */
export function plain(name: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(name) && name.length <= 4 * LONGEST ? name : quoted(name)
}

/** A value of a configuration file or of the environment, for a sentence. */
export function shown(raw: unknown): string {
  if (typeof raw === 'string') return quoted(raw)
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw)
  if (Array.isArray(raw)) return 'a list'
  if (raw instanceof Date) return 'a date'
  return 'a table'
}
