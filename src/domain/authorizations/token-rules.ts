/** The lifetime of tokens, and which tokens require a recent sign-in. */
import { forbidden, invalid } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { requireTime } from '../base/time.ts'
import { type Authorization, expiryOf } from '../records/authorization.ts'
import { formatPermission, type Permission } from '../records/permission.ts'

const LONGEST_GRACE_SECONDS = 7 * 24 * 3600

/**
 * The expiry of a new token (RFC 3339, UTC): the requested one, at most `maxLengthMs` from now and not after the token
 * that creates it. Throws `invalid`, or `forbidden` if it would outlive the creating token.
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

/**
 * The expiry that an update asks for: milliseconds since 1970, infinity for `never`, undefined if it stays as it is.
 * A later one is at most `maxLengthMs` from now. Throws `invalid`, also for a token that has expired.
 */
export function changedEnd(
  current: Authorization,
  asked: string | undefined,
  { now, maxLengthMs }: { now: number; maxLengthMs: number | undefined },
): number | undefined {
  if (asked === undefined) return undefined
  const before = expiryOf(current)
  const end = asked === 'never' ? Number.POSITIVE_INFINITY : requireTime('expiresAt', asked)
  if (end === before) return undefined
  if (current.expired || before <= now) {
    throw invalid('this token has expired, and stays expired; create another token')
  }
  if (end <= now) throw invalid('expiresAt must be in the future')
  if (maxLengthMs !== undefined && end > before && end > now + maxLengthMs) {
    throw invalid(`expiresAt may be at most ${new Date(now + maxLengthMs).toISOString()}`)
  }
  return end
}

/** Throws `forbidden` if a token would outlive the token that the request was made with. */
export function requireNoLonger(end: number, makerEndsAt: number | undefined): void {
  if (makerEndsAt === undefined || end <= makerEndsAt) return
  throw forbidden(
    'outlives-token',
    `a token may not outlive the one that gives it out, which ends ${new Date(makerEndsAt).toISOString()}`,
  )
}

/** The end of the old secret's grace period; undefined if it is revoked at once. Throws `invalid`. */
export function endOfGrace(graceSeconds: number, now: number): string | undefined {
  if (graceSeconds < 0 || graceSeconds > LONGEST_GRACE_SECONDS) {
    throw invalid(`graceSeconds must be between 0 and ${LONGEST_GRACE_SECONDS}`)
  }
  return graceSeconds === 0 ? undefined : new Date(now + graceSeconds * 1000).toISOString()
}

/** Throws `invalid`, with InfluxDB's message, for a permission in another organization than the token's own. */
export function requireOneOrganization(permissions: readonly Permission[], orgID: ID): void {
  const foreign = permissions.find(({ resource }) => resource.orgID !== undefined && resource.orgID !== orgID)
  if (foreign) throw invalid(`permission ${formatPermission(foreign)} is not for org id ${orgID}`)
}

/** Resource types whose `write` lets the holder grant or extend access. */
const KEEPERS = ['authorizations', 'users', 'orgs', 'instance']

/**
 * Whether a token is as powerful as an operator or all-access token: it has a permission that is not limited to an
 * organization or an id, or one to write what grants access.
 */
export function isPowerful(permissions: readonly Permission[]): boolean {
  return permissions.some(
    ({ action, resource: { type, id, orgID } }) =>
      (id === undefined && orgID === undefined) || (action === 'write' && KEEPERS.includes(type)),
  )
}
