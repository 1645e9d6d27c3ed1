import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { SluiceError } from '../base/errors.ts'
import { parseInfluxql } from './parse-influxql.ts'
import { STATEMENTS, type StatementName } from './statements.ts'

/** Places as `database.policy`; `-` is the request's own, `*` every policy. */
function found(text: string): { reads: string; writes: string; manages: string } {
  const [statement] = parseInfluxql(text)
  assert.ok(statement)
  const { reads, writes, manages } = statement
  const shown = (places: typeof reads) =>
    places
      .map(({ database = '-', policy = '-' }) => `${database}.${policy === 'all' ? '*' : policy}`)
      .join(' ')
  return { reads: shown(reads), writes: shown(writes), manages: manages.map((each) => each ?? '-').join(' ') }
}

suite('what a statement reads', () => {
  const reads: Readonly<Record<string, string>> = {
    'SELECT * FROM m': '-.-',
    'SELECT * FROM a..m, b.rp.m, rp.m, "a"."r p"."m"': 'a.- b.rp -.rp a.r p',
    'SELECT * FROM /re/, a../re/, a.rp./r\\/e/, rp./re/': '-.- a.- a.rp -.rp',
    'SELECT * FROM (SELECT v FROM (SELECT v FROM b..m), c..m)': 'b.- c.-',
    'select mean("v") from "a".."cpu" where time > now() - 1h group by time(10s), host fill(null)': 'a.-',
    "SELECT v FROM m WHERE x = 'a\\' FROM b..m' AND y =~ /FROM b..m/": '-.-',
    'SELECT v /* FROM b..m */ FROM m -- , b..m\n': '-.-',
    'SELECT a / b, "x"".." FROM m': '',
    'EXPLAIN ANALYZE SELECT * FROM a..m': 'a.-',
    'SHOW TAG VALUES ON a FROM b..m WITH KEY = k': 'a.* b.*',
    'SHOW TAG KEYS FROM m': '-.*',
    'SHOW SERIES EXACT CARDINALITY ON b': 'b.*',
    'SHOW MEASUREMENTS WITH MEASUREMENT =~ /x/ WHERE a = 1 LIMIT 5': '-.*',
    'SHOW RETENTION POLICIES ON "a"': 'a.*',
  }
  for (const [text, places] of Object.entries(reads)) {
    if (places) test(text, () => assert.equal(found(text).reads, places))
    else test(`${text} is refused`, () => assert.throws(() => parseInfluxql(text), SluiceError))
  }
})

suite('what a statement writes and manages', () => {
  const writes: Readonly<Record<string, { writes?: string; manages?: string; reads?: string }>> = {
    'SELECT * INTO b.rp.m FROM a..m': { reads: 'a.-', writes: 'b.rp' },
    'SELECT * INTO rp.m FROM m': { reads: '-.-', writes: '-.rp' },
    'SELECT * INTO b.rp.:MEASUREMENT FROM /.*/': { reads: '-.-', writes: 'b.rp' },
    'DELETE FROM m WHERE time < now()': { writes: '-.*' },
    'DROP SERIES FROM m': { writes: '-.*' },
    'DROP DATABASE "b"': { manages: 'b' },
    'CREATE DATABASE b WITH DURATION 3d REPLICATION 1 NAME x': { manages: 'b' },
    'CREATE RETENTION POLICY p ON b DURATION 1h REPLICATION 1 SHARD DURATION 1h DEFAULT': { manages: 'b' },
    'CREATE CONTINUOUS QUERY q ON b RESAMPLE EVERY 1h BEGIN SELECT mean(v) INTO c..m FROM m GROUP BY time(1h) END':
      { reads: 'b.-', writes: 'c.-', manages: 'b' },
    'DROP MEASUREMENT m': { manages: '-' },
  }
  for (const [text, { reads = '', writes: written = '', manages = '' }] of Object.entries(writes)) {
    test(text, () => assert.deepEqual(found(text), { reads, writes: written, manages }))
  }
})

test('each statement of the table has one text that is parsed as it', () => {
  const texts = [
    'SELECT * FROM m; SELECT * INTO x FROM m; EXPLAIN SELECT v FROM m; EXPLAIN ANALYZE SELECT v FROM m',
    'EXPLAIN SELECT v INTO x FROM m; SHOW DATABASES; SHOW FIELD KEYS; SHOW FIELD KEY CARDINALITY',
    'SHOW MEASUREMENTS; SHOW MEASUREMENT CARDINALITY; SHOW RETENTION POLICIES; SHOW SERIES',
    'SHOW SERIES CARDINALITY; SHOW TAG KEYS; SHOW TAG KEY EXACT CARDINALITY; SHOW TAG VALUES WITH KEY IN (a, b)',
    'SHOW TAG VALUES CARDINALITY WITH KEY = a; DELETE FROM m; DROP SERIES FROM m; DROP MEASUREMENT m',
    'CREATE DATABASE d; DROP DATABASE d; CREATE RETENTION POLICY p ON d DURATION INF REPLICATION 1',
    'ALTER RETENTION POLICY p ON d DEFAULT; DROP RETENTION POLICY p ON d',
    'CREATE CONTINUOUS QUERY q ON d BEGIN SELECT v INTO x FROM m END; DROP CONTINUOUS QUERY q ON d',
    'SHOW CONTINUOUS QUERIES; SHOW DIAGNOSTICS; SHOW QUERIES; SHOW SHARD GROUPS; SHOW SHARDS',
    "SHOW STATS FOR 'x'; SHOW SUBSCRIPTIONS; CREATE SUBSCRIPTION s ON d.p DESTINATIONS ALL 'udp://h:1'",
    'DROP SUBSCRIPTION s ON d.p; DROP SHARD 1; KILL QUERY 3; SHOW GRANTS FOR u; SHOW USERS; DROP USER u',
    "CREATE USER u WITH PASSWORD 'p' WITH ALL PRIVILEGES; SET PASSWORD FOR u = 'p'; GRANT READ ON d TO u",
    'REVOKE ALL PRIVILEGES FROM u',
  ]
  const names = texts.flatMap((text) => parseInfluxql(text).map(({ name }) => name))
  assert.deepEqual(names.toSorted(), (Object.keys(STATEMENTS) as StatementName[]).toSorted())
})

suite('what cannot be parsed is refused with its place', () => {
  const refusals: Readonly<Record<string, RegExp>> = {
    'SELEC * FROM m': /line 1, column 1$/,
    'SELECT *\nFROM m; DROP': /the end where .* is expected at line 2, column 13$/,
    'SELECT * FROM a"b"..m': /goes on in quotes at line 1, column 15$/,
    'SELECT * FROM $d..m': /column 15$/,
    'SELECT * FROM m/* no end': /comment without its end/,
    'SELECT * FROM /* x */ m': /regular expression/,
    'SELECT * FROM a.b.c.m': /too many parts/,
    'SELECT * FROM m\u0000, b..m': /control character/,
    'SELECT * FROM m WHERE x = "a\\z"': /unknown escape/,
    'SELECT v FROM (SELECT v INTO x FROM m)': /INTO in a subquery/,
    'DELETE FROM b..m': /the database of the request/,
    'SHOW SERIES SHOW SERIES': /where ; is expected/,
    'SHOW MEASUREMENTS ON *.*': /a name is expected/,
    [`SELECT v FROM m WHERE ${'('.repeat(5000)}`]: /too many levels/,
    [`SELECT ${'-'.repeat(1)}${'- '.repeat(5000)}1 FROM m`]: /InfluxQL/,
  }
  for (const [text, message] of Object.entries(refusals)) {
    test(text.slice(0, 60), () =>
      assert.throws(
        () => parseInfluxql(text),
        (error) => error instanceof SluiceError && message.test(error.message),
      ),
    )
  }
})

test('a slash after any number of backslashes goes on with a regular expression, as in InfluxDB', () => {
  assert.equal(found('SELECT v FROM /a\\\\/ FROM b..m, x/').reads, '-.-')
  assert.throws(() => parseInfluxql('SELECT v FROM /a\\\\/, b..m'), SluiceError)
})

test('empty statements count nothing', () => {
  assert.deepEqual(parseInfluxql(' ; ;; -- x\n'), [])
})

test('a long request is read at once, and a longer one is refused', () => {
  const begun = performance.now()
  parseInfluxql(`SELECT ${'a,'.repeat(130_000)}a FROM m`)
  const ms = performance.now() - begun
  assert.ok(ms < 2000, `${ms} ms`)
  assert.throws(() => parseInfluxql(`SELECT ${'a,'.repeat(140_000)}a FROM m`), { code: 'invalid' })
})
