/** Statements of InfluxQL: those that InfluxDB 2 answers, and its refusal of all others. */
import { type Word, WordReader } from './influxql-lexer.ts'

export interface Source {
  readonly database: string | undefined
  readonly rp: string | undefined
  readonly measurement: string
}

export type Statement =
  | { readonly kind: 'select'; readonly columns: readonly string[]; readonly sources: readonly Source[] }
  | { readonly kind: 'databases' }
  | { readonly kind: 'policies'; readonly on: string | undefined }
  | { readonly kind: 'measurements'; readonly on: string | undefined }
  | {
      readonly kind: 'tag keys' | 'field keys' | 'tag values'
      readonly on: string | undefined
      readonly sources: readonly Source[]
      /** Of `tag values`. */
      readonly key?: string
    }
  | { readonly kind: 'delete'; readonly command: string; readonly sources: readonly Source[] }
  | { readonly kind: 'not implemented'; readonly name: string }

/** Longest first, because the first that matches is named in the answer. */
const NOT_IMPLEMENTED = [
  'SHOW CONTINUOUS QUERIES',
  'SHOW MEASUREMENT CARDINALITY',
  'SHOW SERIES CARDINALITY',
  'SHOW SHARD GROUPS',
  'SHOW SHARDS',
  'SHOW DIAGNOSTICS',
  'SHOW GRANTS',
  'SHOW STATS',
  'SHOW SUBSCRIPTIONS',
  'SHOW USERS',
  'SHOW QUERIES',
  'CREATE CONTINUOUS QUERY',
  'CREATE RETENTION POLICY',
  'CREATE DATABASE',
  'CREATE SUBSCRIPTION',
  'CREATE USER',
  'DROP CONTINUOUS QUERY',
  'DROP RETENTION POLICY',
  'DROP DATABASE',
  'DROP SERIES',
  'DROP SHARD',
  'DROP SUBSCRIPTION',
  'DROP USER',
  'ALTER RETENTION POLICY',
  'GRANT',
  'REVOKE',
  'SET PASSWORD',
  'KILL QUERY',
]

const STARTS = 'SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL'

/** The statement, or the reason why it is none. */
export function parseStatement(words: readonly Word[]): Statement | { readonly error: string } {
  const reader = new WordReader(words)
  const other = NOT_IMPLEMENTED.find((name) => reader.takes(...name.split(' ')))
  if (other) return { kind: 'not implemented', name: other === 'KILL QUERY' ? 'SHOW QUERIES' : other }
  reader.takes('EXPLAIN', 'ANALYZE') || reader.takes('EXPLAIN')
  if (reader.takes('SELECT')) return parseSelect(reader)
  if (reader.takes('SHOW', 'DATABASES')) return { kind: 'databases' }
  if (reader.takes('SHOW', 'RETENTION', 'POLICIES')) return { kind: 'policies', on: parseOn(reader) }
  if (reader.takes('SHOW', 'MEASUREMENTS')) return { kind: 'measurements', on: parseOn(reader) }
  if (reader.takes('SHOW', 'TAG', 'KEYS')) return { kind: 'tag keys', ...parseOnAndFrom(reader) }
  if (reader.takes('SHOW', 'FIELD', 'KEYS')) return { kind: 'field keys', ...parseOnAndFrom(reader) }
  if (reader.takes('SHOW', 'TAG', 'VALUES')) {
    const place = parseOnAndFrom(reader)
    if (!reader.skipsTo('KEY') || !reader.takes('=')) return { error: 'found EOF, expected WITH' }
    return { kind: 'tag values', ...place, key: reader.take()?.text ?? '' }
  }
  if (reader.takes('DELETE', 'FROM'))
    return { kind: 'delete', command: 'DELETE', sources: parseSources(reader) }
  if (reader.takes('DROP', 'MEASUREMENT')) {
    return { kind: 'delete', command: 'DROP MEASUREMENT', sources: parseSources(reader) }
  }
  return { error: `found ${reader.next?.text ?? 'EOF'}, expected ${STARTS} at line 1, char 1` }
}

function parseSelect(reader: WordReader): Statement | { readonly error: string } {
  const columns: string[] = []
  let column = ''
  let depth = 0
  for (; ; reader.take()) {
    const word = reader.next
    if (!word) return { error: 'found EOF, expected FROM' }
    if (depth === 0 && reader.takes('INTO')) return { kind: 'not implemented', name: 'SELECT INTO' }
    if (depth === 0 && reader.takes('FROM')) break
    if (word.text === '(') depth++
    if (word.text === ')') depth--
    if (word.text === ',' && depth === 0) {
      columns.push(column)
      column = ''
    } else {
      column += word.text
    }
  }
  columns.push(column)
  return { kind: 'select', columns, sources: parseSources(reader) }
}

function parseOn(reader: WordReader): string | undefined {
  return reader.takes('ON') ? reader.take()?.text : undefined
}

function parseOnAndFrom(reader: WordReader) {
  const on = parseOn(reader)
  return { on, sources: reader.takes('FROM') ? parseSources(reader) : [] }
}

/** Sources of nested selects stand beside the outer ones: all must be allowed. */
function parseSources(reader: WordReader): Source[] {
  const sources: Source[] = []
  do {
    if (reader.takes('(')) {
      reader.takes('SELECT')
      if (reader.skipsTo('FROM')) sources.push(...parseSources(reader))
      reader.skipsTo(')')
      reader.takes(')')
    } else {
      sources.push(parseSource(reader))
    }
  } while (reader.takes(','))
  return sources
}

/** `m`, `rp.m`, `db.rp.m` or `db..m`. */
function parseSource(reader: WordReader): Source {
  const parts: string[] = [reader.take()?.text ?? '']
  while (reader.takes('.')) {
    parts.push(reader.next?.text === '.' ? '' : (reader.take()?.text ?? ''))
  }
  const [measurement = '', rp, database] = parts.reverse()
  return { database: database || undefined, rp: rp || undefined, measurement }
}
