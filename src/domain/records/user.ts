import type { ID } from '../base/id.ts'
import type { PageRequest } from '../base/paging.ts'

export type Status = 'active' | 'inactive'

export interface User {
  readonly id: ID
  readonly name: string
  readonly status: Status
}

/** An id that no user has. Looked up for unknown names, so that they cost the same queries as known ones. */
export const NO_USER = '0000000000000000' as ID

export interface UserStore {
  /** Adds a user; `false` if the name or one that looks the same (`nameKey`) is taken. */
  add(user: User): Promise<boolean>
  /**
   * Adds a user even if another one's name looks the same; such a user is found by exactly their name. `taken` if
   * another user has exactly this name.
   */
  addAlike(user: User): Promise<'added' | 'added alike' | 'taken'>
  /**
   * Replaces the name and status of a user; `false` if another user has that name or one that looks the same, or if
   * the user does not exist.
   */
  update(user: User): Promise<boolean>
  remove(id: ID): Promise<boolean>
  byID(id: ID): Promise<User | undefined>
  /** The user with exactly this name, otherwise the one whose name looks the same. */
  byName(name: string): Promise<User | undefined>
  /** The users with these ids that exist, in any order. */
  byIDs(ids: readonly ID[]): Promise<User[]>
  list(page: PageRequest): Promise<User[]>
  count(): Promise<number>
}
