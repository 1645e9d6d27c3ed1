/** An InfluxDB behind TLS that wants a client certificate. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer, type TLSSocket } from 'node:tls'
import { certificatesOf } from '../../src/compose/upstream-files.ts'
import { ConfigurationError } from '../../src/config/refusals/configuration-error.ts'
import { type Certificate, withoutOpenssl, writeAuthority, writeSigned } from '../support/certificate.ts'
import { temporaryFolder } from '../support/folder.ts'
import { send } from '../support/http.ts'
import { startUpstream, type Upstream } from '../support/influxd/upstream.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'

/** Hands on what comes over TLS to a plain upstream. */
async function startTls(upstream: Upstream, server: Certificate, authority: Certificate) {
  const sockets = new Set<TLSSocket>()
  const proxy = createServer(
    {
      ...{ cert: readFileSync(server.cert), key: readFileSync(server.key), ca: readFileSync(authority.cert) },
      ...{ requestCert: true, rejectUnauthorized: true },
    },
    (socket) => {
      sockets.add(socket)
      const { hostname, port } = new URL(upstream.url)
      const there = connect(Number(port), hostname)
      socket.pipe(there).pipe(socket)
      for (const each of [socket, there])
        each.on('error', () => [socket, there].map((both) => both.destroy()))
      socket.on('close', () => {
        sockets.delete(socket)
        there.destroy()
      })
    },
  ).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop() {
      proxy.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

suite('an InfluxDB behind TLS', { skip: withoutOpenssl }, () => {
  const folder = temporaryFolder()
  let upstream: Upstream
  let authority: Certificate
  let other: Certificate
  let client: Certificate
  let tls: Awaited<ReturnType<typeof startTls>>
  before(async () => {
    authority = writeAuthority(folder, 'authority')
    other = writeAuthority(folder, 'other')
    client = writeSigned(authority, folder, { name: 'client' })
    upstream = await startUpstream({ isSetUp: false })
    tls = await startTls(upstream, writeSigned(authority, folder, { name: 'server' }), authority)
  })
  after(async () => {
    tls?.stop()
    await upstream?.stop()
  })

  const flags = (url: string, ca: Certificate | undefined, own: Certificate | undefined) => [
    ...['--upstream-url', url, '--upstream-token', upstream.operatorToken],
    ...(ca ? ['--upstream-ca-file', ca.cert] : []),
    ...(own ? ['--upstream-client-cert-file', own.cert, '--upstream-client-key-file', own.key] : []),
  ]

  async function forwards({ url, operator }: Pick<SetUpServer, 'url' | 'operator'>): Promise<void> {
    const path = '/api/v2/write?org=analytics&bucket=engine'
    const headers = operator
    for (const body of ['m v=1', `m v=1\n`.repeat(50_000)]) {
      const { status, text } = await send(url, { method: 'POST', path, headers, body })
      assert.equal(status, 204, text)
    }
    const query = { query: 'from(bucket: "engine") |> range(start: 0)' }
    const answer = await send(url, {
      ...{ method: 'POST', path: '/api/v2/query?org=analytics', body: JSON.stringify(query) },
      headers: { ...headers, 'content-type': 'application/json' },
    })
    assert.match(answer.text, /_result/)
  }

  test('gets small and large writes and queries, from a server with its authority and a client certificate', async (t) => {
    const server = await startSetUp(flags(tls.url, authority, client))
    t.after(() => server.stop())
    await forwards(server)
    const ready = await send(server.url, { method: 'GET', path: '/ready' })
    assert.equal(ready.status, 200, ready.text)
  })

  /** A server whose way to upstream has just got these certificates; it was set up over a good one. */
  async function refused(
    t: { after(hook: () => unknown): void },
    url: string,
    ca: Certificate | undefined,
    own: Certificate | undefined,
    line: RegExp,
  ): Promise<void> {
    const server = await startServer(flags(url, ca, own))
    t.after(() => server.stop())
    const first = { username: 'ada', password: 'correct horse 1', org: 'analytics', bucket: 'engine' }
    const made = await send(server.url, {
      ...{ method: 'POST', path: '/api/v2/setup', body: JSON.stringify(first) },
    })
    assert.deepEqual([made.status, made.json.code], [503, 'unavailable'], made.text)
    assert.ok(!made.text.includes('127.0.0.1'))
    for (const end = Date.now() + 10_000; !line.test(server.log.join('\n')) && Date.now() < end; )
      await sleep(50)
    assert.match(server.log.join('\n'), line)
    assert.equal((await send(server.url, { method: 'GET', path: '/ready' })).status, 503)
    assert.ok(!server.log.join('\n').includes(upstream.operatorToken))
  }

  test('is away for a server that does not know its authority, and the log says what to set', async (t) => {
    await refused(t, tls.url, other, client, /no known authority.*upstream-ca-file/)
    await refused(t, tls.url, undefined, client, /no known authority.*upstream-ca-file/)
  })

  test('is away for a server without a client certificate that it accepts', async (t) => {
    const line = /client certificate.*upstream-client-cert-file/
    await refused(t, tls.url, authority, undefined, line)
    const foreign = writeSigned(other, folder, { name: 'foreign' })
    await refused(t, tls.url, authority, foreign, line)
    const expired = writeSigned(authority, folder, { name: 'expired-client', days: -1 })
    await refused(t, tls.url, authority, expired, line)
  })

  test('is away with a certificate that has expired, or is for another host', async (t) => {
    for (const [name, more, line] of [
      ['expired', { days: -1 }, /has expired.*renew it/],
      ['elsewhere', { subject: 'DNS:elsewhere.example' }, /another host.*upstream-url/],
    ] as const) {
      const bad = await startTls(upstream, writeSigned(authority, folder, { name, ...more }), authority)
      t.after(() => bad.stop())
      await refused(t, bad.url, authority, client, line)
    }
  })

  test('fails forwarded requests with 502 or 503 when it begins to refuse the certificate', async (t) => {
    const serverCertificate = writeSigned(authority, folder, { name: 'renewed' })
    const fresh = await startUpstream({ isSetUp: false })
    t.after(() => fresh.stop())
    const good = await startTls(fresh, serverCertificate, authority)
    const argv = flags(good.url, authority, client)
    argv[3] = fresh.operatorToken
    const server = await startSetUp(argv)
    t.after(() => server.stop())
    await forwards(server)
    const { port } = new URL(good.url)
    good.stop()
    const strict = createServer({
      ...{ cert: readFileSync(serverCertificate.cert), key: readFileSync(serverCertificate.key) },
      ...{ ca: readFileSync(other.cert), requestCert: true, rejectUnauthorized: true },
    })
    strict.on('tlsClientError', () => {})
    for (let tries = 0; !strict.listening && tries < 50; tries += 1) {
      strict.once('error', () => {})
      strict.listen(Number(port), '127.0.0.1')
      await sleep(50)
    }
    t.after(() => strict.close())
    const { status, json } = await send(server.url, {
      ...{ method: 'POST', path: '/api/v2/write?org=analytics&bucket=engine', body: 'm v=2' },
      headers: server.operator,
    })
    assert.ok(status === 502 || status === 503, String(status))
    assert.equal(json.code, 'unavailable')
  })

  test('needs files that are certificates and belong together', () => {
    const strange = writeSigned(authority, folder, { name: 'strange' })
    const files = (clientCertFile: string, clientKeyFile: string) =>
      certificatesOf({ caFile: authority.cert, clientCertFile, clientKeyFile })
    assert.ok(files(client.cert, client.key).cert)
    assert.throws(() => files(client.cert, strange.key), ConfigurationError)
    assert.throws(() => files(client.key, client.cert), ConfigurationError)
  })
})
