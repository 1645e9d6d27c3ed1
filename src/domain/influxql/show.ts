/** Parses the SHOW statements. */
import type { Cursor } from './cursor.ts'
import { skipGroupBy, skipNumbers, skipOrderBy, skipWhere } from './select.ts'
import { parseSources } from './sources.ts'
import type { DataPlace, Statement, StatementName } from './statements.ts'

/** After the word SHOW. */
export function parseShow(cursor: Cursor): Statement {
  const word = cursor.require(
    ...['CONTINUOUS', 'DATABASES', 'DIAGNOSTICS', 'FIELD', 'GRANTS', 'MEASUREMENT', 'MEASUREMENTS'],
    ...['QUERIES', 'RETENTION', 'SERIES', 'SHARD', 'SHARDS', 'STATS', 'SUBSCRIPTIONS', 'TAG', 'USERS'],
  )
  switch (word) {
    case 'CONTINUOUS':
      cursor.require('QUERIES')
      return plain('SHOW CONTINUOUS QUERIES')
    case 'DIAGNOSTICS':
    case 'STATS':
      if (cursor.takes('FOR') !== undefined) cursor.string()
      return plain(word === 'STATS' ? 'SHOW STATS' : 'SHOW DIAGNOSTICS')
    case 'GRANTS':
      cursor.require('FOR')
      cursor.identifier()
      return plain('SHOW GRANTS')
    case 'RETENTION':
      cursor.require('POLICIES')
      return reading('SHOW RETENTION POLICIES', parseOn(cursor), [])
    case 'SHARD':
      cursor.require('GROUPS')
      return plain('SHOW SHARD GROUPS')
    case 'FIELD':
      if (cursor.takes('KEYS') !== undefined) return schema(cursor, 'SHOW FIELD KEYS', { hasWhere: false })
      cursor.require('KEY')
      return cardinality(cursor, 'SHOW FIELD KEY CARDINALITY')
    case 'MEASUREMENT':
      return cardinality(cursor, 'SHOW MEASUREMENT CARDINALITY')
    case 'MEASUREMENTS':
      return parseShowMeasurements(cursor)
    case 'SERIES':
      return isCardinality(cursor)
        ? cardinality(cursor, 'SHOW SERIES CARDINALITY')
        : schema(cursor, 'SHOW SERIES', { hasWhere: true })
    case 'TAG':
      return parseShowTag(cursor)
    default:
      return plain(`SHOW ${word as 'DATABASES' | 'QUERIES' | 'SHARDS' | 'SUBSCRIPTIONS' | 'USERS'}`)
  }
}

function parseShowTag(cursor: Cursor): Statement {
  const word = cursor.require('KEYS', 'KEY', 'VALUES')
  if (word === 'KEY') return cardinality(cursor, 'SHOW TAG KEY CARDINALITY')
  if (word === 'KEYS') return schema(cursor, 'SHOW TAG KEYS', { hasWhere: true })
  if (isCardinality(cursor)) return cardinality(cursor, 'SHOW TAG VALUES CARDINALITY', { hasKey: true })
  return schema(cursor, 'SHOW TAG VALUES', { hasWhere: true, hasKey: true })
}

function parseShowMeasurements(cursor: Cursor): Statement {
  const on = parseOn(cursor)
  const named: DataPlace[] = []
  if (cursor.takes('WITH') !== undefined) {
    cursor.require('MEASUREMENT')
    const operator = cursor.next()
    if (operator.text !== '=' && operator.text !== '=~') throw cursor.unexpected(operator, '= or =~')
    named.push(...parseSources(cursor, false))
  }
  skipWhere(cursor)
  skipOrderBy(cursor)
  skipNumbers(cursor, 'LIMIT', 'OFFSET')
  return reading('SHOW MEASUREMENTS', on, named)
}

interface Clauses {
  readonly hasWhere?: boolean
  readonly hasKey?: boolean
}

function schema(cursor: Cursor, name: StatementName, { hasWhere, hasKey }: Clauses): Statement {
  const on = parseOn(cursor)
  const named = cursor.takes('FROM') ? parseSources(cursor, false) : []
  if (hasKey) skipKeys(cursor)
  if (hasWhere) skipWhere(cursor)
  skipOrderBy(cursor)
  skipNumbers(cursor, 'LIMIT', 'OFFSET', 'SLIMIT', 'SOFFSET')
  return reading(name, on, named)
}

function isCardinality(cursor: Cursor): boolean {
  return ['EXACT', 'CARDINALITY'].includes(cursor.look().text) && cursor.look().kind === 'keyword'
}

function cardinality(cursor: Cursor, name: StatementName, { hasKey }: Clauses = {}): Statement {
  cursor.takes('EXACT')
  cursor.require('CARDINALITY')
  const on = parseOn(cursor)
  const named = cursor.takes('FROM') ? parseSources(cursor, false) : []
  if (hasKey) skipKeys(cursor)
  skipWhere(cursor)
  skipGroupBy(cursor)
  skipNumbers(cursor, 'LIMIT', 'OFFSET')
  return reading(name, on, named)
}

function skipKeys(cursor: Cursor): void {
  cursor.require('WITH')
  cursor.require('KEY')
  if (cursor.takes('IN') !== undefined) {
    cursor.requireSymbol('(')
    do cursor.identifier()
    while (cursor.takesSymbol(',') !== undefined)
    cursor.requireSymbol(')')
  } else if (cursor.takesSymbol('=', '!=', '<>') !== undefined) cursor.identifier()
  else if (cursor.takesSymbol('=~', '!~') !== undefined) cursor.requireRegex()
  else throw cursor.unexpected(cursor.next(), 'IN, =, !=, =~ or !~')
}

function parseOn(cursor: Cursor): string | undefined {
  return cursor.takes('ON') ? cursor.identifier() || undefined : undefined
}

/**
 * The catalogue of series is kept for a database, whatever the policy. The database of a source without one is, depending
 * on the statement, that of ON or that of the request, so it needs both.
 */
function reading(name: StatementName, on: string | undefined, sources: readonly DataPlace[]): Statement {
  const databases = new Set([
    ...(on === undefined ? [undefined] : [on]),
    ...sources.map(({ database }) => database),
  ])
  const reads = [...databases].map((database): DataPlace => ({ database, policy: 'all' }))
  return { name, reads, writes: [], manages: [], on }
}

function plain(name: StatementName): Statement {
  return { name, reads: [], writes: [], manages: [] }
}
