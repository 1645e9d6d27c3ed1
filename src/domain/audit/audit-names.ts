/** Completes the names of audit events, so that services only give ids. */

import type { ID } from '../base/id.ts'
import type { AuditActor, AuditEvent, AuditStore, AuditTarget } from '../records/audit-event.ts'
import type { AuthorizationStore } from '../records/authorization.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { UserStore } from '../records/user.ts'

/** Where names are looked up. */
export interface NameRecords {
  readonly users: Pick<UserStore, 'byIDs'>
  readonly organizations: Pick<OrganizationStore, 'byIDs'>
  readonly buckets: Pick<BucketStore, 'byIDs'>
  readonly authorizations: Pick<AuthorizationStore, 'byIDs'>
}

type Kind = keyof NameRecords
export type NameField =
  | 'actor.userName'
  | 'actor.authorizationDescription'
  | 'target.name'
  | 'target.userName'
  | 'target.orgName'

interface NameSlot {
  readonly field: NameField
  readonly kind: Kind
  readonly id: ID
  readonly name: string | undefined
}

/**
 * In UTF-16 units. Names are at most this long; of a token's description this much is enough to recognize the token.
 */
export const LONGEST_NAME = 1024
/** The same for counted refusals, which anyone can cause. */
export const LONGEST_COUNTED_NAME = 128

const KINDS = ['users', 'organizations', 'buckets', 'authorizations'] as const
const KIND_OF_TARGET: Readonly<Record<string, Kind>> = {
  user: 'users',
  organization: 'organizations',
  bucket: 'buckets',
  authorization: 'authorizations',
}

type Nameable = Pick<AuditEvent, 'actor' | 'target'>

/** Every field of an event that holds a name, beside the id whose name it is. */
export function nameSlots({ actor, target }: Nameable): NameSlot[] {
  const targetKind = KIND_OF_TARGET[target.type]
  const slots = [
    ['target.name', targetKind, target.id, target.name],
    ['target.userName', 'users', target.userID, target.userName],
    ['target.orgName', 'organizations', target.orgID, target.orgName],
    ['actor.userName', 'users', actor.userID, actor.userName],
    [
      'actor.authorizationDescription',
      'authorizations',
      actor.authorizationID,
      actor.authorizationDescription,
    ],
  ] as const
  return slots.flatMap(([field, kind, id, name]) => (kind && id ? [{ field, kind, id, name }] : []))
}

/** The current record of an id. */
interface Found {
  readonly name: string
  /** The organization of a bucket or token. */
  readonly orgID?: ID | undefined
}

export type FoundNames = (slot: Pick<NameSlot, 'kind' | 'id'>) => Found | undefined

/** Looks up names by kind, with one query for each kind that is asked for. */
export async function lookUpNames(
  slots: readonly Pick<NameSlot, 'kind' | 'id'>[],
  records: NameRecords,
): Promise<FoundNames> {
  const found: Record<Kind, Map<ID, Found>> = {
    users: new Map(),
    organizations: new Map(),
    buckets: new Map(),
    authorizations: new Map(),
  }
  for (const kind of KINDS) {
    const ids = [...new Set(slots.filter((slot) => slot.kind === kind).map(({ id }) => id))]
    if (ids.length === 0) continue
    for (const each of await records[kind].byIDs(ids)) {
      const name = 'hashedToken' in each ? each.description : each.name
      found[kind].set(each.id, { name, orgID: 'orgID' in each ? each.orgID : undefined })
    }
  }
  return ({ kind, id }) => found[kind].get(id)
}

/**
 * Fills in every name that is known: from the event, else from another of these events (which names what is being
 * deleted), else from the records. A reference without a name anywhere keeps only its id.
 */
export async function withNames<E extends Nameable>(
  events: readonly E[],
  records: NameRecords,
  longest = LONGEST_NAME,
): Promise<E[]> {
  const said = new Map<string, Found>()
  const slots = events.flatMap(nameSlots)
  for (const { kind, id, name } of slots) {
    const key = `${kind} ${id}`
    if (name !== undefined && !said.has(key)) said.set(key, { name })
  }
  const missing = slots.filter(({ kind, id, name }) => name === undefined && !said.has(`${kind} ${id}`))
  const found = await lookUpNames(missing, records)
  const names: FoundNames = (slot) => said.get(`${slot.kind} ${slot.id}`) ?? found(slot)
  return events.map((event) => withShortNames(filled(event, names), longest))
}

/** The event with the names that it lacks, as far as they are found. */
export function filled<E extends Nameable>(event: E, found: FoundNames): E {
  const actor: Mutable<AuditActor> = { ...event.actor }
  const target: Mutable<AuditTarget> = { ...event.target }
  for (const slot of nameSlots(event)) {
    const hit = slot.name === undefined ? found(slot) : undefined
    if (hit === undefined) continue
    const { name, orgID } = hit
    if (slot.field === 'actor.userName') actor.userName = name
    else if (slot.field === 'target.userName') target.userName = name
    else if (slot.field === 'target.orgName') target.orgName = name
    else if (slot.field === 'target.name') target.name = name
    else Object.assign(actor, { authorizationDescription: name, authorizationOrgID: orgID })
  }
  return { ...event, actor, target }
}

/** The event with every name cut to `most` UTF-16 units, never within a character. */
export function withShortNames<E extends Nameable>(event: E, longest: number): E {
  const cut = (name: string | undefined) =>
    name === undefined || name.length <= longest
      ? name
      : name.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  const { actor, target } = event
  return {
    ...event,
    actor: {
      ...actor,
      userName: cut(actor.userName),
      authorizationDescription: cut(actor.authorizationDescription),
    },
    target: {
      ...target,
      name: cut(target.name),
      userName: cut(target.userName),
      orgName: cut(target.orgName),
    },
  }
}

/**
 * Writes events with their names and returns them with the names. The names are read before, outside any transaction.
 */
export function appendNamed(deps: {
  records: NameRecords
  append: AuditStore['append']
}): (events: readonly AuditEvent[]) => Promise<AuditEvent[]> {
  return async (events) => {
    const named = await withNames(events, deps.records, LONGEST_COUNTED_NAME)
    await deps.append(named)
    return named
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
