/** Who causes the traffic of this node: its organizations and its most active tokens, with their names of now. */
import type { ID } from '../base/id.ts'
import type { Authorization, AuthorizationStore } from '../records/authorization.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { UserStore } from '../records/user.ts'
import type { TrafficAccount, TrafficOfOne, TrafficTotals } from './traffic-account.ts'

export interface OrganizationTraffic extends TrafficTotals {
  readonly orgID: ID
  /** Undefined if it was deleted. */
  readonly org: string | undefined
}

export interface TokenTraffic extends TrafficTotals {
  readonly id: ID
  /** Undefined if the token was deleted. */
  readonly token:
    | (Pick<Authorization, 'description' | 'orgID' | 'userID'> & {
        readonly org: string | undefined
        readonly user: string | undefined
      })
    | undefined
}

export interface TrafficSummary {
  /** When this node began to count, in milliseconds since 1970. */
  readonly since: number
  readonly total: TrafficTotals
  /** The most active ones of the last hour and those of the last 24 hours, the latter first. */
  readonly organizations: readonly OrganizationTraffic[]
  readonly tokens: readonly TokenTraffic[]
}

/** How many of each kind are most active. */
const MOST = 10

/** Reads the names that the shown organizations and tokens have now. */
export function createTrafficSummary(deps: {
  account: Pick<TrafficAccount, 'since' | 'total' | 'organizations' | 'tokens'>
  organizations: Pick<OrganizationStore, 'byIDs'>
  authorizations: Pick<AuthorizationStore, 'byIDs'>
  users: Pick<UserStore, 'byIDs'>
}): () => Promise<TrafficSummary> {
  const { account, organizations, authorizations, users } = deps

  return async () => {
    const ofOrganizations = mostActive(account.organizations())
    const ofTokens = mostActive(account.tokens())
    const tokens = byID(await authorizations.byIDs(ofTokens.map(({ id }) => id)))
    const orgIDs = [...ofOrganizations.map(({ id }) => id), ...[...tokens.values()].map(({ orgID }) => orgID)]
    const orgs = byID(await organizations.byIDs([...new Set(orgIDs)]))
    const owners = byID(await users.byIDs([...new Set([...tokens.values()].map(({ userID }) => userID))]))
    return {
      since: account.since,
      total: account.total(),
      organizations: ofOrganizations.map(({ id, ...totals }) => ({
        orgID: id,
        org: orgs.get(id)?.name,
        ...totals,
      })),
      tokens: ofTokens.map(({ id, ...totals }) => {
        const found = tokens.get(id)
        if (!found) return { id, token: undefined, ...totals }
        const { description, orgID, userID } = found
        const names = { org: orgs.get(orgID)?.name, user: owners.get(userID)?.name }
        return { id, token: { description, orgID, userID, ...names }, ...totals }
      }),
    }
  }
}

function mostActive(all: readonly TrafficOfOne[]): TrafficOfOne[] {
  const top = (span: 'lastHour' | 'lastDay') =>
    all
      .filter((each) => each[span].requests > 0)
      .toSorted((one, other) => other[span].requests - one[span].requests)
      .slice(0, MOST)
  return [...new Set([...top('lastDay'), ...top('lastHour')])]
}

function byID<T extends { readonly id: ID }>(records: readonly T[]): Map<ID, T> {
  return new Map(records.map((each) => [each.id, each]))
}
