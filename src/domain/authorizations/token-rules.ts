/** How long tokens live, and which of them are worth a fresh sign-in. */
import { forbidden, invalid } from '../base/errors.ts'
import type { Id } from '../base/id.ts'
import { requireTime } from '../base/time.ts'
import { formatPermission, type Permission } from '../records/permission.ts'

const LONGEST_GRACE_SECONDS = 7 * 24 * 3600

/**
 * When a new token ends: as asked for, within what is allowed, and no later than the token that makes it; in UTC.
 * Throws `invalid` and, where it would outlive its maker, `forbidden`.
 */
export function endOfToken(
  asked: string | undefined,
  limits: { now: number; maxLengthMs: number | undefined; makerEndsAt: number | undefined },
): string | undefined {
  const { now, maxLengthMs, makerEndsAt } = limits
  const latest = maxLengthMs === undefined ? undefined : now + maxLengthMs
  if (asked === undefined) {
    const end = Math.min(latest ?? Number.POSITIVE_INFINITY, makerEndsAt ?? Number.POSITIVE_INFINITY)
    return end === Number.POSITIVE_INFINITY ? undefined : new Date(end).toISOString()
  }
  const end = requireTime('expiresAt', asked)
  if (end <= now) throw invalid('expiresAt must be in the future')
  if (latest !== undefined && end > latest)
    throw invalid(`expiresAt may be at most ${new Date(latest).toISOString()}`)
  requireNoLonger(end, makerEndsAt)
  return new Date(end).toISOString()
}

/** Throws `forbidden` where a token would give access for longer than the one by which it is asked for. */
export function requireNoLonger(end: number, makerEndsAt: number | undefined): void {
  if (makerEndsAt === undefined || end <= makerEndsAt) return
  throw forbidden(
    'outlives-token',
    `a token may not outlive the one that gives it out, which ends ${new Date(makerEndsAt).toISOString()}`,
  )
}

/** Until when the secret before a rotation works; undefined where it ends at once. Throws `invalid`. */
export function endOfGrace(graceSeconds: number, now: number): string | undefined {
  if (graceSeconds < 0 || graceSeconds > LONGEST_GRACE_SECONDS) {
    throw invalid(`graceSeconds must be between 0 and ${LONGEST_GRACE_SECONDS}`)
  }
  return graceSeconds === 0 ? undefined : new Date(now + graceSeconds * 1000).toISOString()
}

/** Throws `invalid`, in InfluxDB's words, for a permission in another organization than the token's own. */
export function requireOneOrganization(permissions: readonly Permission[], orgID: Id): void {
  const foreign = permissions.find(({ resource }) => resource.orgID !== undefined && resource.orgID !== orgID)
  if (foreign) throw invalid(`permission ${formatPermission(foreign)} is not for org id ${orgID}`)
}

/** Types whose writing lets one hand on or widen access. */
const KEEPERS = ['authorizations', 'users', 'orgs', 'instance']

/**
 * Whether permissions are those of an operator or of all access: anything that is not kept to an organization
 * or an id, or the writing of what access itself is made of.
 */
export function isPowerful(permissions: readonly Permission[]): boolean {
  return permissions.some(
    ({ action, resource: { type, id, orgID } }) =>
      (id === undefined && orgID === undefined) || (action === 'write' && KEEPERS.includes(type)),
  )
}
