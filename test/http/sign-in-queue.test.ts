/** More concurrent sign-ins than the queue admits. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ARGON2ID_COST } from '../../src/domain/passwords/argon2id.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

let server: SetUpServer
before(async () => {
  server = await startSetUp(['--password-hash-concurrency', '1', '--password-hash-queue', '0'], {
    passwordCost: ARGON2ID_COST,
  })
})
after(() => server.stop())

test('a sign-in that finds the queue full is asked to retry later', async () => {
  const session = await server.session()
  const received = await Promise.all(Array.from({ length: 20 }, () => server.signIn()))
  const refused = received.filter(({ status }) => status !== 204)
  assert.ok(refused.length > 0 && refused.length < 20, `${refused.length} of 20 were refused`)
  for (const { status, headers, json } of refused) {
    assert.deepEqual(
      [status, headers['x-platform-error-code'], json.code],
      [503, 'unavailable', 'unavailable'],
    )
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/)
    assert.equal(headers['set-cookie'], undefined)
  }
  assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).status, 200)
})

test('an unknown name waits in the same queue, so that it cannot be distinguished', async () => {
  const received = await Promise.all(Array.from({ length: 20 }, () => server.signIn('nobody')))
  const statuses = new Set(received.map(({ status }) => status))
  assert.deepEqual([...statuses].sort(), [401, 503])
})

test('when the queue is empty again, sign-ins succeed', async () => {
  assert.equal((await server.signIn()).status, 204)
})
