import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSql } from './sql-statement.ts'

test('one statement that reads passes, whatever stands in its texts, names and comments', () => {
  for (const sql of [
    ...[
      'SELECT 1',
      ' select * from "cpu"; ',
      '(SELECT 1) UNION (SELECT 2)',
      'WITH a AS (SELECT 1) SELECT * FROM a',
    ],
    ...[
      'SHOW TABLES',
      'EXPLAIN ANALYZE VERBOSE SELECT 1',
      'EXPLAIN FORMAT TREE SELECT 1',
      '-- DELETE\nSELECT 1',
    ],
    ...[
      "SELECT 'a; DROP TABLE b', 'it''s' FROM \"insert\"",
      '/* a /* b */ ; */ SELECT 1 -- ;',
      'SELECT "into" FROM t',
    ],
    ...[
      'SELECT * FROM system',
      "SELECT * FROM t WHERE h = $h AND time > now() - INTERVAL '1 hour'",
      'SELECT usage_system FROM cpu',
      'SELECT * FROM system.parquet_files',
    ],
  ]) {
    assert.deepEqual(checkSql(sql), [], sql)
  }
})

test('everything else is refused with its place', () => {
  for (const [sql, code] of [
    ...(
      [
        'DELETE FROM t',
        'INSERT INTO t VALUES (1)',
        "COPY t TO '/tmp/x'",
        'SET a = 1',
        'DROP TABLE t',
      ] as const
    ).map((each) => [each, 'forbidden'] as const),
    ["CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'", 'forbidden'],
    ['EXPLAIN DELETE FROM t', 'forbidden'],
    ['EXPLAIN ANALYZE INSERT INTO t SELECT 1', 'forbidden'],
    ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', 'forbidden'],
    ['SELECT * INTO t FROM a', 'forbidden'],
    ['/**/delete from t', 'forbidden'],
    ['"SELECT" 1', 'forbidden'],
    ['SELECT 1; SELECT 2', 'invalid'],
    ["SELECT '\\'; DROP TABLE t; --'", 'invalid'],
    ['SELECT 1 /* no end', 'invalid'],
    ["SELECT 'no end", 'invalid'],
    ["SELECT $$'$$, * FROM system.queries -- '", 'invalid'],
    ["SELECT $a$'$a$, * FROM system.queries -- '", 'invalid'],
    ["SELECT E'\\'', * FROM system.queries -- '", 'invalid'],
    ["SELECT U&'x'", 'invalid'],
    ['SELECT a"b"', 'invalid'],
    ['', 'invalid'],
    [';', 'invalid'],
  ] as const) {
    assert.throws(() => checkSql(sql), { code }, sql)
  }
  assert.throws(() => checkSql('SELECT 1;\nDROP TABLE t'), /character 9/)
})

test('tables of the whole server are named, however they are written', () => {
  for (const [sql, table] of [
    ['SELECT * FROM system.queries', 'system.queries'],
    ['SELECT * FROM "system" . "Queries"', 'system.queries'],
    ['SELECT * FROM iox.SYSTEM/**/.--\nprocessing_engine_logs', 'system.processing_engine_logs'],
    ['SELECT * FROM a, system.tokens', 'system.tokens'],
    ['SELECT * FROM system.', 'system.'],
  ] as const) {
    assert.deepEqual(checkSql(sql), [table], sql)
  }
})

test('a statement that is too long to be read soon is refused', () => {
  checkSql(`SELECT ${'a,'.repeat(130_000)}a FROM m`)
  assert.throws(() => checkSql(`SELECT ${'a,'.repeat(140_000)}a FROM m`), { code: 'invalid' })
})
