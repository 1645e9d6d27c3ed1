import { may, type Principal, requireOperator } from '../access/principal.ts'
import { foldCase } from '../base/fold-case.ts'
import type { ID } from '../base/id.ts'
import { ALL, visiblePage } from '../base/paging.ts'
import type { MembershipStore } from '../records/membership.ts'
import { permission } from '../records/permission.ts'
import type { Status, User, UserStore } from '../records/user.ts'
import type { OperatorIDs } from './user-details.ts'

export interface UserQuery {
  /** A part of the name, ignoring case; undefined for all users. */
  readonly search?: string | undefined
  readonly status?: Status | undefined
  /** Only operators, or only others. For operators. */
  readonly operator?: boolean | undefined
  /** Only users who belong to this organization. For operators. */
  readonly orgID?: ID | undefined
  readonly offset: number
  readonly limit: number
  readonly descending?: boolean
}

export interface FoundUsers {
  /** Sorted by name, ignoring case, with numbers by value. */
  readonly users: User[]
  /** The number of matches on all pages. */
  readonly total: number
}

/**
 * Finds users whom the principal may read. Throws `unauthorized` if the query filters by what only operators may know of
 * all users.
 */
export type UserSearch = (principal: Principal, query: UserQuery) => Promise<FoundUsers>

export function createUserSearch(deps: {
  users: Pick<UserStore, 'list'>
  memberships: Pick<MembershipStore, 'ofResource'>
  operatorIDs: OperatorIDs
}): UserSearch {
  // Made at the first search, since making it takes some milliseconds of the start.
  let collator: Intl.Collator | undefined

  async function memberIDs(orgID: ID): Promise<ReadonlySet<ID>> {
    const held = await deps.memberships.ofResource(orgID)
    return new Set(held.filter(({ resourceType }) => resourceType === 'orgs').map(({ userID }) => userID))
  }

  return async (principal, query) => {
    const { search = '', status, operator, orgID, offset, limit, descending = false } = query
    if (operator !== undefined || orgID !== undefined) requireOperator(principal, 'read')
    const operators = operator === undefined ? undefined : await deps.operatorIDs()
    const members = orgID === undefined ? undefined : await memberIDs(orgID)
    const wanted = foldCase(search)
    const isFound = (user: User) =>
      (status === undefined || user.status === status) &&
      (operators === undefined || operators.has(user.id) === operator) &&
      (members === undefined || members.has(user.id)) &&
      foldCase(user.name).includes(wanted) &&
      may(principal, permission('read', 'users', { id: user.id }))
    const found = await visiblePage((page) => deps.users.list(page), isFound, ALL)
    collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
    const { compare } = collator
    found.sort((one, other) => compare(one.name, other.name) || (one.id < other.id ? -1 : 1))
    if (descending) found.reverse()
    return { users: found.slice(offset, offset + limit), total: found.length }
  }
}
