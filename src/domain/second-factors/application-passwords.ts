/** Passwords for clients that cannot ask for a second factor. */
import { type Caller, type Principal, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { SecondFactorOptions } from '../access/required-factor.ts'
import type { Clock } from '../base/clock.ts'
import { invalid, notFound } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import type { Changes } from '../changes.ts'
import { permission } from '../records/permission.ts'
import type {
  ApplicationAccess,
  ApplicationPassword,
  ApplicationPasswordStore,
} from '../records/second-factor.ts'
import {
  applicationPasswordTarget,
  parseFactorName,
  requireOffered,
  requireOwnSession,
  requireRoom,
} from './factor-rules.ts'
import { createApplicationPassword, hashOneTimeCode } from './one-time-codes.ts'

/** Changing them needs a session, not a token. */
export interface ApplicationPasswords {
  list(principal: Principal): Promise<readonly ApplicationPassword[]>
  /**
   * Returns the password, which is shown once. Needs a recent sign-in.
   *
   * @param expiresAt milliseconds since 1970; undefined if it does not expire
   */
  create(
    caller: Caller,
    given: {
      readonly name: string
      readonly access: ApplicationAccess
      readonly expiresAt: number | undefined
    },
  ): Promise<{ readonly record: ApplicationPassword; readonly password: string }>
  /** Ends all other sessions of the user too, because some may have begun with it. */
  remove(caller: Caller, id: ID): Promise<void>
}

export function createApplicationPasswords(deps: {
  applicationPasswords: Pick<ApplicationPasswordStore, 'ofUser'>
  secondFactor: SecondFactorOptions
  freshness: Freshness
  changes: Changes
  ids: IDGenerator
  now: Clock
}): ApplicationPasswords {
  return {
    async list(principal) {
      const { id } = principal.user
      requirePermission(principal, permission('read', 'users', { id }))
      return deps.applicationPasswords.ofUser(id)
    },

    async create(caller, { name: given, access, expiresAt }) {
      requireOwnSession(caller)
      deps.freshness.require(caller, 'application-password.create')
      requireOffered(deps.secondFactor.rule)
      const name = parseFactorName('an application password', given)
      const at = deps.now()
      if (expiresAt !== undefined && expiresAt <= at) throw invalid('expiresAt must be in the future')
      const password = createApplicationPassword()
      const userID = caller.principal.user.id
      const record: ApplicationPassword = {
        ...{ id: deps.ids.next(), userID, name, access, hash: hashOneTimeCode(password) },
        ...{ createdAt: at, expiresAt, lastUsedAt: undefined },
      }
      await deps.changes(async (change) => {
        requireRoom('application passwords', await change.applicationPasswords.ofUser(userID))
        await change.applicationPasswords.add(record)
        const target = applicationPasswordTarget(record)
        change.records({ event: 'application-password.create', target, caller })
      })
      return { record, password }
    },

    async remove(caller, id) {
      requireOwnSession(caller)
      const userID = caller.principal.user.id
      await deps.changes(async (change) => {
        const record = (await change.applicationPasswords.ofUser(userID)).find((each) => each.id === id)
        if (!record) throw notFound('application password not found')
        await change.applicationPasswords.remove(userID, id)
        await change.endsSessionsOf(userID, { caller }, caller.session?.keyHash)
        const target = applicationPasswordTarget(record)
        change.records({ event: 'application-password.delete', target, caller })
      })
    },
  }
}
