/** Statements that delete data, or change databases, policies, continuous queries, subscriptions, users and queries. */
import type { Cursor } from './cursor.ts'
import { parseSelect, skipWhere } from './select.ts'
import { parseSources } from './sources.ts'
import type { Statement, StatementName } from './statements.ts'

const OWN_WHOLE = { database: undefined, policy: 'all' } as const

/** After the word DELETE, or DROP SERIES: both delete from every policy of the request's database. */
export function parseDelete(cursor: Cursor, name: 'DELETE' | 'DROP SERIES'): Statement {
  const first = cursor.look()
  if (cursor.takes('FROM') !== undefined) {
    const named = parseSources(cursor, false).some(({ database, policy }) => database ?? policy)
    if (named)
      throw cursor.refusal(
        `a database or policy in ${name}; it deletes in the database of the request`,
        first,
      )
  } else if (first.text !== 'WHERE') throw cursor.unexpected(first, 'FROM or WHERE')
  skipWhere(cursor)
  return { name, reads: [], writes: [OWN_WHOLE], manages: [] }
}

/** After the word DROP. */
export function parseDrop(cursor: Cursor): Statement {
  const word = cursor.require(
    ...['CONTINUOUS', 'DATABASE', 'MEASUREMENT', 'RETENTION', 'SERIES', 'SHARD', 'SUBSCRIPTION', 'USER'],
  )
  switch (word) {
    case 'CONTINUOUS':
      cursor.require('QUERY')
      cursor.identifier()
      return managing('DROP CONTINUOUS QUERY', parseOnDatabase(cursor))
    case 'DATABASE':
      return managing('DROP DATABASE', cursor.identifier())
    case 'MEASUREMENT':
      cursor.identifier()
      return managing('DROP MEASUREMENT', undefined)
    case 'RETENTION':
      cursor.require('POLICY')
      return aboutPolicy('DROP RETENTION POLICY', cursor.identifier(), cursor)
    case 'SERIES':
      return parseDelete(cursor, 'DROP SERIES')
    case 'SHARD':
      cursor.integer()
      return plain('DROP SHARD')
    case 'SUBSCRIPTION':
      cursor.identifier()
      parsePolicyOfDatabase(cursor)
      return plain('DROP SUBSCRIPTION')
    default:
      cursor.identifier()
      return plain('DROP USER')
  }
}

/** After the word CREATE. */
export function parseCreate(cursor: Cursor): Statement {
  const word = cursor.require('CONTINUOUS', 'DATABASE', 'RETENTION', 'SUBSCRIPTION', 'USER')
  switch (word) {
    case 'CONTINUOUS':
      return parseContinuousQuery(cursor)
    case 'DATABASE':
      return parseCreateDatabase(cursor)
    case 'RETENTION': {
      cursor.require('POLICY')
      const statement = aboutPolicy('CREATE RETENTION POLICY', cursor.identifier(), cursor)
      cursor.require('DURATION')
      const keeps = parseDuration(cursor)
      cursor.require('REPLICATION')
      cursor.integer()
      skipShardDuration(cursor)
      cursor.takes('DEFAULT')
      return { ...statement, keeps }
    }
    case 'SUBSCRIPTION':
      cursor.identifier()
      parsePolicyOfDatabase(cursor)
      cursor.require('DESTINATIONS')
      cursor.require('ALL', 'ANY')
      do cursor.string()
      while (cursor.takesSymbol(',') !== undefined)
      return plain('CREATE SUBSCRIPTION')
    default:
      cursor.identifier()
      cursor.require('WITH')
      cursor.require('PASSWORD')
      cursor.string()
      if (cursor.takes('WITH') !== undefined) skipAllPrivileges(cursor)
      return plain('CREATE USER')
  }
}

function parseCreateDatabase(cursor: Cursor): Statement {
  const database = cursor.identifier()
  if (cursor.takes('WITH') === undefined) return managing('CREATE DATABASE', database)
  const first = cursor.look()
  let keeps: string | undefined
  if (cursor.takes('DURATION') !== undefined) keeps = parseDuration(cursor)
  if (cursor.takes('REPLICATION') !== undefined) cursor.integer()
  skipShardDuration(cursor)
  if (cursor.takes('NAME') !== undefined) cursor.identifier()
  if (cursor.look().start === first.start)
    throw cursor.unexpected(first, 'DURATION, REPLICATION, SHARD or NAME')
  return { ...managing('CREATE DATABASE', database), keeps }
}

function parseContinuousQuery(cursor: Cursor): Statement {
  cursor.require('QUERY')
  cursor.identifier()
  const database = parseOnDatabase(cursor)
  if (cursor.takes('RESAMPLE') !== undefined) {
    const first = cursor.look()
    if (cursor.takes('EVERY') !== undefined) cursor.duration()
    if (cursor.takes('FOR') !== undefined) cursor.duration()
    if (cursor.look().start === first.start) throw cursor.unexpected(first, 'EVERY or FOR')
  }
  cursor.require('BEGIN')
  cursor.require('SELECT')
  const { reads, writes } = parseSelect(cursor, 'in-continuous-query')
  cursor.require('END')
  // It runs later, in the database that ON names.
  const here = <T extends { readonly database: string | undefined }>(place: T) => ({
    ...place,
    database: place.database ?? database,
  })
  return {
    ...managing('CREATE CONTINUOUS QUERY', database),
    ...{ reads: reads.map(here), writes: writes.map(here) },
  }
}

/** After the word ALTER. */
export function parseAlter(cursor: Cursor): Statement {
  cursor.require('RETENTION')
  cursor.require('POLICY')
  const policy = cursor.takes('DEFAULT') === undefined ? cursor.identifier() : 'default'
  const statement = aboutPolicy('ALTER RETENTION POLICY', policy, cursor)
  let keeps: string | undefined
  const first = cursor.look()
  const found = new Set<string>()
  for (;;) {
    const token = cursor.look()
    const word = cursor.takes('DURATION', 'REPLICATION', 'SHARD', 'DEFAULT')
    if (word === undefined) break
    if (found.has(word)) throw cursor.refusal(`a second ${word}`, token)
    found.add(word)
    if (word === 'DURATION') keeps = parseDuration(cursor)
    else if (word === 'REPLICATION') cursor.integer()
    else if (word === 'SHARD') {
      cursor.require('DURATION')
      cursor.duration()
    }
  }
  if (found.size === 0) throw cursor.unexpected(first, 'DURATION, REPLICATION, SHARD or DEFAULT')
  return { ...statement, keeps }
}

/** After the word GRANT or REVOKE. */
export function parseGrant(cursor: Cursor, name: 'GRANT' | 'REVOKE'): Statement {
  const right = cursor.require('READ', 'WRITE', 'ALL')
  if (right === 'ALL') cursor.takes('PRIVILEGES')
  const preposition = name === 'GRANT' ? 'TO' : 'FROM'
  if (right !== 'ALL' || cursor.takes(preposition) === undefined) {
    cursor.require('ON')
    cursor.identifier()
    cursor.require(preposition)
  }
  cursor.identifier()
  return plain(name)
}

/** After the word SET. */
export function parseSetPassword(cursor: Cursor): Statement {
  cursor.require('PASSWORD')
  cursor.require('FOR')
  cursor.identifier()
  cursor.requireSymbol('=')
  cursor.string()
  return plain('SET PASSWORD')
}

/** After the word KILL. */
export function parseKill(cursor: Cursor): Statement {
  cursor.require('QUERY')
  cursor.integer()
  if (cursor.takes('ON') !== undefined) cursor.identifier()
  return plain('KILL QUERY')
}

function aboutPolicy(
  name: Extract<Statement['name'], `${string} RETENTION POLICY`>,
  policy: string,
  cursor: Cursor,
): Statement {
  return { ...managing(name, parseOnDatabase(cursor)), policy }
}

/** The duration as it is written, or `INF`. */
function parseDuration(cursor: Cursor): string {
  const { kind, text } = cursor.look()
  cursor.duration()
  return kind === 'duration' ? text : 'INF'
}

function parseOnDatabase(cursor: Cursor): string {
  cursor.require('ON')
  return cursor.identifier()
}

function parsePolicyOfDatabase(cursor: Cursor): void {
  cursor.require('ON')
  cursor.identifier()
  cursor.requireSymbol('.')
  cursor.identifier()
}

function skipShardDuration(cursor: Cursor): void {
  if (cursor.takes('SHARD') === undefined) return
  cursor.require('DURATION')
  cursor.duration()
}

function skipAllPrivileges(cursor: Cursor): void {
  cursor.require('ALL')
  cursor.require('PRIVILEGES')
}

function managing(name: StatementName, database: string | undefined): Statement {
  return { name, reads: [], writes: [], manages: [database] }
}

function plain(name: StatementName): Statement {
  return { name, reads: [], writes: [], manages: [] }
}
