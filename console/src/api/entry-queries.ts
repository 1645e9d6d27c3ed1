/** The queries before and at sign-in, separate from `queries.ts` so that sign-in loads as little as possible. */
import { queryOptions } from '@tanstack/react-query'
import { api, got } from './client.ts'

export const features = queryOptions({
  queryKey: ['features'],
  queryFn: () => got(api.GET('/api/v2/features')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const setupAllowed = queryOptions({
  queryKey: ['setup'],
  queryFn: async () => (await got(api.GET('/api/v2/setup'))).allowed,
})

export const me = queryOptions({
  queryKey: ['me'],
  queryFn: () => got(api.GET('/api/v2/me')),
  staleTime: 60_000,
})

export const grantsOf = (id: string) =>
  queryOptions({
    queryKey: ['users', id, 'grants'],
    queryFn: () => got(api.GET('/api/v2/users/{id}/grants', { params: { path: { id } } })),
  })

export interface AuditFilter {
  userID?: string
  event?: string
  outcome?: string
  /** A part of a name, an address, a user agent or an id. */
  search?: string
  start?: string
  stop?: string
}

/** What the address of the audit log has: the filter, and the event after which the page begins. */
export interface AuditSearch extends AuditFilter {
  after?: string
}

export const AUDIT_FILTERS = ['userID', 'event', 'outcome', 'search', 'start', 'stop'] as const
