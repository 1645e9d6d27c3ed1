import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { type ConnectionOptions, connect } from 'node:tls'
import { withoutOpenssl, writeCertificate } from '../support/certificate.ts'
import { temporaryFolder } from '../support/folder.ts'
import { basic, PASSWORD } from './api.ts'
import { startSluice } from './sluice.ts'

async function startSecure(t: TestContext, args: readonly string[] = []) {
  const folder = temporaryFolder()
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  writeCertificate(paths, 'first')
  const tls = ['--tls-cert', paths.cert, '--tls-key', paths.key]
  const server = await startSluice(t, ['--store', 'memory', ...tls, ...args])
  assert.match(server.url, /^https:/)
  return { ...server, paths }
}

/** Completes a handshake and closes; returns the protocol and the certificate's subject. */
async function shakeHands(port: number, options: ConnectionOptions = {}) {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  try {
    await once(socket, 'secureConnect')
    return { protocol: socket.getProtocol(), subject: String(socket.getPeerCertificate().subject.CN) }
  } finally {
    socket.destroy()
  }
}

/** Accepts only this version, with the ciphers that it needs. */
function only(version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): ConnectionOptions {
  return { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }
}

async function post(url: string, ca: string, headers: Record<string, string>, body = '') {
  const sending = request(url, { method: 'POST', headers, ca: readFileSync(ca), agent: false })
  sending.end(body)
  const [response] = await once(sending, 'response')
  response.resume()
  return response as { statusCode: number; headers: Record<string, string | string[]> }
}

suite('TLS', { skip: withoutOpenssl, concurrency: true }, () => {
  test('old versions are refused, 1.2 and 1.3 accepted, and an open connection does not delay shutdown', async (t) => {
    const { port, stop } = await startSecure(t)
    await assert.rejects(shakeHands(port, only('TLSv1.1')), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })
    assert.equal((await shakeHands(port, only('TLSv1.2'))).protocol, 'TLSv1.2')
    assert.equal((await shakeHands(port)).protocol, 'TLSv1.3')

    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    socket.on('error', () => {})
    assert.deepEqual(await stop(), { code: 0, signal: null })
  })

  test('with a minimum version of 1.3, older ones are refused, also after the certificate was renewed', async (t) => {
    const { port, paths, written } = await startSecure(t, ['--tls-min-version', '1.3'])
    const refusal = { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }
    await assert.rejects(shakeHands(port, only('TLSv1.2')), refusal)
    writeCertificate(paths, 'second')
    await written('the TLS certificate was renewed')
    assert.deepEqual(await shakeHands(port), { protocol: 'TLSv1.3', subject: 'second' })
    await assert.rejects(shakeHands(port, only('TLSv1.2')), refusal)
  })

  test('a renewed certificate is served without a restart; a broken one is logged, and the old one stays', async (t) => {
    const { port, paths, written } = await startSecure(t)
    const before = readFileSync(paths.key)
    assert.equal((await shakeHands(port)).subject, 'first')
    writeCertificate({ ...paths, key: join(paths.key, '..', 'other-key.pem') }, 'second')
    await written('the renewed TLS certificate cannot be used; the server keeps the old one')
    assert.deepEqual(readFileSync(paths.key), before)
    assert.equal((await shakeHands(port)).subject, 'first')

    writeCertificate(paths, 'third')
    await written('the TLS certificate was renewed')
    assert.equal((await shakeHands(port)).subject, 'third')
  })

  test('the cookie is Secure, and plain HTTP gets a clear message', async (t) => {
    const { url, port, paths } = await startSecure(t)
    const setup = JSON.stringify({ username: 'ada', password: PASSWORD, org: 'works', bucket: 'points' })
    assert.equal((await post(`${url}/api/v2/setup`, paths.cert, {}, setup)).statusCode, 201)
    const { statusCode, headers } = await post(`${url}/api/v2/signin`, paths.cert, basic('ada', PASSWORD))
    assert.equal(statusCode, 204)
    assert.match(String(headers['set-cookie']), /; HttpOnly; Secure; SameSite=Strict$/)
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const plain = await fetch(`http://127.0.0.1:${port}/ping`, { method })
      assert.equal(plain.status, 400)
      assert.deepEqual(await plain.json(), {
        code: 'invalid',
        message: 'the client sent an HTTP request to an HTTPS server; use https://',
      })
      assert.equal(plain.headers.get('x-platform-error-code'), 'invalid')
    }
  })
})
