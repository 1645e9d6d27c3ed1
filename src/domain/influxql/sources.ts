/** What stands after FROM and INTO. */
import type { Cursor } from './cursor.ts'
import { parseSelect, type Select } from './select.ts'
import type { DataPlace } from './statements.ts'

/** The places of a list of sources, those of subqueries too. */
export function parseSources(cursor: Cursor, mayHaveSubqueries: boolean): DataPlace[] {
  const places: DataPlace[] = []
  do places.push(...parseSource(cursor, mayHaveSubqueries))
  while (cursor.takesSymbol(',') !== undefined)
  return places
}

function parseSource(cursor: Cursor, mayBeSubquery: boolean): readonly DataPlace[] {
  if (cursor.regex()) return [{ database: undefined, policy: undefined }]
  if (mayBeSubquery && cursor.takesSymbol('(') !== undefined) {
    return cursor.deeper(() => {
      cursor.require('SELECT')
      const select: Select = parseSelect(cursor, 'in-subquery')
      cursor.requireSymbol(')')
      return select.reads
    })
  }
  return [parseMeasurement(cursor, 'source')]
}

/** What the last part of a measurement may be beside a name: a regular expression or, of a target, the source's name. */
type LastPart = 'source' | 'target'

/** `measurement`, `policy.measurement` or `database.policy.measurement`; empty parts are the request's. */
export function parseMeasurement(cursor: Cursor, kind: LastPart): DataPlace {
  const first = cursor.look()
  const parts = [cursor.identifier()]
  let isNamed = true
  while (cursor.peek() === '.') {
    cursor.requireSymbol('.')
    const char = cursor.peek()
    if (char === '.') parts.push('')
    else if (char === '/' && kind === 'source') {
      cursor.requireRegex()
      isNamed = false
      break
    } else if (char === ':' && kind === 'target') {
      cursor.requireSymbol(':')
      cursor.require('MEASUREMENT')
      isNamed = false
      break
    } else parts.push(cursor.identifier())
  }
  const most = isNamed ? 3 : 2
  if (parts.length > most) throw cursor.refusal('a measurement with too many parts', first)
  const [policy, database] = (isNamed ? parts.slice(0, -1) : parts).toReversed()
  return { database: database || undefined, policy: policy || undefined }
}
