import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { send } from '../support/http.ts'
import { basic, bearer, get, PASSWORD, post, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

/** All forms in which a secret could get into a log. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const hash = createHash('sha256').update(secret)
  return [secret, encodeURIComponent(secret), bytes.toString('base64'), hash.digest('hex')]
}

test('no secret is ever in the log, even at debug level with error details', async (t) => {
  const flags = ['--log-level', 'debug', '--error-details']
  const { url, output, stop } = await startSluice(t, ['--store', 'memory', ...flags])
  const { token, orgID, userID } = await setUpServer(url)
  const { cookie } = await signIn(url)
  const key = cookie.cookie.split('=').slice(1).join('=')
  const [wrong, changed] = ['wrong horse altogether', 'changed horse altogether']

  await signIn(url, 'ada', wrong)
  await signIn(url, wrong, PASSWORD)
  await get(url, '/api/v2/me', cookie)
  await get(url, '/api/v2/me', bearer(token))
  await get(url, `/api/v2/me?token=${token}`, bearer(`${token}x`))
  await get(url, '/api/v2/nothing', { ...cookie, authorization: `Token ${token}` })
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  const made = await post(url, '/api/v2/authorizations', bearer(token), { orgID, permissions })
  await post(url, `/api/v2/users/${userID}/password`, bearer(token), { password: 'short' })
  const path = '/api/v2/me/password'
  for (const [old, status] of [
    [wrong, 403],
    [PASSWORD, 204],
  ] as const) {
    const headers = { ...cookie, ...basic('ada', old) }
    const body = JSON.stringify({ password: changed })
    const sent = { method: 'PUT', path, headers, body }
    assert.equal((await send(url, sent)).status, status)
  }
  await send(url, {
    method: 'POST',
    path: '/api/v2/users',
    headers: bearer(token),
    body: `{"name":"${changed}`,
  })
  await post(url, '/api/v2/signout', cookie)
  await stop()

  const log = output()
  for (const expected of [
    '"msg":"signin"',
    '"msg":"signin refused"',
    'password.change',
    'authorization.create',
    'request',
  ]) {
    assert.ok(log.includes(expected), expected)
  }
  const credentials = [basic('ada', PASSWORD), basic('ada', wrong), basic('ada', changed)]
  const secrets = [PASSWORD, wrong, changed, token, `${token}x`, key, made.json.token]
  for (const secret of secrets.flatMap(formsOf)) assert.ok(!log.includes(secret), secret)
  for (const { authorization } of credentials) assert.ok(!log.includes(authorization.slice(6)))
})
