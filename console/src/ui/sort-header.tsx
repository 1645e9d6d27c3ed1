/** The head of a column by which a list is sorted. The sort is in the address: `name`, or `-name` for descending. */
export function SortHeader({
  column,
  label,
  sort,
  onSort,
}: {
  column: string
  label: string
  /** The current sort, such as `-name`. */
  sort: string
  onSort: (sort: string) => void
}) {
  const by = sort.replace(/^-/, '')
  const descending = sort.startsWith('-')
  const isSorted = by === column
  return (
    <th aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : undefined}>
      <button
        type="button"
        className="sort"
        onClick={() => onSort(isSorted && !descending ? `-${column}` : column)}
      >
        {label}
        <span aria-hidden="true">{isSorted ? (descending ? '↓' : '↑') : ''}</span>
      </button>
    </th>
  )
}
