/** Several session cookies in one request: of ended sessions under another path, and planted by a sibling host. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseSetCookie } from '../support/set-cookie.ts'
import { type Attacked, cookie, MINUTE, meStatus, startAttacked } from './attack.ts'

const NAME = 'influxdb-oss-session'
const EMPTY = `${NAME}=`
const DEAD = `${NAME}=${'A'.repeat(86)}==`

let server: Attacked
before(async () => {
  server = await startAttacked()
  await server.addUser('mallory')
})
after(() => server.stop())

const signIn = async (headers: Record<string, string> = {}) => cookie(await server.enter({ headers })).cookie
const planted = async () => cookie(await server.enter({ name: 'mallory' })).cookie
const status = (...cookies: string[]) => meStatus(server, { cookie: cookies.join('; ') })
const post = async (path: string, ...cookies: string[]) =>
  (await server.ask('POST', path, undefined, { cookie: cookies.join('; ') })).status

describe('with another cookie that is empty or of an ended session', () => {
  test('the cookie of a live session counts, in any position', async () => {
    const own = await signIn()
    for (const cookies of [
      [EMPTY, own],
      [DEAD, own],
      [own, DEAD],
      [EMPTY, DEAD, `${NAME}="dead"`, own],
      [own, own],
    ])
      assert.equal(await status(...cookies), 200, cookies.join('; '))
    assert.equal(await status(EMPTY), 401)
    assert.equal(await status(EMPTY, DEAD), 401)
  })

  test('also in a separate header', async () => {
    const { status } = await server.ask('GET', '/api/v2/me', undefined, {
      cookie: [DEAD, await signIn()] as never,
    })
    assert.equal(status, 200)
  })

  test('its session is renewed', async () => {
    const own = await signIn()
    server.pass(6 * MINUTE)
    const { headers } = await server.ask('GET', '/api/v2/me', undefined, { cookie: `${DEAD}; ${own}` })
    const { name, value } = parseSetCookie(headers['set-cookie']?.[0] ?? '')
    assert.equal(`${name}=${value}`, own)
  })

  test('its session is signed out', async () => {
    const own = await signIn()
    assert.equal(await post('/api/v2/signout', EMPTY, DEAD, own), 204)
    assert.equal(await status(own), 401)
    assert.equal(await post('/api/v2/signout', EMPTY), 401)
  })

  test('its session ends with a sign-in', async () => {
    const own = await signIn()
    const next = await signIn({ cookie: `${DEAD}; ${own}` })
    assert.equal(await status(own), 401)
    assert.equal(await status(DEAD, own, next), 200)
  })

  test('a weak password is changed as if there were no cookies', async () => {
    const change = (cookie: string) =>
      server.ask('PUT', '/api/v2/me/password', { password: 'another horse 2' }, { cookie })
    assert.equal((await change(EMPTY)).status, 401)
    assert.equal((await change(DEAD)).status, 401)
  })

  test('more than ten are refused', async () => {
    const own = await signIn()
    const dead = (count: number) => Array.from({ length: count }, (_, index) => `${NAME}=dead${index}`)
    assert.equal(await status(...dead(9), own), 200)
    const sent = { cookie: [...dead(10), own].join('; ') }
    const refused = await server.ask('GET', '/api/v2/me', undefined, sent)
    assert.deepEqual([refused.status, refused.json.code], [401, 'unauthorized'])
    assert.match(refused.json.message, /^more than 10 session cookies were sent; delete/)
    assert.equal(await post('/api/v2/signin', ...dead(10), own), 401, 'without credentials')
    await signIn(sent)
  })
})

describe('with cookies of two live sessions', () => {
  test('every request is refused, until a sign-in ends both', async () => {
    for (const planted1 of [true, false]) {
      const both = [await signIn(), await planted()]
      if (planted1) both.reverse()
      const sent = { cookie: both.join('; ') }
      const refused = await server.ask('GET', '/api/v2/me', undefined, sent)
      assert.deepEqual([refused.status, refused.json.code], [401, 'unauthorized'])
      assert.match(refused.json.message, /^two session cookies open different sessions; sign in again/)
      assert.equal((await server.ask('POST', '/api/v2/orgs', { name: 'planted' }, sent)).status, 401)
      assert.equal(await post('/api/v2/signout', ...both), 401)
      for (const each of both) assert.equal(await status(each), 200)

      const next = await signIn(sent)
      for (const each of both) assert.equal(await status(each), 401)
      assert.equal(await status(...both, next), 200)
    }
  })

  test('two sessions of one user are refused too', async () => {
    assert.equal(await status(await signIn(), await signIn()), 401)
  })

  test('a token takes precedence, as with one cookie', async () => {
    const sent = { ...server.operator, cookie: `${await signIn()}; ${await planted()}` }
    assert.equal(await meStatus(server, sent), 200)
  })
})
