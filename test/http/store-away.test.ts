/** Sessions ended while the database cannot be written, as on a full disk, and their state after a restart. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { unavailable } from '../../src/domain/base/errors.ts'
import type { IdentityStore } from '../../src/domain/records/identity-store.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { temporaryFolder } from '../support/folder.ts'
import { basic, cookieOf, send } from '../support/http.ts'
import { PASSWORD, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'

type Cookie = { cookie: string }

/** A server with two remembered sessions whose store can be made to refuse every change. */
async function setUp(t: TestContext) {
  const path = join(temporaryFolder(), 'data.sqlite')
  let isFull = false
  async function open(): Promise<IdentityStore> {
    const store = await openSqliteStore(path)
    return {
      ...store,
      async transaction(work) {
        if (isFull) throw unavailable('the store cannot be reached')
        return store.transaction(work)
      },
    }
  }
  const server = await startSetUp([], { open })
  let running: { url: string; stop(): Promise<void> } = server
  t.after(() => running.stop())
  const ask = (method: string, path: string, headers: Record<string, string>) =>
    send(running.url, { method, path, headers })
  async function remembered(): Promise<Cookie> {
    const headers = { authorization: basic('ada', PASSWORD) }
    return { cookie: cookieOf(await ask('POST', '/api/v2/signin?remember=true', headers)) }
  }
  const [mine, other] = [await remembered(), await remembered()]
  return {
    ...server,
    mine,
    other,
    remembered,
    status: async (method: string, path: string, headers: Record<string, string>) =>
      (await ask(method, path, headers)).status,
    alive: async (...who: Cookie[]) =>
      Promise.all(who.map(async (each) => (await ask('GET', '/api/v2/me', each)).status === 200)),
    fill(full: boolean) {
      isFull = full
    },
    async restart() {
      await running.stop()
      running = await startServer([], { open })
    },
  }
}

test('a sign-out that cannot be written is 503 and effective at once; a retry is 204 and effective permanently', async (t) => {
  const { mine, other, fill, status, alive, restart } = await setUp(t)
  fill(true)
  assert.equal(await status('POST', '/api/v2/signout', mine), 503)
  assert.deepEqual(await alive(mine, other), [false, true])
  assert.equal(await status('POST', '/api/v2/signout', mine), 503)
  fill(false)
  assert.equal(await status('POST', '/api/v2/signout', mine), 204)
  assert.equal(await status('POST', '/api/v2/signout', mine), 401)
  await restart()
  assert.deepEqual(await alive(mine, other), [false, true])
})

test('a sign-out without a retry is written as soon as possible', async (t) => {
  const { mine, other, fill, status, alive, restart } = await setUp(t)
  fill(true)
  assert.equal(await status('POST', '/api/v2/signout', mine), 503)
  fill(false)
  await restart()
  assert.deepEqual(await alive(mine, other), [false, true])
})

test('other ways of ending sessions are all or nothing: 503 ends none, and a retry ends them permanently', async (t) => {
  const { mine, other, operator, userID, remembered, fill, status, alive, restart } = await setUp(t)
  const own = '/api/v2/me/sessions'
  for (const [path, headers, left] of [
    [own, mine, [true, false]],
    [`/api/v2/users/${userID}/sessions`, operator, [false, false]],
    ['/api/v2/sessions', operator, [false, false]],
  ] as const) {
    const [first, second] = path === own ? [mine, other] : [await remembered(), await remembered()]
    fill(true)
    assert.equal(await status('DELETE', path, headers), 503, path)
    assert.deepEqual(await alive(first, second), [true, true], path)
    fill(false)
    await restart()
    assert.deepEqual(await alive(first, second), [true, true], path)
    assert.equal(await status('DELETE', path, headers), 204, path)
    assert.deepEqual(await alive(first, second), left, path)
    await restart()
    assert.deepEqual(await alive(first, second), left, path)
  }
})
