import { type Caller, requireOperator } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { notFound } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Changes } from '../changes.ts'
import type { GuessCounters } from '../guessing/guess-counters.ts'
import type { ThrottledAddress, ThrottledList } from '../guessing/throttled-list.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { User, UserStore } from '../records/user.ts'

/** What a caller names to release it: an entry of the list. */
export type ThrottledName = Pick<ThrottledAddress, 'scope' | 'address' | 'userID'>

export interface ListedThrottled extends Omit<ThrottledAddress, 'key'> {
  /** Undefined for addresses, tokens, unknown names, and users who were deleted. */
  readonly user: Pick<User, 'id' | 'name'> | undefined
}

export interface Throttled {
  /** Who is throttled now, the longest first. The caller of this must have checked that an operator asks. */
  list(): Promise<ListedThrottled[]>
  /**
   * Forgets the failures that throttle this user or address, on every node, so that the next attempt is judged as the
   * first one. For operators with a recent sign-in, because it gives a guesser new attempts too. `not found` if it is
   * not throttled.
   */
  release(caller: Caller, name: ThrottledName): Promise<void>
}

export function createThrottled(deps: {
  throttled: ThrottledList
  counters: Pick<GuessCounters, 'forget'>
  users: Pick<UserStore, 'byIDs'>
  changes: Changes
  freshness: Freshness
}): Throttled {
  const { throttled, counters, users, changes, freshness } = deps
  return {
    async list() {
      const listed = await throttled.list()
      const ids = [...new Set(listed.flatMap(({ userID }) => userID ?? []))]
      const names = new Map((await users.byIDs(ids)).map(({ id, name }) => [id, { id, name }]))
      // One user has several keys if names of a directory count too.
      const isTwice = (each: ThrottledAddress, at: number) =>
        each.userID !== undefined &&
        listed.findIndex((other) => isSame(other, each) && other.address === each.address) !== at
      const once = listed.filter((each, at) => !isTwice(each, at))
      return once.map(({ key: _, ...each }) => ({ ...each, user: each.userID && names.get(each.userID) }))
    },
    async release(caller, name) {
      requireOperator(caller.principal, 'write')
      freshness.require(caller, 'throttled.release')
      // Several unknown names from one address look alike in the list, and are released together.
      const named = (await throttled.list()).filter((each) => isSame(each, name))
      const keys = new Set(named.flatMap(({ key }) => key ?? []))
      if (keys.size === 0) throw notFound('this user or address is not throttled')
      // Recorded first: no release is missing in the audit log.
      await changes(async (change) => {
        change.records({ event: 'throttled.release', target: targetOf(name), caller })
      })
      for (const key of keys) {
        await counters.forget(key)
        await throttled.remove(key)
      }
    },
  }
}

/** A user with too many failures is throttled at all new addresses alike. */
function isSame(each: ThrottledName, { scope, address, userID }: ThrottledName): boolean {
  if (each.scope !== scope || each.userID !== userID) return false
  return each.address === address || (scope === 'user' && userID !== undefined)
}

function targetOf({ scope, address, userID }: ThrottledName): AuditTarget {
  if (scope === 'user' && userID) return { type: 'user', id: userID as ID }
  return { type: 'address', name: address, ...(userID ? { userID } : {}) }
}
