/**
 * Whatever InfluxQL is generated: what a real InfluxDB 1.x shows of a database, or changes in it, lies within what the
 * parser found. Each retention policy holds marks of its own, so that an answer tells from which ones it comes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type Influxdb1, influxdb1Program, startInfluxdb1 } from '../../scripts/engines/influxdb1.ts'
import { parseInfluxql } from '../../src/domain/influxql/parse-influxql.ts'
import { STATEMENTS, type Statement } from '../../src/domain/influxql/statements.ts'
import { defaultDatabase, defaultPolicy, influxql, ordinary } from './statements.ts'

const DATABASES = ['a', 'b', 'c'] as const
const POLICIES = ['autogen', 'second'] as const
const RUNS = Number(process.env.INFLUXQL_RUNS ?? 600)
const skip =
  influxdb1Program() || process.env.CI === 'true' ? false : 'InfluxDB 1.x is missing (Debian: influxdb)'

/** As `database/policy`; `database/*` is a whole one. */
interface Asked {
  readonly read: ReadonlySet<string>
  readonly changed: ReadonlySet<string>
}

/** What Sluice would ask for, with the database of the request for what names none. */
function askedFor(statements: readonly Statement[], own: string, ownPolicy: string): Asked {
  const read = new Set<string>()
  const changed = new Set<string>()
  for (const { name, reads, writes, manages, on } of statements) {
    const nameOf = (database: string, policy: string | undefined) => {
      const one = policy ?? (ownPolicy || 'all')
      return `${database}/${one === 'all' ? '*' : one}`
    }
    for (const { database, policy } of reads) read.add(nameOf(database ?? (own || (on ?? '')), policy))
    for (const { database, policy } of writes) changed.add(nameOf(database ?? own, policy))
    for (const database of manages) changed.add(`${database ?? own}/*`)
    const { rule, changes } = STATEMENTS[name]
    // It answers to everybody who has a right to manage: names only, of the database itself.
    if (rule === 'manage') for (const database of manages) read.add(`${database ?? own}/*`)
    // An operator may change every database: DROP SHARD names none.
    if (rule === 'operator' && changes) for (const database of DATABASES) changed.add(`${database}/*`)
  }
  return { read, changed }
}

const isAny = (asked: ReadonlySet<string>, db: string) => [...asked].some((each) => each.startsWith(`${db}/`))
const isAsked = (asked: ReadonlySet<string>, db: string, policy: string) =>
  asked.has(`${db}/*`) || asked.has(`${db}/${policy}`)

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
      for (const policy of POLICIES) {
        const mark = `mark_${db}_${policy}`
        await server.write(db, `m,mark=${mark} v=1,secret_${db}=2 1\nonly_${db},mark=${mark} v=3 2`, policy)
      }
    }
  }

  async function names(): Promise<string[]> {
    const { results } = await server.query('SHOW DATABASES')
    return (results[0]?.series?.[0]?.values ?? []).map(([name]) => String(name))
  }

  /** Everything that lies beside what may be changed. */
  async function contentBeside(changed: ReadonlySet<string>): Promise<string[]> {
    const policies = DATABASES.flatMap((db) =>
      POLICIES.filter((policy) => !isAsked(changed, db, policy)).map(async (policy) =>
        JSON.stringify(await server.query(`SELECT * FROM ${db}.${policy}./.*/`)),
      ),
    )
    const databases = DATABASES.filter((db) => !isAny(changed, db)).map(contentOf)
    return Promise.all([...policies, ...databases])
  }

  /** What a whole database holds. */
  async function contentOf(db: string): Promise<string> {
    const all = await server.query(`SHOW RETENTION POLICIES ON ${db}; SHOW SERIES ON ${db}`)
    const queries = await server.query('SHOW CONTINUOUS QUERIES')
    const own = queries.results[0]?.series?.find(({ name }) => name === db)
    return JSON.stringify([all, own])
  }

  async function check(
    text: string,
    own: string,
    rp: string,
    seen: { ran: number; parsed: number },
  ): Promise<void> {
    let statements: Statement[]
    try {
      statements = parseInfluxql(text)
    } catch {
      return
    }
    seen.parsed += 1
    const { read, changed } = askedFor(statements, own, rp)
    const changes = statements.some(({ name }) => STATEMENTS[name].changes)
    const before = changes ? await contentBeside(changed) : []
    const namesBefore = changes ? await names() : []
    const answer = JSON.stringify(await server.query(text, { db: own, rp }))
    if (!answer.includes('error parsing query')) seen.ran += 1
    const what = `${JSON.stringify(text)} with db=${own} and rp=${rp}`
    const marks = DATABASES.flatMap((db) => [
      ...(isAny(read, db) ? [] : [`only_${db}`, `secret_${db}`]),
      ...POLICIES.filter((policy) => !isAsked(read, db, policy)).map((policy) => `mark_${db}_${policy}`),
    ])
    // An error repeats what the query itself says.
    const found = marks.filter((mark) => answer.includes(mark) && !text.includes(mark))
    assert.deepEqual(found, [], `${what} shows ${found}: ${answer}`)
    const after = changes ? await contentBeside(changed) : []
    assert.deepEqual(after, before, `${what} changes another database or policy`)
    if (!changes) return
    const namesAfter = await names()
    const differ = [...new Set(namesBefore).symmetricDifference(new Set(namesAfter))]
    assert.deepEqual(
      differ.filter((db) => !changed.has(`${db}/*`)),
      [],
      `${what} creates or drops another database`,
    )
    const others = namesAfter.filter((db) => !(DATABASES as readonly string[]).includes(db))
    for (const db of others) await server.query(`DROP DATABASE "${db.replaceAll(/["\\]/g, '\\$&')}"`)
    // What was copied would look as if it were shown from where it came.
    await fill(DATABASES.filter((db) => isAny(changed, db)))
  }

  test('show and change only what the parser finds', async () => {
    const seen = { ran: 0, parsed: 0 }
    await fc.assert(
      fc.asyncProperty(influxql, defaultDatabase, defaultPolicy, (text, own, rp) =>
        check(text, own, rp, seen),
      ),
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
