import { permission } from '../permissions/permission.ts'
import { may, type Principal } from '../principals/principal.ts'
import type { User, UserStore } from './user.ts'

export interface UserQuery {
  /** A part of the name, in any case; undefined for all. */
  readonly search?: string | undefined
  readonly offset: number
  readonly limit: number
}

export interface FoundUsers {
  /** By name, as people sort. */
  readonly users: User[]
  /** How many there are on all pages. */
  readonly total: number
}

/** Finds users by a part of the name: those that the principal may read. */
export type UserSearch = (principal: Principal, query: UserQuery) => Promise<FoundUsers>

const BATCH = 500

/** Reads in batches, and lets other requests have their turn between two of them. */
export function createUserSearch({ users }: { users: Pick<UserStore, 'list'> }): UserSearch {
  const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
  return async (principal, { search = '', offset, limit }) => {
    const wanted = search.normalize().toLowerCase()
    const found: User[] = []
    for (let batch: User[] | undefined; !batch || batch.length === BATCH; ) {
      const after = batch?.at(-1)?.id
      batch = await users.list({ limit: BATCH, offset: 0, after, descending: false })
      for (const user of batch) {
        const matches = user.name.normalize().toLowerCase().includes(wanted)
        if (matches && may(principal, permission('read', 'users', { id: user.id }))) found.push(user)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    found.sort((one, other) => compare(one.name, other.name) || (one.id < other.id ? -1 : 1))
    return { users: found.slice(offset, offset + limit), total: found.length }
  }
}
