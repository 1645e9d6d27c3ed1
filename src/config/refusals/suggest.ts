/** Which known name a misspelt one probably means. */

/** Beyond this many edits a suggestion is a guess. */
const FURTHEST = 2

/** Levenshtein distance: insertions, deletions and substitutions, one each. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The nearest of `known` within two edits of `name`, the earlier one of equals. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: { name: string; edits: number } | undefined
  for (const candidate of known) {
    // Comparing lengths first rules out most names, and makes an argument of a megabyte cheap.
    if (Math.abs(candidate.length - name.length) > FURTHEST) continue
    const edits = distance(name, candidate)
    if (edits <= FURTHEST && edits < (best?.edits ?? Infinity)) best = { name: candidate, edits }
  }
  return best?.name
}

/** Like `nearest` for setting names, whether written session-length, session_length or sessionLength. */
export function nearestSetting(name: string, known: readonly string[]): string | undefined {
  const inKebabCase = name
    .slice(0, 100)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
  return nearest(name, known) ?? nearest(inKebabCase, known)
}
