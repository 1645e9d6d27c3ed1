/** Who can sign in at all, and for how long (ASVS 5.0 6.2.10, 6.3.2). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, send } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { DAY, startAttacked } from './attack.ts'

test('before setup there is nobody, and after it only who was named', async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  for (const name of ['admin', 'root', 'influx', 'influxdb', 'sluice', 'operator', '']) {
    for (const password of ['', 'admin', 'password', name]) {
      const headers = { authorization: basic(name, password) }
      const { status } = await send(server.url, { method: 'POST', path: '/api/v2/signin', headers })
      assert.ok(status === 401 || status === 429, `${name}: ${status}`)
    }
  }
  assert.equal(await server.store.users.count(), 0)

  const own = await startAttacked()
  t.after(() => own.stop())
  const { users } = (await own.ask('GET', '/api/v2/users?limit=100')).json
  assert.deepEqual(
    users.map(({ name }: { name: string }) => name),
    ['ada'],
  )
})

test('a password is good until somebody changes it', async (t) => {
  const server = await startAttacked()
  t.after(() => server.stop())
  for (let year = 0; year < 5; year++) {
    server.pass(365 * DAY)
    assert.equal((await server.enter()).status, 204, `after ${year + 1} years`)
  }
})
