import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { ID } from '../../domain/base/id.ts'
import { createNodeSqliteDialect } from '../sqlite/dialect.ts'
import { createSqlIdentityStore } from './identity-store.ts'
import { migrate } from './migrate.ts'
import { identities } from './migrations/0001-identities.ts'
import type { Tables } from './tables.ts'

const [USER, ORG, TOKEN, BUCKET] = ['a1', 'c1', 'd1', 'e1'].map((each) => each.padStart(16, '0')) as [
  ID,
  ID,
  ID,
  ID,
]
const AT = '2026-01-02T03:04:05.678Z'
const PERMISSIONS = [{ action: 'read', resource: { type: 'buckets', orgID: ORG } }]

/** What the first released schema held, written as it was written then. */
const DATA = `
  insert into users values ('${USER}', 'ada', 'active');
  insert into passwords values ('${USER}', '$argon2id$stored');
  insert into organizations values ('${ORG}', 'works', 'd', '${AT}', '${AT}');
  insert into memberships values (1, '${USER}', 'orgs', '${ORG}', 'owner');
  insert into authorizations values ('${TOKEN}', 'hash', 'inactive', 'd', '${ORG}', '${USER}',
    '${JSON.stringify(PERMISSIONS)}', '${AT}', '${AT}');
  insert into buckets values ('${BUCKET}', '${ORG}', 'user', 'points', 'd', 'rp', 3600, 60, '${AT}', '${AT}');
`

/** A database as version 0001 left it, with data. */
async function setUp() {
  const database = new DatabaseSync(':memory:')
  const db = new Kysely<Tables>({ dialect: createNodeSqliteDialect(database) })
  const first = new Migrator({
    db,
    provider: { getMigrations: async () => ({ '0001-identities': identities }) },
  })
  const { error } = await first.migrateToLatest()
  assert.equal(error, undefined)
  database.exec(DATA)
  const rows = (table: string) => database.prepare(`select * from ${table}`).all()
  const applied = () => rows('kysely_migration').map(({ name }) => name)
  return { database, db, rows, applied }
}

suite('from schema 0001 to the newest', () => {
  test('where it fails, all is as it was', async () => {
    const { database, db, rows, applied } = await setUp()
    // The last table that the migration makes is in the way.
    database.exec('create table audit_events (id integer)')
    await assert.rejects(migrate(db), /audit_events/)
    assert.deepEqual(applied(), ['0001-identities'])
    assert.deepEqual(Object.keys(rows('passwords')[0] ?? {}), ['user_id', 'hash'])
    assert.throws(() => rows('remembered_sessions'), /no such table/)
    database.exec('drop table audit_events')
    await migrate(db)
  })

  test('every row is still there with all that it had', async () => {
    const { db, rows } = await setUp()
    const tables = ['users', 'passwords', 'organizations', 'memberships', 'authorizations', 'buckets']
    const before = tables.map((table) => rows(table).map((row) => ({ ...row })))
    await migrate(db)
    for (const [index, table] of tables.entries()) {
      const after = rows(table).map((row) => ({ ...row }))
      assert.equal(after.length, 1)
      for (const [column, value] of Object.entries(before[index]?.[0] ?? assert.fail(table))) {
        assert.deepEqual(after[0]?.[column], value, `${table}.${column}`)
      }
    }
  })

  test('what is new says nothing of what was there', async () => {
    const { db, rows, applied } = await setUp()
    await migrate(db)
    assert.deepEqual(applied(), [
      '0001-identities',
      '0002-sessions-and-audit',
      '0003-audit-subject',
      '0004-clock',
      '0005-cluster',
      '0006-name-keys',
      '0007-audit-names',
      '0008-session-key',
      '0009-session-details',
      '0010-imports',
      '0011-audit-data',
      '0012-second-factors',
      '0013-linked-identities',
      '0014-one-time-links',
    ])
    const [user] = rows('users').map((row) => ({ ...row }))
    assert.deepEqual([user?.session_generation, user?.kept_session], [0, null])
    const store = createSqlIdentityStore(db)
    assert.deepEqual(await store.passwords.get(USER), { hash: '$argon2id$stored', mustChange: false })
    const token = await store.authorizations.byHash('hash')
    assert.deepEqual(token, {
      ...{ id: TOKEN, hashedToken: 'hash', status: 'inactive', description: 'd', orgID: ORG, userID: USER },
      ...{ permissions: PERMISSIONS, createdAt: AT, updatedAt: AT },
      ...{ expiresAt: undefined, lastUsedAt: undefined, previous: undefined },
    })
    assert.deepEqual(await store.rememberedSessions.all(), [])
    assert.equal(await store.knownAddresses.isKnown(USER, '192.0.2.1', 0), false)
    assert.deepEqual(await store.audit.list({}, { limit: 10, offset: 0, descending: true }), [])
  })

  test('what was there can be used: a password set, a token rotated', async () => {
    const { db } = await setUp()
    await migrate(db)
    const { passwords, authorizations } = createSqlIdentityStore(db)
    await passwords.set(USER, { hash: 'new', mustChange: true })
    assert.deepEqual(await passwords.get(USER), { hash: 'new', mustChange: true })
    const token = (await authorizations.byID(TOKEN)) ?? assert.fail()
    await authorizations.update({
      ...token,
      hashedToken: 'second',
      previous: { hashedToken: 'hash', until: AT },
    })
    assert.equal((await authorizations.byHash('hash'))?.hashedToken, 'second')
  })
})
