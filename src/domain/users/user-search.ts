import { may, type Principal } from '../access/principal.ts'
import { foldCase } from '../base/fold-case.ts'
import { ALL, visiblePage } from '../base/paging.ts'
import { permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'

export interface UserQuery {
  /** A part of the name, ignoring case; undefined for all users. */
  readonly search?: string | undefined
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

/** Finds users whom the principal may read, by a part of their name. */
export type UserSearch = (principal: Principal, query: UserQuery) => Promise<FoundUsers>

export function createUserSearch({ users }: { users: Pick<UserStore, 'list'> }): UserSearch {
  const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
  return async (principal, { search = '', offset, limit, descending = false }) => {
    const wanted = foldCase(search)
    const isFound = ({ id, name }: User) =>
      foldCase(name).includes(wanted) && may(principal, permission('read', 'users', { id }))
    const found = await visiblePage((page) => users.list(page), isFound, ALL)
    found.sort((one, other) => compare(one.name, other.name) || (one.id < other.id ? -1 : 1))
    if (descending) found.reverse()
    return { users: found.slice(offset, offset + limit), total: found.length }
  }
}
