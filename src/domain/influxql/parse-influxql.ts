/**
 * Reads InfluxQL of InfluxDB 1.x: what each statement reads, writes and manages. The grammar is that of
 * influxdata/influxql, parser.go, as far as both 1.6 and later versions have it.
 */

import { invalid } from '../base/errors.ts'
import {
  parseAlter,
  parseCreate,
  parseDelete,
  parseDrop,
  parseGrant,
  parseKill,
  parseSetPassword,
} from './administration.ts'
import { Cursor } from './cursor.ts'
import { parseSelect } from './select.ts'
import { parseShow } from './show.ts'
import type { Statement } from './statements.ts'

/** A request with more statements is refused. */
const MOST_STATEMENTS = 1000
/** And one that is longer: to read it would keep this server from others. */
const LONGEST = 262_144

/**
 * The statements of a query, in their order; none for an empty one. Throws `invalid`, with line and column, for what
 * is not parsed.
 */
export function parseInfluxql(text: string): Statement[] {
  if (text.length > LONGEST) throw invalid(`InfluxQL: a request is longer than ${LONGEST} characters`)
  const cursor = new Cursor(text)
  const statements: Statement[] = []
  let isSeparated = true
  for (;;) {
    const token = cursor.next()
    if (token.kind === 'end') return statements
    if (token.kind === 'symbol' && token.text === ';') {
      isSeparated = true
      continue
    }
    if (!isSeparated) throw cursor.unexpected(token, ';')
    if (statements.length >= MOST_STATEMENTS) throw cursor.refusal('too many statements', token)
    cursor.unread(token)
    statements.push(parseStatement(cursor))
    isSeparated = false
  }
}

function parseStatement(cursor: Cursor): Statement {
  const word = cursor.require(
    ...['SELECT', 'DELETE', 'SHOW', 'CREATE', 'DROP', 'EXPLAIN', 'GRANT', 'REVOKE', 'ALTER', 'SET', 'KILL'],
  )
  switch (word) {
    case 'SELECT': {
      const { reads, writes } = parseSelect(cursor, 'alone')
      return { name: writes.length > 0 ? 'SELECT INTO' : 'SELECT', reads, writes, manages: [] }
    }
    case 'EXPLAIN': {
      const isAnalyzed = cursor.takes('ANALYZE') !== undefined
      cursor.require('SELECT')
      const { reads, writes } = parseSelect(cursor, 'alone')
      const name = isAnalyzed ? 'EXPLAIN ANALYZE' : 'EXPLAIN'
      return { name: writes.length > 0 ? 'EXPLAIN SELECT INTO' : name, reads, writes, manages: [] }
    }
    case 'DELETE':
      return parseDelete(cursor, 'DELETE')
    case 'SHOW':
      return parseShow(cursor)
    case 'CREATE':
      return parseCreate(cursor)
    case 'DROP':
      return parseDrop(cursor)
    case 'ALTER':
      return parseAlter(cursor)
    case 'SET':
      return parseSetPassword(cursor)
    case 'KILL':
      return parseKill(cursor)
    default:
      return parseGrant(cursor, word as 'GRANT' | 'REVOKE')
  }
}
