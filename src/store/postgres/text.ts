/**
 * Text as PostgreSQL takes it: any but NUL, which names may hold (SQLite keeps it). U+0001 stands before it then,
 * and before itself. The order of two texts stays that of their bytes.
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
