/**
 * How a session is written in Redis: a hash of named fields, and a MAC over all of them but those that use moves. Scripts
 * and nodes know a field by its name alone; in which place scripts answer it follows from `NAMES`.
 *
 * A later version that covers one more field writes a second MAC for itself, beside this one, which the nodes of this
 * version go on checking while nodes are upgraded one by one.
 */
import type { ID } from '../../../domain/base/id.ts'
import type { Session } from '../../../domain/records/session.ts'
import { readDetails, writeDetails } from '../../session-details.ts'

/** What no use moves. Their order is that of the MAC, so it stays. */
const COVERED = [
  ...(['user', 'org', 'created', 'address', 'agent', 'remembered'] as const),
  ...(['instanceGeneration', 'userGeneration', 'lastEnd', 'details'] as const),
] as const
/** What scripts move, in Redis, where the key of the MAC is not. A node holds these against what is covered. */
const MOVED = ['used', 'expires', 'cookieSent'] as const
const NAMES = [...COVERED, ...MOVED, 'mac'] as const

type Name = (typeof NAMES)[number]

/** What a script answers of a session, in the order of `NAMES`; what it adds comes after that. */
export type RecordValues = readonly (string | null)[]

const PLACES = Object.fromEntries(NAMES.map((name, at) => [name, at])) as Readonly<Record<Name, number>>

/** For Lua: the arguments of HMGET, and where in its answer, `found`, a field is. */
export const FIELDS_LUA = NAMES.map((name) => `'${name}'`).join(',')
export const fieldLua = (name: Name): string => `found[${PLACES[name] + 1}]`
/** Where a script adds what it answers besides. */
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

/** As arguments of HSET: names and values in turn. */
export function written(values: readonly string[], mac: string): string[] {
  return NAMES.flatMap((name, at) => [name, values[at] ?? mac])
}

/**
 * What the MAC is of. JSON makes it unambiguous. The hash of the key is part of it, so that a record is worth nothing
 * under another.
 */
export function coveredText(keyHash: string, values: RecordValues): string {
  return JSON.stringify(['sluice session 1', keyHash, ...values.slice(0, COVERED.length)])
}

export const macOf = (values: RecordValues): string => values[PLACES.mac] ?? ''

/** The session of values whose MAC is right; undefined where what is not covered cannot be true. */
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
