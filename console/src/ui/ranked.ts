/** What a search finds of a record; `more` are names beside it, such as its owner's. */
export interface Searched {
  readonly id: string
  readonly label: string
  readonly more?: string
}

const MOST = 6

/**
 * The first of the records that match the text, the best first: its own label, the beginning of one, words in one, the
 * beginning of an id, and words in the names beside it.
 */
export function ranked<T>(records: readonly T[] | undefined, text: string, of: (record: T) => Searched): T[] {
  const wanted = text.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  const rankOf = ({ id, label, more = '' }: Searched): number => {
    const name = label.toLowerCase()
    if (name === wanted) return 0
    if (name.startsWith(wanted)) return 1
    if (words.every((word) => name.includes(word))) return 2
    if (id.startsWith(wanted)) return 3
    const all = `${name} ${more.toLowerCase()}`
    return words.every((word) => all.includes(word)) ? 4 : Number.POSITIVE_INFINITY
  }
  return (records ?? [])
    .map((record) => ({ record, rank: rankOf(of(record)) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, MOST)
    .map(({ record }) => record)
}
