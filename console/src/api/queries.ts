/** The queries of all pages, each with its cache key. */
import { queryOptions } from '@tanstack/react-query'
import { api, BACKGROUND, got, noteServerTime, type Shapes } from './client.ts'
import type { AuditFilter } from './entry-queries.ts'
import { asProblem } from './problem.ts'

export { AUDIT_FILTERS, type AuditFilter, features, grantsOf, me, setupAllowed } from './entry-queries.ts'

export const ownFactors = queryOptions({
  queryKey: ['second-factors', 'me'],
  queryFn: () => got(api.GET('/api/v2/me/second-factors', BACKGROUND)),
})

/** Whether the user has or could have a second factor; otherwise there is nothing to see. */
export const hasToDoWithFactors = (own: Shapes['OwnSecondFactors'] | undefined): boolean =>
  own !== undefined && (own.offered || own.factors.length > 0)

export const applicationPasswords = queryOptions({
  queryKey: ['second-factors', 'applications'],
  queryFn: async () =>
    (await got(api.GET('/api/v2/me/application-passwords', BACKGROUND))).applicationPasswords,
})

export const factorsOf = (id: string) =>
  queryOptions({
    queryKey: ['second-factors', id],
    queryFn: () => got(api.GET('/api/v2/users/{id}/second-factors', { params: { path: { id } } })),
  })

export const invitationsTo = (id: string) =>
  queryOptions({
    queryKey: ['invitations', id],
    queryFn: async () =>
      (await got(api.GET('/api/v2/orgs/{id}/invitations', { params: { path: { id } }, ...BACKGROUND })))
        .invitations,
  })

/** Empty if the user has no address. */
export const emailOf = (id: string) =>
  queryOptions({
    queryKey: ['email', id],
    queryFn: () =>
      got(api.GET('/api/v2/users/{id}/email', { params: { path: { id } }, ...BACKGROUND })).catch(
        (error): Shapes['UserEmail'] => {
          if (asProblem(error).status === 404) return {}
          throw error
        },
      ),
  })

export const identitiesOf = (id: string) =>
  queryOptions({
    queryKey: ['users', id, 'identities'],
    queryFn: async () =>
      (await got(api.GET('/api/v2/users/{id}/identities', { params: { path: { id } }, ...BACKGROUND })))
        .identities,
  })

export const switchedOffTokensOf = (id: string) =>
  queryOptions({
    queryKey: ['users', id, 'switched-off-tokens'],
    queryFn: async () =>
      (
        await got(
          api.GET('/api/v2/users/{id}/switched-off-tokens', { params: { path: { id } }, ...BACKGROUND }),
        )
      ).tokens,
  })

export const mySessions = queryOptions({
  queryKey: ['sessions', 'me'],
  queryFn: async () => {
    const { sessions } = await got(api.GET('/api/v2/me/sessions', BACKGROUND))
    const current = sessions.find((session) => session.current)
    if (current) noteServerTime(current.lastUsedAt)
    return sessions
  },
})

export const sessionsOf = (id: string) =>
  queryOptions({
    queryKey: ['sessions', id],
    queryFn: async () =>
      (await got(api.GET('/api/v2/users/{id}/sessions', { params: { path: { id } } }))).sessions,
  })

export const PAGE = 25

export const liveSessions = (search: string, page: number) =>
  queryOptions({
    queryKey: ['sessions', 'all', search, page],
    queryFn: () =>
      got(
        api.GET('/api/v2/sessions', {
          params: { query: { ...(search ? { search } : {}), limit: PAGE, offset: page * PAGE } },
        }),
      ),
  })

/** Users by a part of the name, in the order of their names; `limit`: at most 100. */
export const usersFound = (search: string, limit: number) =>
  queryOptions({
    queryKey: ['users', 'found', search, limit],
    queryFn: async () => {
      const query = { ...(search ? { search } : {}), count: true, limit }
      return (await got(api.GET('/api/v2/users', { params: { query } }))).users
    },
    staleTime: 30_000,
  })

export const upstreamDifferences = queryOptions({
  queryKey: ['upstream', 'differences'],
  queryFn: () => got(api.GET('/api/v2/upstream/differences')),
})

export const PEOPLE_FILTERS = ['status', 'operator', 'org'] as const
export type PeopleFilter = (typeof PEOPLE_FILTERS)[number]
export type Person = Shapes['Users']['users'][number]

/** A page of users with their details, for operators. */
export function peopleWithDetails(
  asked: { readonly [K in PeopleFilter | 'page' | 'search' | 'sort']?: string },
) {
  const { page = '1', search, sort, operator, org } = asked
  const status: 'active' | 'inactive' | undefined =
    asked.status === 'active' || asked.status === 'inactive' ? asked.status : undefined
  const query = {
    ...(search ? { search } : {}),
    ...(status ? { status } : {}),
    ...(operator === 'true' || operator === 'false' ? { operator: operator === 'true' } : {}),
    ...(org ? { orgID: org } : {}),
    ...{ descending: sort === '-name', details: true, count: true },
    ...{ limit: PAGE, offset: (Number(page) - 1) * PAGE },
  }
  return queryOptions({
    queryKey: ['users', 'details', query],
    queryFn: () => got(api.GET('/api/v2/users', { params: { query } })),
  })
}

export const person = (id: string, how: Partial<typeof BACKGROUND> = {}) =>
  queryOptions({
    queryKey: ['users', id],
    queryFn: () => got(api.GET('/api/v2/users/{id}', { params: { path: { id } }, ...how })),
    staleTime: 30_000,
  })

const MOST = 100

/** Reads all pages of a list without a total, up to a thousand items. */
async function allPages<T>(read: (offset: number) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for (;;) {
    const page = await read(found.length)
    found.push(...page)
    if (page.length < MOST || found.length >= 10 * MOST) return found
  }
}

export type ListedOrganization = Shapes['Organizations']['orgs'][number]

const allOrganizations = (how: Partial<typeof BACKGROUND> = {}) =>
  allPages(async (offset) => {
    const params = { query: { limit: MOST, offset, counts: true } }
    return (await got(api.GET('/api/v2/orgs', { params, ...how }))).orgs
  })

export const organizations = queryOptions({ queryKey: ['orgs'], queryFn: () => allOrganizations() })

/** The same for what no user has asked for, so that it does not extend the session. */
export const organizationsInBackground = queryOptions({
  queryKey: ['orgs', 'background'],
  queryFn: () => allOrganizations(BACKGROUND),
})

export const organization = (id: string) =>
  queryOptions({
    queryKey: ['orgs', id],
    queryFn: () => got(api.GET('/api/v2/orgs/{id}', { params: { path: { id } } })),
  })

export type Member = Shapes['ResourceUser']

export const membersOf = (id: string) =>
  queryOptions({
    queryKey: ['orgs', id, 'people'],
    queryFn: async (): Promise<Member[]> => {
      const params = { params: { path: { id } } }
      const [owners, members] = await Promise.all([
        got(api.GET('/api/v2/orgs/{id}/owners', params)),
        got(api.GET('/api/v2/orgs/{id}/members', params)),
      ])
      return [...owners.users, ...members.users].sort((one, other) => one.name.localeCompare(other.name))
    },
  })

export const bucketsOf = (orgID: string) =>
  queryOptions({
    queryKey: ['orgs', orgID, 'buckets'],
    queryFn: () =>
      allPages(async (offset) => {
        const query = { orgID, limit: MOST, offset }
        return (await got(api.GET('/api/v2/buckets', { params: { query } }))).buckets
      }),
  })

export const tokens = queryOptions({
  queryKey: ['tokens'],
  queryFn: async () =>
    (await got(api.GET('/api/v2/authorizations', { params: { query: { usage: true } } }))).authorizations,
})

export const token = (id: string) =>
  queryOptions({
    queryKey: ['tokens', id],
    queryFn: () =>
      got(api.GET('/api/v2/authorizations/{id}', { params: { path: { id }, query: { usage: true } } })),
  })

/** The newest events in the audit log that name a token. */
export const eventsOfToken = (id: string) =>
  queryOptions({
    queryKey: ['tokens', id, 'events'],
    queryFn: async () =>
      (await got(api.GET('/api/v2/audit', { params: { query: { search: id, limit: 10 } } }))).events,
  })

export const resourceTypes = queryOptions({
  queryKey: ['resources'],
  queryFn: () => got(api.GET('/api/v2/resources')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const AUDIT_PAGE = 50

export const audit = (filter: AuditFilter, after: string | undefined, live: boolean) =>
  queryOptions({
    queryKey: ['audit', filter, after],
    queryFn: () =>
      got(
        api.GET('/api/v2/audit', {
          params: { query: { ...filter, ...(after ? { after } : {}), limit: AUDIT_PAGE } },
          ...(live ? BACKGROUND : {}),
        }),
      ),
  })

export const trafficOfUser = (id: string) =>
  queryOptions({
    queryKey: ['users', id, 'traffic'],
    queryFn: () => got(api.GET('/api/v2/users/{id}/traffic', { params: { path: { id } }, ...BACKGROUND })),
    refetchInterval: 30_000,
  })

export const trafficOfToken = (id: string) =>
  queryOptions({
    queryKey: ['tokens', id, 'traffic'],
    queryFn: () =>
      got(api.GET('/api/v2/authorizations/{id}/traffic', { params: { path: { id } }, ...BACKGROUND })),
    refetchInterval: 30_000,
  })

export const overview = (hours: number) =>
  queryOptions({
    queryKey: ['overview', hours],
    queryFn: () => got(api.GET('/api/v2/overview', { params: { query: { hours } }, ...BACKGROUND })),
    refetchInterval: 30_000,
  })
