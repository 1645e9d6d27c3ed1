import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { dbrpMapping } from '../../../test/store-conformance/dbrp-mappings.conformance.ts'
import { legacyAuthorization } from '../../../test/store-conformance/legacy-authorizations.conformance.ts'
import {
  ALL,
  AWKWARD_NAMES,
  authorization,
  bucket,
  idOf,
  organization,
  user,
} from '../../../test/store-conformance/records.conformance.ts'
import { emptied, emptyDatabase, query, withoutPostgres } from '../../../test/support/engines/postgres.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { byPassword } from '../../../test/support/session.ts'
import type { ID } from '../../domain/base/id.ts'
import type { IdentityStore } from '../../domain/records/identity-store.ts'
import { openPostgresStore } from '../postgres/open.ts'
import { openSqliteStore } from '../sqlite/open.ts'
import { type MovableDatabase, openPostgresToMove, openSqliteToMove } from './engines.ts'
import { MoveError, move } from './move.ts'

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
/** More than one portion. */
const USERS = 1203
const silent = () => undefined

const newPath = () => join(temporaryFolder(), 'data.sqlite')
let database: Promise<string> | undefined
async function emptyUrl(): Promise<string> {
  database ??= emptyDatabase()
  return emptied(await database)
}
const openPostgres = (url: string) => openPostgresStore({ url, poolSize: 2, timeoutMs: 5000 })

async function fill(store: IdentityStore): Promise<void> {
  await store.transaction(async (records) => {
    for (let number = 1; number <= USERS; number++) await records.users.add(user(number))
    for (const [index, name] of AWKWARD_NAMES.entries()) {
      await records.organizations.add(organization(index + 1, { name }))
      await records.buckets.add(bucket(index + 1, { name, shardGroupSeconds: 2 ** 53 - 1 }))
    }
    await records.passwords.set(idOf(1), { hash: '$argon2id$x', mustChange: true })
    await records.authorizations.add(authorization(1, { expiresAt: '2027-01-01T00:00:00Z' }))
    await records.legacyAuthorizations.add(legacyAuthorization(1, { name: 'v1\0' }))
    await records.legacyAuthorizations.setPasswordHash(idOf(1), '$2a$10$x')
    await records.dbrpMappings.add(dbrpMapping(1, { isDefault: true }))
    await records.importedRecords.note(['users/1'])
    for (const number of [3, 1, 2]) {
      const resource = { resourceType: 'orgs', resourceID: idOf(number), role: 'owner' } as const
      await records.memberships.add({ userID: idOf(1), ...resource })
    }
    await records.knownAddresses.note(idOf(1), '192.0.2.1', AT)
    await records.rememberedSessions.add({
      ...{
        keyHash: 'hash',
        userID: idOf(1),
        orgID: undefined,
        createdAt: AT,
        lastUsedAt: AT,
        ...byPassword(AT),
      },
      ...{ expiresAt: 2 ** 52, cookieSentAt: AT, address: '::1', userAgent: '🙂', remembered: true },
      ...{ instanceGeneration: 0, userGeneration: 0 },
    })
    await records.audit.append([
      {
        ...{ id: idOf(9), time: '2026-01-02T03:04:05.678Z', event: 'signin', outcome: 'refused', count: 7 },
        actor: { userName: 'u', authorizationDescription: 'd\0', authorizationOrgID: idOf(3) },
        target: { type: 'user', name: 'a\0b', userName: 'b', orgName: 'o' },
        ...{ address: '', userAgent: '', requestId: '' },
        ...{ statement: 'SELECT \0', durationMs: 12, status: 204 },
      },
    ])
  })
}

/** All that services may read, in the order in which they get it. */
async function contents(store: IdentityStore): Promise<unknown> {
  return structuredClone({
    users: await store.users.list(ALL),
    alike: await store.users.byName('\u200buser 7'),
    password: await store.passwords.get(idOf(1)),
    organizations: await store.organizations.list(ALL),
    memberships: await store.memberships.ofUser(idOf(1)),
    authorizations: await store.authorizations.list({}),
    buckets: await store.buckets.list({ orgID: idOf(1) }, ALL),
    legacy: await store.legacyAuthorizations.list({}),
    legacyPassword: await store.legacyAuthorizations.passwordHashOf(idOf(1)),
    mappings: await store.dbrpMappings.list({}),
    imported: await store.importedRecords.among(['users/1', 'users/2']),
    sessions: await store.rememberedSessions.all(),
    isKnown: await store.knownAddresses.isKnown(idOf(1), '192.0.2.1', AT),
    events: await store.audit.list({}, ALL),
  })
}

async function read(opening: Promise<IdentityStore>): Promise<unknown> {
  const store = await opening
  try {
    return await contents(store)
  } finally {
    await store.close()
  }
}

/** A full file, and what is in it. */
async function fullFile() {
  const path = newPath()
  const store = await openSqliteStore(path)
  await fill(store)
  await store.close()
  const file = new DatabaseSync(path)
  file.exec('update cluster set session_generation = 4')
  file.exec(`update users set session_generation = 3, kept_session = 'k' where id = '${idOf(2)}'`)
  file.close()
  return { path, all: await read(openSqliteStore(path)) }
}

async function moved(source: Promise<MovableDatabase>, target: Promise<MovableDatabase>) {
  const [from, to] = [await source, await target]
  try {
    return await move(from, to, silent)
  } finally {
    await Promise.all([from.close(), to.close()])
  }
}

suite('moving all data', { skip: withoutPostgres }, () => {
  test('to where something is already is refused, and changes nothing', async () => {
    const { path } = await fullFile()
    const url = await emptyUrl()
    const store = await openPostgres(url)
    await store.memberships.add({
      ...{ userID: idOf(5), resourceType: 'orgs', resourceID: idOf(1), role: 'member' },
    })
    const before = await contents(store)
    await assert.rejects(moved(openSqliteToMove(path), openPostgresToMove({ url })), (error) => {
      assert.ok(error instanceof MoveError)
      assert.match(error.message, /^PostgreSQL at \S+ holds data already \(in memberships\)/)
      return !error.message.includes(new URL(url).password)
    })
    assert.deepEqual(await contents(store), before)
    await store.close()
  })

  test('from a file to PostgreSQL and back: every record is there, in its order', async () => {
    const { path, all } = await fullFile()
    const url = await emptyUrl()
    const tables = await moved(openSqliteToMove(path), openPostgresToMove({ url }))
    assert.equal(tables.find(({ name }) => name === 'users')?.count, USERS)
    assert.ok(tables.every(({ checksum }) => /^[0-9a-f]{32}$/.test(checksum)))
    assert.deepEqual(await read(openPostgres(url)), all)
    assert.deepEqual(await query(url, 'select epoch, session_generation from cluster'), [
      { epoch: 1, session_generation: 4 },
    ])
    assert.deepEqual(await query(url, 'select id, kept_session from users where session_generation = 3'), [
      { id: idOf(2), kept_session: 'k' },
    ])

    const back = newPath()
    const again = await moved(openPostgresToMove({ url }), openSqliteToMove(back))
    assert.deepEqual(again, tables)
    assert.deepEqual(await read(openSqliteStore(back)), all)
  })

  test('what does not read as it was written is not kept', async () => {
    const { path } = await fullFile()
    const url = await emptyUrl()
    await (await openPostgres(url)).close()
    await query(
      url,
      `create function spoil() returns trigger language plpgsql as
         $$ begin new.description := new.description || ' '; return new; end $$;
       create trigger spoil before insert on buckets for each row execute function spoil()`,
    )
    const moving = moved(openSqliteToMove(path), openPostgresToMove({ url }))
    await assert.rejects(moving, /^MoveError: buckets does not read as it was written; nothing was moved$/)
    const store = await openPostgres(url)
    assert.equal(await store.users.count(), 0)
    assert.equal(await store.authorizations.byID(idOf(1) as ID), undefined)
    await store.close()
  })
})
