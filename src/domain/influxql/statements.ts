/** What each statement of InfluxQL needs. `docs/databases.md` has this table, generated. */

/**
 * - `read`, `write`: that right to each database or policy that the statement names
 * - `read-write`: `read` to what it reads and `write` to what it writes
 * - `manage`: the right to create and delete buckets of the organization, beside the rights to what it reads and writes
 * - `operator`: an operator
 * - `anybody`: no right; the answer has only what the caller may read
 * - `never`: not forwarded, since Sluice keeps users and rights
 */
export type Rule = 'read' | 'write' | 'read-write' | 'manage' | 'operator' | 'anybody' | 'never'

export interface StatementKind {
  readonly rule: Rule
  /** Whether it changes anything, so that no page of another site may make a browser send it. */
  readonly changes: boolean
}

const READS: StatementKind = { rule: 'read', changes: false }
const MANAGES: StatementKind = { rule: 'manage', changes: true }
const OF_SERVER: StatementKind = { rule: 'operator', changes: false }
const CHANGES_SERVER: StatementKind = { rule: 'operator', changes: true }
const NEVER: StatementKind = { rule: 'never', changes: true }

export const STATEMENTS = {
  SELECT: READS,
  'SELECT INTO': { rule: 'read-write', changes: true },
  EXPLAIN: READS,
  'EXPLAIN ANALYZE': READS,
  'EXPLAIN SELECT INTO': { rule: 'read-write', changes: true },
  'SHOW DATABASES': { rule: 'anybody', changes: false },
  'SHOW FIELD KEYS': READS,
  'SHOW FIELD KEY CARDINALITY': READS,
  'SHOW MEASUREMENTS': READS,
  'SHOW MEASUREMENT CARDINALITY': READS,
  'SHOW RETENTION POLICIES': READS,
  'SHOW SERIES': READS,
  'SHOW SERIES CARDINALITY': READS,
  'SHOW TAG KEYS': READS,
  'SHOW TAG KEY CARDINALITY': READS,
  'SHOW TAG VALUES': READS,
  'SHOW TAG VALUES CARDINALITY': READS,
  DELETE: { rule: 'write', changes: true },
  'DROP SERIES': { rule: 'write', changes: true },
  'DROP MEASUREMENT': MANAGES,
  'CREATE DATABASE': MANAGES,
  'DROP DATABASE': MANAGES,
  'CREATE RETENTION POLICY': MANAGES,
  'ALTER RETENTION POLICY': MANAGES,
  'DROP RETENTION POLICY': MANAGES,
  'CREATE CONTINUOUS QUERY': MANAGES,
  'DROP CONTINUOUS QUERY': MANAGES,
  'SHOW CONTINUOUS QUERIES': OF_SERVER,
  'SHOW DIAGNOSTICS': OF_SERVER,
  'SHOW QUERIES': OF_SERVER,
  'SHOW SHARD GROUPS': OF_SERVER,
  'SHOW SHARDS': OF_SERVER,
  'SHOW STATS': OF_SERVER,
  'SHOW SUBSCRIPTIONS': OF_SERVER,
  'CREATE SUBSCRIPTION': CHANGES_SERVER,
  'DROP SUBSCRIPTION': CHANGES_SERVER,
  'DROP SHARD': CHANGES_SERVER,
  'KILL QUERY': CHANGES_SERVER,
  'SHOW GRANTS': NEVER,
  'SHOW USERS': NEVER,
  'CREATE USER': NEVER,
  'DROP USER': NEVER,
  'SET PASSWORD': NEVER,
  GRANT: NEVER,
  REVOKE: NEVER,
} as const satisfies Readonly<Record<string, StatementKind>>

export type StatementName = keyof typeof STATEMENTS

/** Where data lies. Undefined stands for the database or policy of the request. */
export interface DataPlace {
  readonly database: string | undefined
  /** `all` is the whole database with every policy. */
  readonly policy: string | 'all' | undefined
}

export interface Statement {
  readonly name: StatementName
  readonly reads: readonly DataPlace[]
  readonly writes: readonly DataPlace[]
  /** The databases that it creates, alters or drops. */
  readonly manages: readonly (string | undefined)[]
  /** What stands for the database of a request that names none: that of ON. */
  readonly on?: string | undefined
  /** The retention policy that the statement is about, if it is about one. */
  readonly policy?: string | undefined
  /** How long a policy, or the first one of a new database, is to keep data, as `12h` or `INF`; undefined if unsaid. */
  readonly keeps?: string | undefined
}
