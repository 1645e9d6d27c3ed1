/** In which row of a minute a refused event is counted, so that rows stay bounded. */
import { addressKey } from '../base/address-key.ts'
import type { AuditEvent, AuditOutcome } from '../records/audit-event.ts'
import { LONGEST_COUNTED_NAME, withShortNames } from './audit-names.ts'

/** What is counted rather than written one by one. */
export type RefusedEvent = Pick<
  AuditEvent,
  'event' | 'actor' | 'target' | 'address' | 'userAgent' | 'requestId'
> & { readonly outcome: Exclude<AuditOutcome, 'success' | 'failed'> }

export interface RowChoice {
  /** Within a minute, events with the same key are counted in the same row. */
  readonly key: string
  /** The event that a new row begins with. */
  readonly about: RefusedEvent
}

/**
 * In one minute, at most this many rows of the audit log name user and route of refusals from one address; further
 * ones are counted in a row for the address alone.
 */
export const MOST_OF_ADDRESS = 20
/** How many new rows there may be at once, and how many more per minute, however long an attack lasts. */
export const BURST = 200
export const EACH_MINUTE = 10

/**
 * The rows that a refused event may be counted in, the most exact first: of its user and route, of its address
 * (an IPv6 one by its /64, as guesses are counted), of its kind alone.
 */
export function rowsOf(refused: RefusedEvent): readonly [RowChoice, RowChoice, RowChoice] {
  const { event, outcome, actor, target, userAgent, requestId } = refused
  const address = addressKey(refused.address)
  const kind = `${event} ${outcome}`
  // Refusals of several sessions of one user share a row, which names the first session.
  const id = target.type === 'session' ? undefined : target.id
  const route = target.type === 'route' ? target.name : undefined
  const about = { event, outcome, requestId, actor: {}, target: { type: target.type } }
  return [
    {
      key: [kind, actor.userID ?? actor.userName, target.type, id, route, target.orgID, address].join(' '),
      about: { ...withShortNames(refused, LONGEST_COUNTED_NAME), address },
    },
    { key: `${kind} ${address}`, about: { ...about, address, userAgent } },
    { key: kind, about: { ...about, address: 'many', userAgent: '' } },
  ]
}

/** Limits how many new rows are written over time. */
export function createRowBudget(): { take(minute: number): boolean } {
  let left = BURST
  let last = 0
  return {
    take(minute) {
      left = Math.min(BURST, left + Math.max(minute - last, 0) * EACH_MINUTE)
      last = minute
      if (left === 0) return false
      left -= 1
      return true
    },
  }
}
