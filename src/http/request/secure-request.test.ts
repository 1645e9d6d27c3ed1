import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createIsSecure } from './secure-request.ts'

const PROXY = '10.0.0.1'
const isTrusted = (address: string) => address === PROXY
const behindProxy = createIsSecure({ always: false, isTrusted })
const says = (headers: Record<string, string>, remoteAddress: string | undefined = PROXY) =>
  behindProxy({ socket: { remoteAddress }, headers })

suite('a request came by TLS', () => {
  test('where a trusted proxy says so, by either header', () => {
    for (const headers of [
      { 'x-forwarded-proto': 'https' },
      { 'x-forwarded-proto': 'HTTPS' },
      { 'x-forwarded-proto': ' https , http' },
      { forwarded: 'for=203.0.113.9;proto=https' },
      { forwarded: 'Proto="https"; for=203.0.113.9' },
      { forwarded: 'for=203.0.113.9;proto=https, for=10.0.0.2;proto=http' },
      { forwarded: 'for=203.0.113.9;proto=https', 'x-forwarded-proto': 'https' },
      { forwarded: 'for=203.0.113.9', 'x-forwarded-proto': 'https' },
    ]) {
      assert.equal(says(headers), true, JSON.stringify(headers))
      assert.equal(says(headers, `::ffff:${PROXY}`), true, 'on a socket of both families')
    }
  })

  test('not where it says something else, or nothing that can be read', () => {
    for (const headers of [
      {},
      { 'x-forwarded-proto': 'http' },
      { 'x-forwarded-proto': '' },
      { 'x-forwarded-proto': 'http, https' },
      { 'x-forwarded-proto': 'https:' },
      { 'x-forwarded-proto': 'xhttps' },
      { forwarded: 'for=203.0.113.9;proto=http' },
      { forwarded: 'for=203.0.113.9;proto=https;proto=http' },
      { forwarded: 'for="https"' },
      { forwarded: 'for=203.0.113.9;proto=https', 'x-forwarded-proto': 'http' },
      { forwarded: 'for=203.0.113.9;proto=http', 'x-forwarded-proto': 'https' },
      { 'x-forwarded-for': 'https', 'x-forwarded-ssl': 'on' },
    ]) {
      assert.equal(says(headers as Record<string, string>), false, JSON.stringify(headers))
    }
  })

  test('not where somebody else says so, or nobody is trusted', () => {
    const headers = { 'x-forwarded-proto': 'https', forwarded: 'proto=https' }
    for (const address of ['10.0.0.2', '', 'nonsense']) assert.equal(says(headers, address), false, address)
    assert.equal(behindProxy({ socket: {}, headers }), false)
    const trustsNobody = createIsSecure({ always: false, isTrusted: undefined })
    assert.equal(trustsNobody({ socket: { remoteAddress: PROXY }, headers }), false)
  })

  test('always, where this server has TLS, whatever a proxy says', () => {
    const always = createIsSecure({ always: true, isTrusted })
    const headers = { 'x-forwarded-proto': 'http' }
    assert.equal(always({ socket: { remoteAddress: PROXY }, headers }), true)
  })
})
