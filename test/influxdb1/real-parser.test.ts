/**
 * Whatever InfluxQL is generated: what a real InfluxDB 1.x shows of a database, or changes in it, lies within what the
 * parser found. Each database holds marks of its own, so that an answer tells from which ones it comes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type Influxdb1, influxdb1Program, startInfluxdb1 } from '../../scripts/engines/influxdb1.ts'
import { parseInfluxql } from '../../src/domain/influxql/parse-influxql.ts'
import { STATEMENTS, type Statement } from '../../src/domain/influxql/statements.ts'
import { defaultDatabase, influxql, ordinary } from './statements.ts'

const DATABASES = ['a', 'b', 'c'] as const
const RUNS = Number(process.env.INFLUXQL_RUNS ?? 600)
const skip =
  influxdb1Program() || process.env.CI === 'true' ? false : 'InfluxDB 1.x is missing (Debian: influxdb)'

interface Asked {
  readonly read: ReadonlySet<string>
  readonly changed: ReadonlySet<string>
}

/** What Sluice would ask for, with the database of the request for what names none. */
function askedFor(statements: readonly Statement[], own: string): Asked {
  const read = new Set<string>()
  const changed = new Set<string>()
  for (const { name, reads, writes, manages, on } of statements) {
    for (const { database } of reads) read.add(database ?? (own || (on ?? '')))
    for (const { database } of writes) changed.add(database ?? own)
    for (const database of manages) changed.add(database ?? own)
    const { rule, changes } = STATEMENTS[name]
    // It answers to everybody who has a right to manage: names only, of the database itself.
    if (rule === 'manage') for (const database of manages) read.add(database ?? own)
    // An operator may change every database: DROP SHARD names none.
    if (rule === 'operator' && changes) for (const database of DATABASES) changed.add(database)
  }
  return { read, changed }
}

test('statements of every kind are generated', () => {
  const missing = new Set<string>(Object.keys(STATEMENTS))
  for (const text of fc.sample(ordinary, { numRuns: 5000, seed: 1 })) {
    try {
      for (const { name } of parseInfluxql(text)) missing.delete(name)
    } catch {
      // What InfluxDB refuses is generated too.
    }
  }
  assert.deepEqual([...missing], [])
})

describe('statements on a real InfluxDB 1.x', { skip, timeout: 300_000 }, () => {
  let server: Influxdb1
  before(async () => {
    server = await startInfluxdb1()
    await fill(DATABASES)
  })
  after(() => server?.stop())

  /** Makes databases as they were at first. */
  async function fill(databases: readonly string[]): Promise<void> {
    for (const db of databases) {
      await server.query(`DROP DATABASE ${db}; CREATE DATABASE ${db}`)
      await server.query(`CREATE RETENTION POLICY second ON ${db} DURATION INF REPLICATION 1`)
      for (const policy of ['autogen', 'second']) {
        await server.write(
          db,
          `m,mark=mark_${db} v=1,secret_${db}=2 1\nonly_${db},mark=mark_${db} v=3 2`,
          policy,
        )
      }
    }
  }

  async function names(): Promise<string[]> {
    const { results } = await server.query('SHOW DATABASES')
    return (results[0]?.series?.[0]?.values ?? []).map(([name]) => String(name))
  }

  /** Everything that a database holds. */
  async function contentOf(db: string): Promise<string> {
    const all = await server.query(
      `SELECT * FROM ${db}.autogen./.*/; SELECT * FROM ${db}.second./.*/; SHOW RETENTION POLICIES ON ${db}; SHOW SERIES ON ${db}`,
    )
    const queries = await server.query('SHOW CONTINUOUS QUERIES')
    const own = queries.results[0]?.series?.find(({ name }) => name === db)
    return JSON.stringify([all, own])
  }

  async function check(text: string, own: string, seen: { ran: number; parsed: number }): Promise<void> {
    let statements: Statement[]
    try {
      statements = parseInfluxql(text)
    } catch {
      return
    }
    seen.parsed += 1
    const { read, changed } = askedFor(statements, own)
    const changes = statements.some(({ name }) => STATEMENTS[name].changes)
    const foreign = DATABASES.filter((db) => !changed.has(db))
    const before = changes ? await Promise.all(foreign.map(contentOf)) : []
    const namesBefore = changes ? await names() : []
    const answer = JSON.stringify(await server.query(text, { db: own }))
    if (!answer.includes('error parsing query')) seen.ran += 1
    for (const db of DATABASES) {
      if (read.has(db)) continue
      const marks = [`mark_${db}`, `only_${db}`, `secret_${db}`].filter((mark) => answer.includes(mark))
      // An error repeats what the query itself says.
      const found = marks.filter((mark) => !text.includes(mark))
      assert.deepEqual(found, [], `${JSON.stringify(text)} with db=${own} shows ${db}: ${answer}`)
    }
    const after = changes ? await Promise.all(foreign.map(contentOf)) : []
    assert.deepEqual(after, before, `${JSON.stringify(text)} with db=${own} changes another database`)
    if (!changes) return
    const namesAfter = await names()
    const differ = [...new Set(namesBefore).symmetricDifference(new Set(namesAfter))]
    assert.deepEqual(
      differ.filter((db) => !changed.has(db)),
      [],
      `${JSON.stringify(text)} with db=${own} creates or drops another database`,
    )
    const others = namesAfter.filter((db) => !(DATABASES as readonly string[]).includes(db))
    for (const db of others) await server.query(`DROP DATABASE "${db.replaceAll(/["\\]/g, '\\$&')}"`)
    // What was copied would look as if it were shown from where it came.
    await fill(DATABASES.filter((db) => changed.has(db)))
  }

  test('show and change only what the parser finds', async () => {
    const seen = { ran: 0, parsed: 0 }
    await fc.assert(
      fc.asyncProperty(influxql, defaultDatabase, (text, own) => check(text, own, seen)),
      { numRuns: RUNS },
    )
    // The property says nothing about what is refused on both sides.
    assert.ok(seen.parsed > RUNS / 5, `${seen.parsed} of ${RUNS} were parsed`)
    assert.ok(seen.ran > seen.parsed / 2, `${seen.ran} of ${seen.parsed} were run`)
  })

  test('are parsed here where InfluxDB parses them and they are ordinary', async () => {
    await fc.assert(
      fc.asyncProperty(ordinary, async (text) => {
        let refusal: unknown
        try {
          parseInfluxql(text)
        } catch (error) {
          refusal = error
        }
        if (refusal === undefined) return
        const answer = JSON.stringify(
          await server.query(`EXPLAIN SELECT v FROM a..nothing; ${text}`, { db: 'a' }),
        )
        assert.ok(answer.includes('error parsing query'), `${text}: ${refusal}`)
      }),
      { numRuns: RUNS / 5 },
    )
  })
})
