/** Which accounts exist, and for how long passwords are valid (ASVS 5.0 6.2.10, 6.3.2). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, send } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { cookie, DAY, startAttacked } from './attack.ts'

test('before setup there is no account, and after it only the one that was named', async (t) => {
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

test('a password is valid until it is changed', async (t) => {
  const server = await startAttacked()
  t.after(() => server.stop())
  for (let year = 0; year < 5; year++) {
    server.pass(365 * DAY)
    assert.equal((await server.enter()).status, 204, `after ${year + 1} years`)
  }
})

test('a password beyond ASCII is the same in UTF-8 and in ISO 8859-1, for every way of sending it', async (t) => {
  const server = await startAttacked()
  t.after(() => server.stop())
  const passwords = ['BrandAusgelöst9', 'Çatalhöyük ÿ 1', 'äöüßÄÖÜ'] as const
  const id = await server.addUser('jörg', passwords[0])
  const basicIn = (encoding: BufferEncoding, password: string) => ({
    authorization: `Basic ${Buffer.from(`jörg:${password}`, encoding).toString('base64')}`,
  })
  const enter = (headers: Record<string, string>) => server.ask('POST', '/api/v2/signin', undefined, headers)
  for (const encoding of ['utf8', 'latin1'] as const) {
    assert.equal((await enter(basicIn(encoding, passwords[0]))).status, 204, encoding)
    assert.equal((await enter(basicIn(encoding, `${passwords[0]}ä`))).status, 401, encoding)
  }
  const session = cookie(await enter(basicIn('latin1', passwords[0])))
  for (const [index, path] of ['/api/v2/me/password', `/api/v2/users/${id}/password`].entries()) {
    const [old, next] = [passwords[index] as string, passwords[index + 1] as string]
    const change = (password: string) =>
      server.ask('PUT', path, { password: next }, { ...session, ...basicIn('latin1', password) })
    assert.equal((await change('Ungültig 1')).status, 403, path)
    assert.equal((await change(old)).status, 204, path)
  }
  assert.equal((await enter(basicIn('utf8', passwords[2]))).status, 204)
  assert.equal((await enter(basicIn('latin1', passwords[2]))).status, 204)
})
