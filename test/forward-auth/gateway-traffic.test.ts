/** What passes through each gateway of docs/forward-auth.md: bodies, paths, streams, upgrades, and the client's address. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { on, once } from 'node:events'
import { request as open } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { cookieOf, send } from '../support/http.ts'
import { asking, GATEWAYS, skipped } from './programs.ts'
import { HOST, SPOOFED, start, startSluice } from './world.ts'

/** Sent by a client of that address. */
function statusFrom(
  url: string,
  localAddress: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = open(url, { localAddress, headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    request.end()
  })
}

/** Paths that a gateway has no reason to write in another way. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['/d/1?a=b&c=%20d&e=a+b', '/d/a%2Fb/%C3%A9%20/x', `/d/long?q=${'y'.repeat(1500)}`],
])

for (const gateway of GATEWAYS) {
  const skip = skipped(gateway)

  test(`${gateway.name} passes on what is sent through it`, { skip }, async (t) => {
    const sluice = await startSluice(t, ['--public-url', 'http://id.example.com'])
    const url = await start(t, gateway, new URL(sluice.url).host)
    const cookie = cookieOf(await sluice.signIn())
    const known = { ...HOST, cookie: `a=1; ${cookie}` }

    await t.test('a large body arrives unharmed, and its method', async () => {
      const body = randomBytes(10_000_000)
      const sha256 = createHash('sha256').update(body).digest('hex')
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, json, text } = await send(url, { method, path: '/api/x', headers: known, body })
        assert.equal(status, 200, text)
        assert.deepEqual([json.method, json.length, json.sha256], [method, body.length, sha256])
      }
    })

    await t.test('the application gets the path that Sluice was told of', async () => {
      for (const path of [
        ...PLAIN,
        '/d/e//f/../g/./h?x=/../y',
        '/d/%2e%2e/e%25%32%66',
        "/d/a;b=c,d'(e)*!$&:?f=[g]",
        '/?',
      ]) {
        const { status, json, text } = await send(url, { method: 'GET', path, headers: known })
        const navigates = { ...HOST, accept: 'text/html', 'sec-fetch-mode': 'navigate' }
        const led = await send(url, { method: 'GET', path, headers: navigates })
        const back = new URL(led.headers.location ?? 'http://none').searchParams.get('return')
        if (status === 400) {
          assert.equal(led.status, 400, `${path}: ${text}`)
          continue
        }
        assert.equal(status, 200, `${path}: ${text}`)
        // Sluice writes the address as a browser would.
        assert.equal(back, new URL(json.url, 'http://grafana.example.com').href, path)
        if (PLAIN.has(path)) assert.equal(json.url, path)
      }
    })

    await t.test('no other header of Sluice passes, whoever sent it', async () => {
      const forged = { ...SPOOFED, 'x-sluice-check': 'redirect=false', 'x-sluice-target': '/x' }
      const { json } = await send(url, { method: 'GET', path: '/', headers: { ...known, ...forged } })
      const { 'x-sluice-method': _, ...untrue } = SPOOFED
      for (const [name, value] of Object.entries(untrue)) assert.notEqual(json[name], value, name)
      assert.equal(json.cookie.split(';')[0], 'a=1')
      const underscored = Object.fromEntries(
        Object.entries(SPOOFED).map(([name, value]) => [name.replaceAll('-', '_'), value]),
      )
      const got = await send(url, { method: 'GET', path: '/', headers: { ...known, ...underscored } })
      assert.equal(got.json['remote-user'], 'ada')
      for (const name of Object.keys(underscored)) assert.equal(got.json[name], undefined, name)
      const mixed = { ...known, remote_user: 'root', 'x_sluice-user': 'root', 'x-sluice_user-id': '1' }
      const sent = await send(url, { method: 'GET', path: '/', headers: mixed })
      for (const name of ['remote_user', 'x_sluice-user', 'x-sluice_user-id']) {
        assert.equal(sent.json[name], undefined, name)
      }
      const only = await send(url, { method: 'GET', path: '/', headers: { ...HOST, cookie } })
      assert.equal(only.json.cookie ?? '', '')
    })

    await t.test('a refusal says why', async () => {
      const { status, headers, json } = await send(url, {
        ...{ method: 'GET', path: '/', headers: { ...HOST, authorization: 'Token wrong' } },
      })
      assert.equal(status, 401)
      if (gateway.hidesReasons) return
      assert.equal(headers['x-sluice-reason'], 'unknown-token')
      assert.equal(json.code, 'unauthorized')
      assert.match(headers['content-type'] ?? '', /^application\/json/)
    })

    await t.test('what the application writes arrives at once', async () => {
      const request = open(`${url}/stream`, { headers: known, agent: false }).end()
      const [response] = await once(request, 'response', { signal: AbortSignal.timeout(5000) })
      const chunks = on(response, 'data', { signal: AbortSignal.timeout(5000) })
      assert.equal(String((await chunks.next()).value?.[0]), 'first\n')
      await send(url, { method: 'GET', path: '/go-on', headers: known })
      assert.equal(String((await chunks.next()).value?.[0]), 'second\n')
    })

    await t.test('a WebSocket opens for a known caller only', async () => {
      const { hostname, port } = new URL(url)
      const upgrade = async (credential: string, more = '') => {
        const socket = connect(Number(port), hostname)
        t.after(() => socket.destroy())
        socket.write(
          `GET /live HTTP/1.1\r\nHost: ${HOST.host}\r\nCookie: ${credential}\r\n${more}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        )
        const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(5000) })
        return { socket, answer: String(answer) }
      }
      const { socket, answer } = await upgrade(cookie)
      assert.match(answer, /^HTTP\/1\.1 101 /)
      assert.match(answer, /x-user: ada/i)
      socket.write('hello')
      assert.equal(String((await once(socket, 'data', { signal: AbortSignal.timeout(5000) }))[0]), 'hello')
      assert.match((await upgrade('a=1')).answer, /^HTTP\/1\.1 401 /)
      // Browsers before 2023 say by Origin alone which site the page is of.
      for (const page of [
        'Origin: https://other.example.com\r\n',
        'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: websocket\r\n',
      ]) {
        assert.match((await upgrade(cookie, page)).answer, /^HTTP\/1\.1 403 /, page)
      }
      const own = `Origin: ${new URL(url).protocol}//${HOST.host}\r\n`
      assert.match((await upgrade(cookie, own)).answer, /^HTTP\/1\.1 101 /)
    })
  })

  test(`${gateway.name} asks for a right on a bucket`, { skip }, async (t) => {
    const sluice = await startSluice(t, [])
    const resource = { type: 'buckets', orgID: sluice.orgID }
    const permissions = [{ action: 'read', resource }]
    const made = await sluice.ask('POST', '/api/v2/authorizations', { orgID: sluice.orgID, permissions })
    const reader = { ...HOST, authorization: `Token ${made.json.token}` }
    for (const [action, status] of [
      ['read', 200],
      ['write', 403],
    ] as const) {
      const query = `action=${action}&bucket=engine&org=analytics`
      const url = await start(t, gateway, new URL(sluice.url).host, asking(query))
      const received = await send(url, { method: 'GET', path: '/', headers: reader })
      assert.equal(received.status, status, received.text)
      if (status === 403 && !gateway.hidesReasons)
        assert.equal(received.headers['x-sluice-reason'], 'missing-permission')
      const inQuery = await send(url, { method: 'GET', path: '/?action=read', headers: reader })
      assert.equal(inQuery.status, status, 'the client cannot ask for less')
      const inHeader = { ...reader, 'x-sluice-check': 'action=read&bucket=engine' }
      assert.equal((await send(url, { method: 'GET', path: '/', headers: inHeader })).status, status)
    }
  })

  test(`${gateway.name} says from which address a guesser comes`, { skip }, async (t) => {
    const sluice = await startSluice(t, ['--trusted-proxies', '127.0.0.1', '--guess-address-limit', '3'])
    const url = await start(t, gateway, new URL(sluice.url).host)
    const wrong = (address: string, at: number) =>
      statusFrom(url, address, {
        ...{ ...HOST, authorization: `Token wrong-${at}`, forwarded: `for=192.0.2.${at}` },
        'x-forwarded-for': `192.0.2.${at}`,
      })
    const statuses = []
    for (let at = 0; at < 6; at += 1) statuses.push(await wrong('127.0.0.7', at))
    assert.deepEqual(statuses.slice(0, 2), [401, 401])
    assert.equal(statuses.at(-1), gateway.tooMany ?? 429, String(statuses))
    assert.equal(await wrong('127.0.0.8', 9), 401)
  })
}
