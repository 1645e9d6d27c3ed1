/**
 * How a session is written in Redis: a hash of named fields, and a MAC over all of them but those that use moves. Scripts
 * and nodes know a field by its name alone; in which place scripts answer it follows from `NAMES`.
 *
 * A later version that covers one more field writes a second MAC for itself, beside this one, which the nodes of this
 * version go on checking while nodes are upgraded one by one.
 */
import type { ID } from '../../../domain/base/id.ts'
import type { Session } from '../../../domain/records/session.ts'
import { readDetails, writeDetails } from '../../shared/session-details.ts'

/** The fields that use does not change. The MAC depends on their order, so it must not change. */
const COVERED = [
  ...(['user', 'org', 'created', 'address', 'agent', 'remembered'] as const),
  ...(['instanceGeneration', 'userGeneration', 'lastEnd', 'details'] as const),
] as const
/**
 * The fields that scripts in Redis change; Redis has no key for the MAC. Nodes check them against the covered fields.
 */
const MOVED = ['used', 'expires', 'cookieSent'] as const
const NAMES = [...COVERED, ...MOVED, 'mac'] as const

type Name = (typeof NAMES)[number]

/** The fields of a session as a script returns them, in the order of `NAMES`; further values follow. */
export type RecordValues = readonly (string | null)[]

const PLACES = Object.fromEntries(NAMES.map((name, at) => [name, at])) as Readonly<Record<Name, number>>

/** For Lua: the arguments of HMGET, and where in its answer, `found`, a field is. */
export const FIELDS_LUA = NAMES.map((name) => `'${name}'`).join(',')
export const fieldLua = (name: Name): string => `found[${PLACES[name] + 1}]`
/** The index of the first further value in a script's answer. */
export const ADDED = NAMES.length
export const addedLua = (index: number): string => `found[${ADDED + 1 + index}]`

/** Nodes' clocks may differ, so a session may be used before it began. */
const CLOCKS_DIFFER_MS = 60_000

/**
 * The values of a session, still without its MAC. `lastEnd` bounds what use may make of its end.
 *
 * @param lastEnd milliseconds since 1970
 */
export function valuesOf(session: Session, lastEnd: number): string[] {
  const fields: Record<Exclude<Name, 'mac'>, string | number> = {
    user: session.userID,
    org: session.orgID ?? '',
    created: session.createdAt,
    used: session.lastUsedAt,
    expires: session.expiresAt,
    lastEnd,
    cookieSent: session.cookieSentAt,
    address: session.address,
    agent: session.userAgent,
    remembered: session.remembered ? 1 : 0,
    instanceGeneration: session.instanceGeneration,
    userGeneration: session.userGeneration,
    details: writeDetails(session),
  }
  // Redis is sent UTF-8, which has no lone surrogates: the MAC is of what comes back.
  return [...COVERED, ...MOVED].map((name) => String(fields[name]).toWellFormed())
}

/** The record as arguments of HSET: names and values in turn. */
export function written(values: readonly string[], mac: string): string[] {
  return NAMES.flatMap((name, at) => [name, values[at] ?? mac])
}

/**
 * The text that the MAC covers. JSON makes it unambiguous. It includes the hash of the key, so that a record is
 * worthless under another key.
 */
export function coveredText(keyHash: string, values: RecordValues): string {
  return JSON.stringify(['sluice session 1', keyHash, ...values.slice(0, COVERED.length)])
}

export const macOf = (values: RecordValues): string => values[PLACES.mac] ?? ''

/** Builds the session from values with a valid MAC; undefined if a field that the MAC does not cover is impossible. */
export function sessionOf(keyHash: string, values: RecordValues): Session | undefined {
  const text = (name: Name) => values[PLACES[name]] ?? ''
  const number = (name: Name) => (/^\d{1,16}$/.test(text(name)) ? Number(text(name)) : Number.NaN)
  const [createdAt, lastEnd] = [number('created'), number('lastEnd')]
  const [lastUsedAt, cookieSentAt, expiresAt] = [number('used'), number('cookieSent'), number('expires')]
  const isPossible = (at: number) => at >= createdAt - CLOCKS_DIFFER_MS && at <= lastEnd
  if (!isPossible(lastUsedAt) || !isPossible(cookieSentAt) || !isPossible(expiresAt)) return undefined
  return {
    keyHash,
    userID: text('user') as ID,
    orgID: (text('org') || undefined) as ID | undefined,
    createdAt,
    lastUsedAt,
    expiresAt,
    cookieSentAt,
    address: text('address'),
    userAgent: text('agent'),
    remembered: text('remembered') === '1',
    instanceGeneration: number('instanceGeneration'),
    userGeneration: number('userGeneration'),
    ...readDetails(text('details'), createdAt),
  }
}
