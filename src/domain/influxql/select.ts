/** SELECT, and the clauses that other statements share with it. */
import type { Cursor } from './cursor.ts'
import { skipArgument, skipExpression } from './expressions.ts'
import { parseMeasurement, parseSources } from './sources.ts'
import type { DataPlace } from './statements.ts'

export interface Select {
  readonly reads: readonly DataPlace[]
  readonly writes: readonly DataPlace[]
}

/** After the word SELECT. A subquery writes nowhere. */
export function parseSelect(cursor: Cursor, where: 'alone' | 'in-subquery' | 'in-continuous-query'): Select {
  skipFields(cursor)
  const into = cursor.look()
  const writes = cursor.takes('INTO') ? [parseTarget(cursor)] : []
  if (writes.length > 0 && where === 'in-subquery') throw cursor.refusal('INTO in a subquery', into)
  if (writes.length === 0 && where === 'in-continuous-query') throw cursor.unexpected(into, 'INTO')
  cursor.require('FROM')
  const reads = parseSources(cursor, true)
  skipWhere(cursor)
  skipGroupBy(cursor)
  skipCallOf(cursor, 'fill')
  skipOrderBy(cursor)
  skipNumbers(cursor, 'LIMIT', 'OFFSET', 'SLIMIT', 'SOFFSET')
  skipCallOf(cursor, 'tz')
  return { reads, writes }
}

function skipFields(cursor: Cursor): void {
  do {
    skipArgument(cursor)
    if (cursor.takes('AS') !== undefined) cursor.identifier()
  } while (cursor.takesSymbol(',') !== undefined)
}

function parseTarget(cursor: Cursor): DataPlace {
  // Without a database and policy before it, the source's name needs quotes or a point: InfluxDB takes no other.
  return parseMeasurement(cursor, 'target')
}

export function skipWhere(cursor: Cursor): void {
  if (cursor.takes('WHERE') !== undefined) skipExpression(cursor)
}

export function skipGroupBy(cursor: Cursor): void {
  if (cursor.takes('GROUP') === undefined) return
  cursor.require('BY')
  do skipArgument(cursor)
  while (cursor.takesSymbol(',') !== undefined)
}

/** `fill(...)` and `tz(...)`, which are no keywords. */
function skipCallOf(cursor: Cursor, name: string): void {
  const { kind, text } = cursor.look()
  if (kind === 'identifier' && text.toLowerCase() === name) skipExpression(cursor)
}

export function skipOrderBy(cursor: Cursor): void {
  if (cursor.takes('ORDER') === undefined) return
  cursor.require('BY')
  if (cursor.takes('ASC', 'DESC') !== undefined) return
  cursor.identifier()
  cursor.takes('ASC', 'DESC')
}

/** Each of these words with its number, in this order, if it is there. */
export function skipNumbers(cursor: Cursor, ...words: readonly string[]): void {
  for (const word of words) {
    if (cursor.takes(word) !== undefined) cursor.integer()
  }
}
