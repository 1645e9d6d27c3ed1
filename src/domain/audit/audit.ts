import { invalid, unauthorized } from '../errors.ts'
import type { Id } from '../id.ts'
import type { MembershipStore } from '../memberships/membership.ts'
import { permission } from '../permissions/permission.ts'
import { isOperator, may, type Principal } from '../principals/principal.ts'
import type { AuditBatches } from './audit-batches.ts'
import type { AuditEvent, AuditFilter, AuditPage, AuditStore } from './audit-event.ts'

export interface Audit {
  /**
   * What the principal may read of the audit log: an operator all of it, an owner what lies in the
   * organizations that it owns. Others get `unauthorized`, never an empty list.
   */
  list(principal: Principal, filter: Omit<AuditFilter, 'orgIDs'>, page: AuditPage): Promise<AuditEvent[]>
}

export function createAudit(deps: {
  audit: Pick<AuditStore, 'list'>
  memberships: Pick<MembershipStore, 'ofUser'>
  batches: Pick<AuditBatches, 'flush'>
}): Audit {
  /** The organizations that the user owns and that this principal may write. */
  async function ownedBy(principal: Principal): Promise<Id[]> {
    const held = await deps.memberships.ofUser(principal.user.id)
    return held
      .filter(({ role, resourceType }) => role === 'owner' && resourceType === 'orgs')
      .map(({ resourceID }) => resourceID)
      .filter((id) => may(principal, permission('write', 'orgs', { id })))
  }

  return {
    async list(principal, filter, page) {
      const limited = isOperator(principal, 'read') ? undefined : await ownedBy(principal)
      if (limited?.length === 0) throw unauthorized('read:instance is unauthorized')
      const times = { start: timeOf('start', filter.start), stop: timeOf('stop', filter.stop) }
      await deps.batches.flush()
      return deps.audit.list({ ...filter, ...times, ...(limited ? { orgIDs: limited } : {}) }, page)
    },
  }
}

/** A time in the one form in which events have theirs, so that text order is the order of time. */
function timeOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw invalid(`${name} must be a time such as 2030-01-31T12:00:00Z (RFC 3339)`)
  return new Date(ms).toISOString()
}
