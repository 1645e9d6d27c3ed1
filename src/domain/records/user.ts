import type { Id } from '../base/id.ts'
import type { PageRequest } from '../base/paging.ts'

export type Status = 'active' | 'inactive'

export interface User {
  readonly id: Id
  readonly name: string
  readonly status: Status
}

/** Zero, an id that nobody has: asked for where there is no user, so that it costs as much as where there is. */
export const NO_USER = '0000000000000000' as Id

export interface UserStore {
  /** Adds a user; `false` when the name, or one that looks like it (`nameKey`), is taken. */
  add(user: User): Promise<boolean>
  /**
   * Replaces name and status of the user of that id; `false` when the name, or one that looks like it, is another's
   * or there is no such user.
   */
  update(user: User): Promise<boolean>
  remove(id: Id): Promise<boolean>
  byId(id: Id): Promise<User | undefined>
  /** The user of exactly this name, else the one whose name looks like it. */
  byName(name: string): Promise<User | undefined>
  /** Those of these ids that exist, in any order. */
  byIds(ids: readonly Id[]): Promise<User[]>
  list(page: PageRequest): Promise<User[]>
  count(): Promise<number>
}
