/** `sluice login` and `sluice logout` as processes, with a program in the place of a browser that says what it was asked. */
import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { basic, cookieOf, send } from '../support/http.ts'
import { beginLogin as begin, type Machine, machine } from './login-machine.ts'
import { type RunningServer, startSluice } from './sluice.ts'

const PASSWORD = 'correct horse battery'
const LINUX = { skip: process.platform === 'linux' ? false : 'another browser is opened there' }

/** A server set up by ada, and what a browser of hers sends to it. */
async function startSetUp(t: TestContext, argv: readonly string[] = []) {
  const server = await startSluice(t, ['--store', 'memory', ...argv])
  const post = (path: string, json: object, headers: Record<string, string> = {}) =>
    send(server.url, { method: 'POST', path, headers, body: JSON.stringify(json) })
  await post('/api/v2/setup', { username: 'ada', password: PASSWORD, org: 'works', bucket: 'points' })
  const entered = await post('/api/v2/signin', {}, { authorization: basic('ada', PASSWORD) })
  const cookie = cookieOf(entered)
  return { server, post: (path: string, json: object) => post(path, json, { cookie }) }
}

const requestOf = (page: URL) => ({ request: page.searchParams.get('request') ?? '' })

async function approved(server: Awaited<ReturnType<typeof startSetUp>>, page: URL): Promise<string> {
  const decided = await server.post('/api/v2/me/command-line/approve', requestOf(page))
  assert.equal(decided.status, 200, decided.text)
  return decided.json.url
}

const fileIn = (home: string, folder = '.config') => join(home, folder, 'sluice', 'logins')

async function tokenIn(server: RunningServer, at: Machine) {
  const { out } = await at.run(['login', '--print', '--host', server.url])
  return out.trim()
}

test('a browser on this machine: the token is stored, used, printed and deleted', LINUX, async (t) => {
  const world = await startSetUp(t)
  const { server } = world
  const host = ['--host', server.url]
  const at = machine()
  const login = begin(['login', ...host], at)
  const page = await at.page()
  assert.equal(page.origin, new URL(server.url).origin)
  assert.equal(page.pathname, '/command-line')
  const back = await approved(world, page)
  assert.match(back, /^http:\/\/127\.0\.0\.1:\d+\/\?code=/)
  // What another page brings is ignored: another state, none, another path, another host.
  const forged = new URL(back)
  forged.searchParams.set('state', 'x'.repeat(43))
  assert.equal((await fetch(forged)).status, 400)
  assert.equal((await fetch(new URL('/', back))).status, 404)
  assert.equal((await fetch(new URL('/other?code=1', back))).status, 404)
  const rebound = await send(new URL(back).origin, {
    ...{ method: 'GET', path: new URL(back).pathname + new URL(back).search },
    headers: { host: 'evil.example' },
  })
  assert.equal(rebound.status, 404)
  const arrived = await fetch(back, { redirect: 'manual' })
  assert.deepEqual(
    [arrived.status, arrived.headers.get('location')],
    [303, `${server.url}/command-line?outcome=done`],
  )
  const { code, out, err } = await login.ended
  assert.equal(code, 0, err)
  assert.match(err, /Signed in to \S+ as ada, for works, until /)
  const token = await tokenIn(server, at)
  assert.match(token, /^[\w-]{86}==$/)
  assert.ok(!(out + err).includes(token), 'the token was printed without being asked for')
  assert.ok(!server.output().includes(token) && !server.output().includes(requestOf(page).request))

  const users = await at.run(['user', 'list', '--quiet', ...host])
  assert.equal(users.code, 0, users.err)
  const listed = await at.run(['token', 'list', '--json', ...host])
  assert.match(listed.out, /"description":"sluice login on [\w.-]+"/)
  // A token in the environment counts before it.
  const other = await at.run(['user', 'list', ...host], { SLUICE_TOKEN: 'x'.repeat(40) })
  assert.match(other.err, /No such token exists/)

  const ended = await at.run(['logout', ...host])
  assert.deepEqual([ended.code, ended.err], [0, ''])
  const me = await send(server.url, {
    method: 'GET',
    path: '/api/v2/me',
    headers: { authorization: `Token ${token}` },
  })
  assert.equal(me.status, 401)
  assert.match((await at.run(['logout', ...host])).out, /There is no token/)
  assert.match((await at.run(['user', 'list', ...host])).err, /run sluice login/)
})

test(
  'the file is its owner’s alone, by server, and one that others may read does not count',
  LINUX,
  async (t) => {
    const world = await startSetUp(t)
    const { server } = world
    const host = ['--host', server.url]
    const at = machine()
    const config = join(at.home, 'config')
    const env = { XDG_CONFIG_HOME: config }
    const login = begin(['login', ...host], at, env)
    await fetch(await approved(world, await at.page()), { redirect: 'manual' })
    assert.equal((await login.ended).code, 0)
    const folder = fileIn(at.home, 'config')
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const files = readdirSync(folder)
    assert.equal(files.length, 1)
    const file = join(folder, files[0] ?? '')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal((await at.run(['user', 'list', ...host], env)).code, 0)
    const elsewhere = await at.run(['user', 'list', '--host', 'http://127.0.0.1:1'], env)
    assert.match(elsewhere.err, /a token is needed: run sluice login/)

    const stored = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...stored, expiresAt: '2026-01-01T00:00:00Z' }))
    assert.match((await at.run(['user', 'list', ...host], env)).err, /has ended; run: sluice login/)
    writeFileSync(file, JSON.stringify({ ...stored, token: `${'x'.repeat(40)}` }))
    assert.match((await at.run(['user', 'list', ...host], env)).err, /refused.*; run: sluice login/)
    chmodSync(file, 0o644)
    assert.match((await at.run(['user', 'list', ...host], env)).err, /others may read/)
    chmodSync(file, 0o600)
    writeFileSync(file, 'not JSON')
    assert.match((await at.run(['logout', ...host], env)).err, /is no file of sluice login/)
  },
)

test('a person who refuses ends the command at once', LINUX, async (t) => {
  const world = await startSetUp(t)
  const at = machine()
  const login = begin(['login', '--host', world.server.url], at)
  const page = await at.page()
  const denied = await world.post('/api/v2/me/command-line/deny', requestOf(page))
  const arrived = await fetch(denied.json.url, { redirect: 'manual' })
  assert.equal(arrived.headers.get('location'), `${world.server.url}/command-line?outcome=failed`)
  const { code, err } = await login.ended
  assert.equal(code, 1)
  assert.match(err, /refused in the browser/)
})

test('a browser elsewhere: a code, and a new sign-in ends the token before', async (t) => {
  const world = await startSetUp(t, ['--command-line-token-length', '1h'])
  const { server } = world
  const at = machine()
  const tokens: string[] = []
  for (let times = 0; times < 2; times += 1) {
    const login = begin(['login', '--device', '--host', server.url], at)
    const userCode = await login.found(/\n {4}([A-Z]{4}-[A-Z]{4})\n/)
    const url = await login.found(/Open (\S+) in a browser/)
    assert.equal(url, `${server.url}/device`)
    const decided = await world.post('/api/v2/me/command-line/approve', { userCode })
    assert.deepEqual([decided.status, decided.json], [200, {}])
    const { code, err } = await login.ended
    assert.equal(code, 0, err)
    tokens.push(await tokenIn(server, at))
  }
  assert.notEqual(tokens[0], tokens[1])
  const statuses = await Promise.all(
    tokens.map(async (token) => {
      const headers = { authorization: `Token ${token}` }
      return (await send(server.url, { method: 'GET', path: '/api/v2/me', headers })).status
    }),
  )
  assert.deepEqual(statuses, [401, 200])
})

test('without a screen, or over SSH, the code is shown without being asked for', async (t) => {
  const world = await startSetUp(t)
  for (const env of [{ DISPLAY: '' }, { SSH_CONNECTION: '192.0.2.1 5000 192.0.2.2 22' }]) {
    const at = machine()
    const login = begin(['login', '--host', world.server.url], at, env)
    const userCode = await login.found(/\n {4}([A-Z]{4}-[A-Z]{4})\n/)
    await world.post('/api/v2/me/command-line/deny', { userCode })
    const { code, err } = await login.ended
    assert.equal(code, 1)
    assert.match(err, /refused in the browser/)
  }
})

test('a server that gives none says so', async (t) => {
  for (const flags of [['--command-line-token-length', '0'], ['--ui-disabled']]) {
    const { server } = await startSetUp(t, flags)
    const { code, err } = await machine().run(['login', '--device', '--host', server.url])
    assert.equal(code, 1)
    assert.match(err, /command-line-token-length is 0, or ui-disabled is set/)
  }
})
