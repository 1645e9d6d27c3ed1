/** The search field and the filters of the list of tokens. */
import { useMemo } from 'react'
import { texts } from '../texts/all.ts'
import { SelectField } from '../ui/field.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { FilterSelect } from '../ui/filter-select.tsx'
import type { ListSearch } from '../ui/list-search.ts'
import type { ListState } from '../ui/list-state.ts'
import { SearchField } from '../ui/search-field.tsx'
import type { Token } from '../ui/token-state.ts'
import { sortOf, TOKEN_FILTERS, type TokenFilter } from './token-list.ts'
import { COLUMNS } from './token-table.tsx'

export function TokenFilters({
  all,
  asked,
  list,
}: {
  all: readonly Token[]
  asked: ListSearch<TokenFilter>
  list: ListState<TokenFilter>
}) {
  const orgs = useMemo(() => choices(all, ({ orgID, org }) => [orgID, org]), [all])
  const owners = useMemo(() => choices(all, ({ userID, user }) => [userID, user]), [all])
  const { tokens: words } = texts
  const count = TOKEN_FILTERS.filter((name) => asked[name]).length
  const select = (
    name: TokenFilter,
    [label, any, options]: readonly [string, string, readonly (readonly [string, string])[]],
  ) => (
    <FilterSelect
      {...{ label, any, options }}
      value={asked[name]}
      onChange={(value) => list.change({ [name]: value })}
    />
  )
  return (
    <FilterBar
      search={<SearchField label={words.filter} list={list} />}
      count={count}
      onClear={count > 0 || asked.search ? list.clear : undefined}
    >
      {select('status', words.filterBy.status)}
      {orgs.length > 1 && select('org', [words.org, words.anyOrg, orgs])}
      {owners.length > 1 && select('owner', [words.owner, words.anyOwner, owners])}
      {select('expires', words.filterBy.expires)}
      {select('used', words.filterBy.used)}
      <div className="phone">
        <SelectField
          label={words.sort}
          value={sortOf(asked.sort).sort}
          onChange={(event) => list.change({ sort: event.target.value })}
        >
          {COLUMNS.flatMap(([each, label]) => [
            <option key={each} value={each}>
              {label} ↑
            </option>,
            <option key={`-${each}`} value={`-${each}`}>
              {label} ↓
            </option>,
          ])}
        </SelectField>
      </div>
    </FilterBar>
  )
}

/** Each value once, in the order of the names. */
function choices(
  all: readonly Token[],
  of: (token: Token) => readonly [id: string, name: string],
): (readonly [string, string])[] {
  return [...new Map(all.map(of))].sort(([, one], [, other]) => one.localeCompare(other))
}
