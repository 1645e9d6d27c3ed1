/**
 * How a session is written in Redis: named fields, and a MAC over all but those that use moves. A field that a later
 * version adds is covered without more, and a node that does not know it passes over it.
 */
import type { Id } from '../../domain/id.ts'
import type { Session } from '../../domain/sessions/session.ts'

/** By name, as Redis holds them. */
export type RecordFields = Readonly<Record<string, string>>

/** What scripts move in Redis, where the key of the MAC is not. A node holds them against what is covered. */
const MOVED: ReadonlySet<string> = new Set(['used', 'expires', 'cookieSent'])
const MAC = 'mac'

/** Nodes' clocks may differ, so a session may be used before it began. */
const CLOCKS_DIFFER_MS = 60_000

/**
 * The fields of a session without the MAC. `lastEnd` bounds what use may make of its end.
 *
 * @param lastEnd milliseconds since 1970
 */
export function fieldsOf(session: Session, lastEnd: number): Record<string, string> {
  const fields = {
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
  }
  // Redis is sent UTF-8, which has no lone surrogates: the MAC is of what comes back.
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, String(value).toWellFormed()]),
  )
}

/** The session of fields whose MAC is right; undefined where what is not covered cannot be true. */
export function sessionOf(keyHash: string, fields: RecordFields): Session | undefined {
  const text = (name: string) => fields[name] ?? ''
  const number = (name: string) => (/^\d{1,16}$/.test(text(name)) ? Number(text(name)) : Number.NaN)
  const [createdAt, lastEnd] = [number('created'), number('lastEnd')]
  const [lastUsedAt, cookieSentAt, expiresAt] = [number('used'), number('cookieSent'), number('expires')]
  const isPossible = (at: number) => at >= createdAt - CLOCKS_DIFFER_MS && at <= lastEnd
  if (![lastUsedAt, cookieSentAt, expiresAt].every(isPossible)) return undefined
  return {
    keyHash,
    userID: text('user') as Id,
    orgID: (text('org') || undefined) as Id | undefined,
    ...{ createdAt, lastUsedAt, expiresAt, cookieSentAt },
    address: text('address'),
    userAgent: text('agent'),
    remembered: text('remembered') === '1',
    instanceGeneration: number('instanceGeneration'),
    userGeneration: number('userGeneration'),
  }
}

/**
 * What the MAC is computed of. JSON makes it unambiguous; the order is that of the names, since Redis keeps none. The
 * hash of the key is part of it, so that a record is worth nothing under another.
 */
export function coveredText(keyHash: string, fields: RecordFields): string {
  const covered = ['sluice session', keyHash]
  for (const name of Object.keys(fields).sort()) {
    if (name !== MAC && !MOVED.has(name)) covered.push(name, fields[name] ?? '')
  }
  return JSON.stringify(covered)
}

export const macOf = (fields: RecordFields): string => fields[MAC] ?? ''

/** As arguments of a script: names and values in turn. */
export function written(fields: RecordFields, mac: string): string[] {
  return [...Object.entries(fields).flat(), MAC, mac]
}

/** The fields of what a script answers, names and values in turn; those that come later replace the earlier. */
export function fieldsFrom(...answers: readonly (readonly string[])[]): RecordFields {
  // Without a prototype: the names are whatever is written in Redis.
  const fields: Record<string, string> = Object.create(null)
  for (const answer of answers) {
    for (let at = 0; at < answer.length; at += 2) fields[answer[at] ?? ''] = answer[at + 1] ?? ''
  }
  return fields
}
