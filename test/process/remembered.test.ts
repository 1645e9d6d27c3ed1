/** Which sessions exist after a restart. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'
import { basic, bearer, get, PASSWORD, post, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

test('remembered sessions survive a restart; others and ended ones do not', async (t) => {
  const path = join(temporaryFolder(), 'data.sqlite')
  const first = await startSluice(t, ['--sqlite-path', path])
  await setUpServer(first.url)
  async function remember() {
    const { status, headers } = await post(first.url, '/api/v2/signin?remember=true', basic('ada', PASSWORD))
    assert.equal(status, 204)
    return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
  }
  const [kept, signedOut] = [await remember(), await remember()]
  const { cookie: plain } = await signIn(first.url)
  assert.equal((await post(first.url, '/api/v2/signout', signedOut)).status, 204)
  await first.stop()

  const second = await startSluice(t, ['--sqlite-path', path])
  const me = async (who: { cookie: string }) => (await get(second.url, '/api/v2/me', who)).status
  assert.deepEqual([await me(kept), await me(signedOut), await me(plain)], [200, 401, 401])
  const { json } = await get(second.url, '/api/v2/me/sessions', kept)
  assert.deepEqual([json.sessions.length, json.sessions[0].remembered], [1, true])
  assert.equal((await post(second.url, '/api/v2/signout', kept)).status, 204)
  second.child.kill('SIGKILL')
  await second.ended

  const third = await startSluice(t, ['--sqlite-path', path])
  assert.equal((await get(third.url, '/api/v2/me', kept)).status, 401)
  await third.stop()
})

test('sessions that expired while the server was stopped are in the audit log once', async (t) => {
  const path = join(temporaryFolder(), 'data.sqlite')
  const first = await startSluice(t, ['--sqlite-path', path])
  const { token, userID } = await setUpServer(first.url)
  for (const _ of [1, 2]) await post(first.url, '/api/v2/signin?remember=true', basic('ada', PASSWORD))
  await first.stop()
  const database = new DatabaseSync(path)
  database.exec('update remembered_sessions set expires_at = 1')
  database.close()

  for (const _ of ['the first start', 'a later one']) {
    const server = await startSluice(t, ['--sqlite-path', path])
    const { json } = await get(server.url, '/api/v2/audit?event=session.end', bearer(token))
    const [{ outcome, count, actor }, ...others] = json.events
    assert.deepEqual([outcome, count, actor.userID, others], ['expired', 2, userID, []])
    await server.stop()
  }
})

test('a shorter length ends sessions remembered before, and 0 ends all of them', async (t) => {
  const path = join(temporaryFolder(), 'data.sqlite')
  const start = (length: string) =>
    startSluice(t, ['--sqlite-path', path, '--session-remember-length', length])
  const first = await start('30d')
  await setUpServer(first.url)
  const { headers } = await post(first.url, '/api/v2/signin?remember=true', basic('ada', PASSWORD))
  const who = { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
  await first.stop()

  const shorter = await start('1h')
  const { json } = await get(shorter.url, '/api/v2/me/sessions', who)
  const [session] = json.sessions
  assert.equal(Date.parse(session.expiresAt) - Date.parse(session.createdAt), 3_600_000)
  await shorter.stop()
  for (const length of ['0', '30d']) {
    const server = await start(length)
    assert.equal((await get(server.url, '/api/v2/me', who)).status, 401, length)
    await server.stop()
  }
})
