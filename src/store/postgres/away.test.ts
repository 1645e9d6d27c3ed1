import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { startPostgres } from '../../../scripts/engines/postgres.ts'
import { idOf, user } from '../../../test/store-conformance/records.conformance.ts'
import { emptied, emptyDatabase, query, withoutPostgres } from '../../../test/support/engines/postgres.ts'
import { startTcpProxy } from '../../../test/support/engines/tcp-proxy.ts'
import { SluiceError } from '../../domain/base/errors.ts'
import type { IdentityStore } from '../../domain/records/identity-store.ts'
import { openPostgresStore } from './open.ts'
import { StoreUnreachableError } from './unreachable.ts'

const TIMEOUT_MS = 500
/** What a slow machine may add. */
const SLACK_MS = 10_000

let database: Promise<string> | undefined

async function setUp(t: TestContext, more: { url?: string; poolSize?: number } = {}) {
  database ??= emptyDatabase()
  const url = more.url ?? (await emptied(await database))
  const store = await openPostgresStore({ url, poolSize: more.poolSize ?? 4, timeoutMs: TIMEOUT_MS })
  t.after(() => store.close())
  return { store, url }
}

/** Fails as a store that is away, within the timeout, and says nothing of how it is reached. */
async function isAway(work: Promise<unknown>, url: string, within = TIMEOUT_MS): Promise<void> {
  const began = performance.now()
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof SluiceError, inspect(error))
    assert.equal(error.code, 'unavailable')
    assert.ok((error.retryAfterSeconds ?? 0) > 0)
    assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(new URL(url).password))
    return true
  })
  const took = performance.now() - began
  assert.ok(took < within + SLACK_MS, `it took ${Math.round(took)} ms`)
}

/** Waits until it works again, without anybody's help, for as long as a test may. */
async function recovered(store: IdentityStore): Promise<void> {
  const deadline = Date.now() + 10_000
  for (;;) {
    try {
      return void (await store.users.count())
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(50)
    }
  }
}

suite('PostgreSQL that is away', { skip: withoutPostgres }, () => {
  test('restarted, at once or after a pause: 503 meanwhile, then all goes on', async (t) => {
    const own = await startPostgres()
    t.after(own.stop)
    const { store } = await setUp(t, { url: own.url })
    await store.users.add(user(1))
    await Promise.all(Array.from({ length: 4 }, () => store.users.count()))
    const change = store.transaction(async ({ users }) => {
      await users.add(user(2))
      await own.restart('SIGQUIT')
      await users.add(user(3))
    })
    await isAway(change, own.url, 30_000)
    await recovered(store)
    assert.equal(await store.users.count(), 1)

    const restarting = own.restart('SIGINT', 700)
    await sleep(300)
    await isAway(store.users.count(), own.url)
    await isAway(
      store.transaction(async ({ users }) => users.add(user(4))),
      own.url,
    )
    await restarting
    await recovered(store)
    await store.transaction(async ({ users }) => users.add(user(4)))
    assert.equal(await store.users.count(), 2)
  })

  test('cut or swallowed on the way: no connection of before is used again', async (t) => {
    database ??= emptyDatabase()
    const direct = await emptied(await database)
    const proxy = await startTcpProxy(Number(new URL(direct).port))
    const url = new URL(direct)
    url.port = String(proxy.port)
    const { store } = await setUp(t, { url: url.href })
    // After the store, so that a connection is still there when it is closed.
    t.after(() => proxy.close())
    await store.users.add(user(1))
    await Promise.all(Array.from({ length: 4 }, () => store.users.count()))

    proxy.cut(true)
    await sleep(20)
    await isAway(store.users.count(), url.href)
    proxy.cut(false)
    await recovered(store)

    await Promise.all(Array.from({ length: 4 }, () => store.users.count()))
    proxy.swallow(true)
    const reads = [1, 2, 3, 4, 5, 6].map((number) => store.users.byID(idOf(number)))
    const change = store.transaction(async ({ users }) => users.add(user(2)))
    await Promise.all([...reads, change].map((each) => isAway(each, url.href, 3 * TIMEOUT_MS)))
    proxy.swallow(false)
    // An answer that comes late must not be taken for that of a later question.
    assert.equal(await store.users.byID(idOf(7)), undefined)
    assert.equal((await store.users.byID(idOf(1)))?.name, 'user 1')
  })

  test('a change that is paused loses what it did and the lock that others wait for', async (t) => {
    const { store, url } = await setUp(t)
    const other = await openPostgresStore({ url, poolSize: 4, timeoutMs: TIMEOUT_MS })
    t.after(() => other.close())
    const paused = store.transaction(async ({ users }) => {
      await users.add(user(1))
      await sleep(3 * TIMEOUT_MS)
      await users.add(user(2))
    })
    const ended = isAway(paused, url, 4 * TIMEOUT_MS)
    await sleep(TIMEOUT_MS / 5)
    // Reads wait for nothing.
    assert.equal(await other.users.count(), 0)
    await Promise.allSettled([other.transaction(async ({ users }) => users.add(user(3)))])
    await sleep(TIMEOUT_MS / 2)
    await other.transaction(async ({ users }) => users.add(user(4)))
    await ended
    assert.equal(await store.users.byID(idOf(1)), undefined)
    assert.equal(await store.users.byID(idOf(2)), undefined)
    assert.equal((await store.users.byID(idOf(4)))?.name, 'user 4')
  })

  test('who waits too long for the change before fails, and leaves no half-begun transaction', async (t) => {
    const { store, url } = await setUp(t)
    // Held from outside, by somebody whom no timeout ends.
    const holding = query(url, `begin; select pg_advisory_xact_lock(${0x536c75696365}); select pg_sleep(2)`)
    await sleep(200)
    await isAway(
      store.transaction(async ({ users }) => users.add(user(1))),
      url,
    )
    await Promise.all(Array.from({ length: 20 }, () => store.users.count()))
    const [open] = await query(
      url,
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'sluice' and state like 'idle in transaction%'`,
    )
    assert.equal(open?.count, 0)
    await holding
    await store.transaction(async ({ users }) => users.add(user(1)))
    assert.equal(await store.users.count(), 1)
  })

  test('who waits too long for a connection fails too', async (t) => {
    const { store, url } = await setUp(t, { poolSize: 2 })
    const slow = Array.from({ length: 2 }, () =>
      store.transaction(async ({ users }) => {
        await users.count()
        await sleep(TIMEOUT_MS * 0.8)
        await users.count()
        await sleep(TIMEOUT_MS * 0.8)
      }),
    )
    await isAway(store.users.count(), url)
    await Promise.allSettled(slow)
    await recovered(store)
  })
})

suite('PostgreSQL that cannot be opened', { skip: withoutPostgres }, () => {
  test('is named, with the reason and without a password', async () => {
    database ??= emptyDatabase()
    const right = await database
    const change = (edit: (url: URL) => void) => {
      const url = new URL(right)
      edit(url)
      return url.href
    }
    const refused: [url: string, reason: RegExp][] = [
      [change((url) => (url.password = 'hunter2')), /cannot be used: password authentication failed/],
      [
        change((url) => (url.port = '1')),
        /^PostgreSQL at 127\.0\.0\.1:1\/\S+ cannot be used: .*ECONNREFUSED/,
      ],
      [change((url) => (url.pathname = '/nowhere')), /database "nowhere" does not exist/],
      [change((url) => (url.search = '?sslmode=require')), /does not support SSL/],
    ]
    for (const [url, reason] of refused) {
      await assert.rejects(openPostgresStore({ url, poolSize: 2, timeoutMs: TIMEOUT_MS }), (error) => {
        assert.ok(error instanceof StoreUnreachableError)
        assert.match(error.message, reason)
        return !inspect(error, { depth: 10, showHidden: true }).includes(new URL(url).password)
      })
    }
  })
})
