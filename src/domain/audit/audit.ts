import { isOperator, may, type Principal } from '../access/principal.ts'
import { invalid, unauthorized } from '../base/errors.ts'
import { foldCase } from '../base/fold-case.ts'
import type { ID } from '../base/id.ts'
import { ALL, searchedPage, visiblePage } from '../base/paging.ts'
import { requireTime } from '../base/time.ts'
import {
  AUDIT_OUTCOMES,
  type AuditEvent,
  type AuditFilter,
  type AuditPage,
  type AuditStore,
} from '../records/audit-event.ts'
import type { MembershipStore } from '../records/membership.ts'
import { ACTIONS, permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'
import { AUDIT_KINDS } from './audit-kinds.ts'
import type { FoundEvent, WithCurrentNames } from './current-names.ts'
import type { AuditBatches } from './refusal-batches.ts'

export interface AuditQuery extends Omit<AuditFilter, 'orgIDs'> {
  /**
   * Part of a name, an address, a user agent or an id, ignoring case. Names are matched as recorded; for operators
   * also users' current names.
   */
  readonly search?: string | undefined
}

export interface FoundEvents {
  readonly events: FoundEvent[]
  /**
   * The event after which to continue; undefined at the end. A search may return no events and still have more to
   * look at.
   */
  readonly next: ID | undefined
}

export interface Audit {
  /**
   * Lists the events that the principal may read: an operator all of them, an owner those of the organizations that
   * the user owns. Others get `unauthorized`, never an empty list. An owner does not see the description of a token
   * of another organization, and for events without names sees only current names that the owner may read anyway.
   * Throws `invalid` for an event or an outcome that there is not.
   */
  list(principal: Principal, query: AuditQuery, page: AuditPage): Promise<FoundEvents>
}

/** How many events one search looks at; the next page goes on from there. */
const MOST_SEARCHED = 50_000

export function createAudit(deps: {
  audit: Pick<AuditStore, 'list'>
  memberships: Pick<MembershipStore, 'ofUser'>
  users: Pick<UserStore, 'list'>
  withCurrentNames: WithCurrentNames
  batches: Pick<AuditBatches, 'flush'>
  mostSearched?: number
}): Audit {
  const { mostSearched = MOST_SEARCHED } = deps

  /** The organizations that the user owns and that this principal may write. */
  async function ownedBy(principal: Principal): Promise<ID[]> {
    const held = await deps.memberships.ofUser(principal.user.id)
    return held
      .filter(({ role, resourceType }) => role === 'owner' && resourceType === 'orgs')
      .map(({ resourceID }) => resourceID)
      .filter((id) => ACTIONS.every((action) => may(principal, permission(action, 'orgs', { id }))))
  }

  /** Users whose current names contain the text; events have the names of their time. */
  async function usersCalled(wanted: string): Promise<Set<ID>> {
    const isCalled = ({ name }: User) => foldCase(name).includes(wanted)
    const users = await visiblePage((page) => deps.users.list(page), isCalled, ALL)
    return new Set(users.map(({ id }) => id))
  }

  return {
    async list(principal, { search: text = '', ...filter }, page) {
      const operator = isOperator(principal, 'read')
      const limited = operator ? undefined : await ownedBy(principal)
      if (limited?.length === 0) throw unauthorized('missing-permission', 'read:instance is unauthorized')
      requireKnown('event', filter.event, Object.keys(AUDIT_KINDS))
      requireKnown('outcome', filter.outcome, AUDIT_OUTCOMES)
      const times = { start: timeOf('start', filter.start), stop: timeOf('stop', filter.stop) }
      const readable = { ...filter, ...times, ...(limited ? { orgIDs: limited } : {}) }
      await deps.batches.flush()
      const read = async (each: AuditPage) =>
        (await deps.audit.list(readable, each)).map((event) => (limited ? redacted(event, limited) : event))
      const wanted = foldCase(text.trim())
      if (wanted !== '') {
        const users = operator ? await usersCalled(wanted) : new Set<ID>()
        const { found, next } = await searchedPage(
          read,
          (event) => holds(event, wanted, users),
          page,
          mostSearched,
        )
        return { events: await deps.withCurrentNames(found, limited), next }
      }
      const events = await read(page)
      return {
        events: await deps.withCurrentNames(events, limited),
        next: events.length === page.limit ? events.at(-1)?.id : undefined,
      }
    },
  }
}

/** Hides the description of a token of another organization, even if the token acted in this one. */
function redacted(event: AuditEvent, orgIDs: readonly ID[]): AuditEvent {
  const { authorizationDescription, authorizationOrgID, ...actor } = event.actor
  if (authorizationOrgID !== undefined && orgIDs.includes(authorizationOrgID)) return event
  return { ...event, actor }
}

function holds({ id, actor, target, ...event }: AuditEvent, wanted: string, users: ReadonlySet<ID>): boolean {
  const concerned = [actor.userID, target.userID, target.type === 'user' ? target.id : undefined]
  if (concerned.some((each) => each !== undefined && users.has(each))) return true
  const ids = [
    id,
    actor.userID,
    actor.sessionID,
    actor.authorizationID,
    target.id,
    target.userID,
    target.orgID,
  ]
  const names = [actor.userName, actor.authorizationDescription, target.name, target.userName, target.orgName]
  const texts = [...names, event.address, event.userAgent, event.requestId, event.event, ...ids]
  return texts.some((each) => each !== undefined && foldCase(each).includes(wanted))
}

/** A slip in a filter must not read as "nothing happened". */
function requireKnown(name: string, given: string | undefined, known: readonly string[]): void {
  if (given === undefined || known.includes(given)) return
  throw invalid(`${name} must be one of ${known.join(', ')}`)
}

/** Writes a time in the form that events use, so that comparing text compares times. */
function timeOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return new Date(requireTime(name, text)).toISOString()
}
