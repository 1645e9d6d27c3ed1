/** What the services of second factors have in common. */
import { type Caller, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { SecondFactorOptions, SecondFactorRule } from '../access/required-factor.ts'
import { emptyValue, forbidden, unprocessable } from '../base/errors.ts'
import { requireNameFits } from '../base/limits.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import { permission } from '../records/permission.ts'
import type { ApplicationPassword, SecondFactor } from '../records/second-factor.ts'

/** How many factors, and how many application passwords, a user may have. */
const MOST = 20

/**
 * Throws `forbidden` unless the caller acts by a session of their own sign-in: a token, which programs hold, must not
 * change how its user signs in. Sessions by application passwords lack the permission.
 */
export function requireOwnSession({ principal, session }: Caller): void {
  requirePermission(principal, permission('write', 'users', { id: principal.user.id }))
  if (!session) {
    throw forbidden('session-needed', 'a token may not change how its user signs in; use a session')
  }
}

/** Throws `forbidden` unless the caller may add a factor now. */
export function requireMayEnrol(
  caller: Caller,
  { freshness, secondFactor }: { freshness: Freshness; secondFactor: SecondFactorOptions },
): void {
  requireOwnSession(caller)
  freshness.require(caller, 'factor.add')
  requireOffered(secondFactor.rule)
}

/** Throws `forbidden` if the settings offer no second factors. */
export function requireOffered(rule: SecondFactorRule): void {
  if (rule !== 'off') return
  throw forbidden('second-factors-off', 'this server offers no second factors; its setting is second-factor')
}

/** Returns the name without blanks around it; throws for an empty one and one that is too long. */
export function parseFactorName(what: string, given: string): string {
  const name = given.trim()
  if (name === '') throw emptyValue(`${what} needs a name`)
  requireNameFits(what, name)
  return name
}

export function requireRoom(what: string, present: readonly unknown[]): void {
  if (present.length >= MOST) throw unprocessable(`a user may have at most ${MOST} ${what}; remove one first`)
}

export function factorTarget({ id, name, userID }: SecondFactor): AuditTarget {
  return { type: 'second-factor', id, name, userID }
}

export function applicationPasswordTarget({ id, name, userID }: ApplicationPassword): AuditTarget {
  return { type: 'application-password', id, name, userID }
}
