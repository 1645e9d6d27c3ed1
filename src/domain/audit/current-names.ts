/** Current names for events that were written without names: before migration 0007, or by nodes that do not know it. */
import type { ID } from '../base/id.ts'
import type { AuditEvent } from '../records/audit-event.ts'
import type { MembershipStore } from '../records/membership.ts'
import {
  type FoundNames,
  filled,
  lookUpNames,
  type NameField,
  type NameRecords,
  nameSlots,
} from './audit-names.ts'

export interface FoundEvent extends AuditEvent {
  /** The fields whose names the event lacked, which hold current names instead. */
  readonly currentNames?: readonly NameField[]
}

/** `limited` are the organizations of an owner, who gets no name that it may not read there now. */
export type WithCurrentNames = (
  events: readonly AuditEvent[],
  limited: readonly ID[] | undefined,
) => Promise<FoundEvent[]>

export function createCurrentNames(
  deps: NameRecords & { memberships: Pick<MembershipStore, 'ofResource'> },
): WithCurrentNames {
  async function membersOf(orgIDs: readonly ID[]): Promise<ReadonlySet<ID>> {
    const members = new Set<ID>()
    for (const orgID of orgIDs) {
      for (const { userID } of await deps.memberships.ofResource(orgID)) members.add(userID)
    }
    return members
  }

  return async (events, limited) => {
    const missing = events.flatMap(nameSlots).filter(({ name }) => name === undefined)
    if (missing.length === 0) return [...events]
    const found = await lookUpNames(missing, deps)
    const asksUsers = missing.some(({ kind }) => kind === 'users')
    const members = limited && asksUsers ? await membersOf(limited) : new Set()
    const names: FoundNames = (slot) => {
      const hit = found(slot)
      if (!limited || !hit) return hit
      if (slot.kind === 'users') return members.has(slot.id) ? hit : undefined
      const orgID = slot.kind === 'organizations' ? slot.id : hit.orgID
      return orgID !== undefined && limited.includes(orgID) ? hit : undefined
    }
    return events.map((event) => {
      const lacking = nameSlots(event).filter((slot) => slot.name === undefined && names(slot))
      if (lacking.length === 0) return event
      return { ...filled(event, names), currentNames: lacking.map(({ field }) => field) }
    })
  }
}
