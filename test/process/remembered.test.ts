/** Which sessions are there after a restart. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/test-folder.ts'
import { basic, get, PASSWORD, post, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

test('sessions to be kept survive a restart, others and ended ones do not', async (t) => {
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
