/** What an address says of a list; separate from `list-state.ts`, because the router needs it before sign-in. */

type Name = 'page' | 'search' | 'sort'
export type ListSearch<Filter extends string> = { readonly [K in Filter | Name]?: string }

/** Reads the state of a list from an address. What it does not know, or is empty, is left out. */
export function listSearch<Filter extends string>(filters: readonly Filter[]) {
  const names: readonly (Filter | Name)[] = ['page', 'search', 'sort', ...filters]
  return (given: Record<string, unknown>): ListSearch<Filter> => {
    const texts = names.map((name) => [name, given[name]] as const)
    return Object.fromEntries(
      texts.filter(([name, value]) =>
        name === 'page' ? /^[1-9]\d{0,5}$/.test(String(value)) : typeof value === 'string' && value !== '',
      ),
    ) as ListSearch<Filter>
  }
}
