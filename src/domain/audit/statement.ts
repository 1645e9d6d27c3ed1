/** The part of a client's text that the audit log keeps. */

/** In bytes of UTF-8. */
export const LONGEST_STATEMENT = 4096

/**
 * The beginning of a text, at most `longest` bytes of it in UTF-8, cut between two characters. The result is a text of
 * its own: a slice would keep all of a large query in memory for as long as the event waits.
 */
export function beginningOf(text: string, longest = LONGEST_STATEMENT): string {
  const bytes = Buffer.allocUnsafe(longest)
  const { written } = new TextEncoder().encodeInto(text, bytes)
  return bytes.toString('utf8', 0, written)
}
