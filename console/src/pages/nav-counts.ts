/** How many of each there are, beside the pages in the navigation. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, BACKGROUND, got } from '../api/client.ts'
import { organizationsInBackground, tokens } from '../api/queries.ts'
import type { Rights } from '../ui/rights.ts'

/** A page that shows the list fetches it again and renews the count here too. */
const ENOUGH_MS = 60_000

const userCount = queryOptions({
  queryKey: ['users', 'count'],
  queryFn: async () => {
    const params = { query: { count: true, limit: 1 } }
    return (await got(api.GET('/api/v2/users', { params, ...BACKGROUND }))).total
  },
  staleTime: ENOUGH_MS,
})

const sessionCount = queryOptions({
  queryKey: ['sessions', 'all', 'count'],
  queryFn: async () =>
    (await got(api.GET('/api/v2/sessions', { params: { query: { limit: 1 } }, ...BACKGROUND }))).total,
  staleTime: ENOUGH_MS,
})

/** By the address of the page. Undefined for what is not known yet, or not without reading a long list. */
export function useNavCounts({ operator }: Rights): Readonly<Record<string, number | undefined>> {
  const users = useQuery({ ...userCount, enabled: operator }).data
  const sessions = useQuery({ ...sessionCount, enabled: operator }).data
  const orgs = useQuery({ ...organizationsInBackground, staleTime: ENOUGH_MS }).data
  // Only once a page has read the list, which can be long.
  const listed = useQuery({ ...tokens, enabled: false }).data
  const ofAll = operator ? orgs?.reduce((sum, { counts }) => sum + (counts?.tokens ?? 0), 0) : undefined
  return {
    '/people': users,
    '/organizations': orgs?.length,
    '/tokens': listed?.length ?? ofAll,
    '/sessions': sessions,
  }
}
