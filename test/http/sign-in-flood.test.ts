/** Hundreds of strangers who try passwords at once, from an address each: others get in all the same. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ARGON2ID_COST } from '../../src/domain/passwords/argon2id.ts'
import { basic, type Received, send } from '../support/http.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'

const STRANGERS = 330
const OFFICE = '198.51.100.7'

let server: SetUpServer
before(async () => {
  // A shorter queue than the default, so that a busy machine answers each stranger before the client gives up.
  const queue = ['--password-hash-concurrency', '1', '--password-hash-queue', '128']
  const argv = [...queue, '--trusted-proxies', '127.0.0.1']
  server = await startSetUp(argv, { passwordCost: ARGON2ID_COST })
  assert.equal((await from(OFFICE, 'ada')).status, 204)
})
after(() => server.stop())

function from(address: string, name: string, password = PASSWORD): Promise<Received> {
  const headers = { authorization: basic(name, password), 'x-forwarded-for': address }
  // On a machine that is busy with other tests the last of the queue waits for a minute.
  return send(server.url, { method: 'POST', path: '/api/v2/signin', headers, deadlineMs: 180_000 })
}

/** Runs while the strangers' tries are in flight; answers theirs, in the order in which they came. */
async function amongStrangers(nameOf: (index: number) => string, meanwhile: () => Promise<void>) {
  const statuses: number[] = []
  const strangers = Array.from({ length: STRANGERS }, async (_, index) => {
    const { status } = await from(`203.0.113.${index % 250}`, nameOf(index), `wrong ${index}`)
    statuses.push(status)
  })
  // So that theirs are there first.
  while (statuses.length < 3) await new Promise((resolve) => setImmediate(resolve))
  await meanwhile()
  const before = statuses.filter((status) => status === 401).length
  await Promise.all(strangers)
  return { statuses, before }
}

test('the owner signs in from a known address, and sets a password, while strangers try hers', async () => {
  const cookie = await server.session()
  const bob = (await server.ask('POST', '/api/v2/users', { name: 'bob' })).json.id
  for (const nameOf of [
    () => 'ada',
    (index: number) => `name ${index}`,
    (index: number) => `name ${index % 20}`,
  ]) {
    const { statuses, before } = await amongStrangers(nameOf, async () => {
      for (let count = 0; count < 3; count += 1) assert.equal((await from(OFFICE, 'ada')).status, 204)
      const path = `/api/v2/users/${bob}/password`
      const set = await server.ask('POST', path, { password: 'password of bob' }, cookie)
      assert.equal(set.status, 204)
    })
    // Each of the four waits for one hash at work, and one in four is a stranger's.
    assert.ok(before < 40, `${before} strangers were answered before her`)
    assert.deepEqual(
      [...new Set(statuses)].filter((status) => ![401, 429, 503].includes(status)),
      [],
    )
  }
})
