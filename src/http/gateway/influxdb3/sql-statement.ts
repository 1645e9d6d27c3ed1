/**
 * Looks at SQL for InfluxDB 3 as far as this server must decide about it: that it is one statement that reads, and which
 * tables of the schema `system` it names. Nothing is parsed beyond words, quotes and comments; what is unclear is refused.
 */
import { forbidden, invalid } from '../../../domain/base/errors.ts'

/** What a statement may begin with. */
const READING: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'SHOW', 'EXPLAIN'])
/** Options between EXPLAIN and its statement. */
const EXPLAIN_OPTIONS: ReadonlySet<string> = new Set(['ANALYZE', 'VERBOSE'])
/** A statement that begins with SELECT or WITH can still write with these. */
const WRITING: ReadonlySet<string> = new Set(['INTO', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'])
/**
 * System tables of one database (influxdb3_system_tables/src/lib.rs); others, such as `queries`, tell of the whole
 * server.
 */
const OF_ONE_DATABASE: ReadonlySet<string> = new Set([
  ...['last_caches', 'distinct_caches', 'parquet_files', 'influxdb_schema'],
  ...['processing_engine_triggers', 'processing_engine_trigger_arguments'],
])

/** To read a longer one would keep this server from others. */
const LONGEST = 262_144

interface Word {
  /** The text of the token: a quoted one without its quotes, of a symbol the symbol itself. */
  readonly text: string
  readonly kind: 'word' | 'quoted' | 'symbol'
  readonly at: number
}

/** Names of tables in `system` that tell of more than one database. Throws `invalid` or `forbidden` for the rest. */
export function checkSql(sql: string): readonly string[] {
  if (sql.length > LONGEST) throw invalid(`the statement is longer than ${LONGEST} characters`)
  const words = wordsOf(sql)
  while (words.at(-1)?.text === ';') words.pop()
  const second = words.find(({ kind, text }) => kind === 'symbol' && text === ';')
  if (second) throw invalid(`send one statement; there is a ; at character ${second.at + 1}`)
  requireReading(words)
  return words.flatMap(({ text, kind }, at) => {
    const isSystem = kind !== 'symbol' && text.toLowerCase() === 'system' && words[at + 1]?.text === '.'
    const table = words[at + 2]?.text.toLowerCase() ?? ''
    return isSystem && !OF_ONE_DATABASE.has(table) ? [`system.${table}`] : []
  })
}

function requireReading(words: readonly Word[]): void {
  let at = 0
  for (;;) {
    while (words[at]?.text === '(') at += 1
    const first = words[at]
    if (!first) throw invalid('the statement is missing')
    const name = first.kind === 'word' ? first.text.toUpperCase() : ''
    if (!READING.has(name)) throw refusal(first)
    if (name !== 'EXPLAIN') break
    at += 1
    while (EXPLAIN_OPTIONS.has(words[at]?.text.toUpperCase() ?? '')) at += 1
    if (words[at]?.text.toUpperCase() === 'FORMAT') at += 2
  }
  const writing = words.find(({ kind, text }) => kind === 'word' && WRITING.has(text.toUpperCase()))
  if (writing) throw refusal(writing)
}

const refusal = ({ text, at }: Word) =>
  forbidden(
    'not-through-gateway',
    `only SELECT, WITH, SHOW and EXPLAIN are forwarded; ${text} at character ${at + 1} is not`,
  )

function wordsOf(sql: string): Word[] {
  const words: Word[] = []
  let at = 0
  while (at < sql.length) {
    const rest = sql.slice(at)
    const skipped = /^(?:\s+|--[^\n]*)/.exec(rest)?.[0].length ?? commentLength(rest, at)
    if (skipped > 0) {
      at += skipped
      continue
    }
    const special = /^(?:\$[\p{L}\p{N}_]*\$|[\p{L}_][\p{L}\p{N}_$]*&?['"`]|&['"])/u.exec(rest)?.[0]
    // Texts between dollars, and those with a prefix such as E, end by rules of their own.
    if (special !== undefined) {
      throw invalid(`${special} at character ${at + 1}: write a text in plain quotes, and a blank before it`)
    }
    const word = /^[\p{L}_][\p{L}\p{N}_$]*/u.exec(rest)?.[0]
    if (word !== undefined) {
      words.push({ text: word, kind: 'word', at })
      at += word.length
      continue
    }
    const quote = rest[0] as string
    if (quote === "'" || quote === '"' || quote === '`') {
      const end = endOfQuoted(sql, at, quote)
      // A text is no name.
      if (quote === "'") words.push({ text: "'", kind: 'symbol', at })
      else words.push({ text: sql.slice(at + 1, end - 1), kind: 'quoted', at })
      at = end
      continue
    }
    words.push({ text: quote, kind: 'symbol', at })
    at += 1
  }
  return words
}

/** 0 if no comment begins. They nest in DataFusion. */
function commentLength(rest: string, at: number): number {
  if (!rest.startsWith('/*')) return 0
  let depth = 0
  for (const { 0: mark, index } of rest.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1
    if (depth === 0) return index + 2
  }
  throw invalid(`the comment at character ${at + 1} has no end`)
}

/** A doubled quote is one of the text. */
function endOfQuoted(sql: string, at: number, quote: string): number {
  for (let next = at + 1; next < sql.length; next += 1) {
    if (sql[next] !== quote) continue
    if (sql[next + 1] !== quote) return next + 1
    next += 1
  }
  throw invalid(`the ${quote} at character ${at + 1} has no end`)
}
