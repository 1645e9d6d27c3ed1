/**
 * Encodes text for PostgreSQL, which refuses NUL. Names may contain it, and SQLite stores it. U+0001 is put before
 * NUL and before itself. Two texts keep their byte order.
 */
const MARK = '\x01'
const MARKED_NUL = `${MARK}\x01`
const MARKED_MARK = `${MARK}\x02`

/** A parameter of a statement, of whatever type. */
export function toEngine(value: unknown): unknown {
  if (typeof value !== 'string' || !(value.includes('\0') || value.includes(MARK))) return value
  return value.replaceAll(MARK, MARKED_MARK).replaceAll('\0', MARKED_NUL)
}

/** Text of a row. */
export function fromEngine(text: string): string {
  if (!text.includes(MARK)) return text
  return text.replaceAll(MARKED_NUL, '\0').replaceAll(MARKED_MARK, MARK)
}
