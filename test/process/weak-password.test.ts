/** A password that no longer meets the policy: its owner replaces it with only that password. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'
import { send } from '../support/http.ts'
import { basic, PASSWORD, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

test('a password that became too weak is replaced with only itself, whatever cookies are sent', async (t) => {
  const path = join(temporaryFolder(), 'data.sqlite')
  const first = await startSluice(t, ['--sqlite-path', path])
  await setUpServer(first.url)
  await first.stop()

  const { url, stop } = await startSluice(t, ['--sqlite-path', path, '--password-policy', 'strong'])
  const refused = await signIn(url)
  assert.deepEqual([refused.status, refused.json.message], [403, 'password change required'])
  const change = async (old: string, password: string) => {
    const headers = { ...basic('ada', old), cookie: 'theme=dark' }
    const body = JSON.stringify({ password })
    return (await send(url, { method: 'PUT', path: '/api/v2/me/password', headers, body })).status
  }
  const strong = 'Correct Horse 3'
  assert.deepEqual([await change('wrong horse', strong), await change(PASSWORD, PASSWORD)], [401, 400])
  assert.equal(await change(PASSWORD, strong), 204)
  assert.equal((await signIn(url, 'ada', strong)).status, 204)
  assert.equal(
    await change(strong, 'Another Horse 4'),
    401,
    'a strong one can be changed only with a session',
  )
  await stop()
})
