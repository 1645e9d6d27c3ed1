import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { suite, test } from 'node:test'
import { parseTrustedProxies } from '../../config/trusted-proxies.ts'
import { createClientAddress } from './client-address.ts'

const PROXY = '10.0.0.1'
const isTrusted = parseTrustedProxies(['private', 'loopback', '2001:db8:ffff::/48'])
const behindProxies = createClientAddress({ isTrusted })
const forwarded = (header: string) => behindProxies(PROXY, { forwarded: header })
const xForwardedFor = (header: string) => behindProxies(PROXY, { 'x-forwarded-for': header })

suite('client address: what is not believed', () => {
  const headers: IncomingHttpHeaders = { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '203.0.113.9' }

  test('no header where nobody is trusted', () => {
    const clientAddress = createClientAddress({ isTrusted: undefined })
    for (const remote of ['127.0.0.1', '::1', PROXY, '192.0.2.1']) {
      assert.equal(clientAddress(remote, headers), remote)
    }
    assert.equal(clientAddress('::ffff:192.0.2.1', headers), '192.0.2.1')
    assert.equal(clientAddress('::ffff:0:c000:201', headers), '::ffff:0:c000:201')
    assert.equal(clientAddress(undefined, headers), '')
  })

  test('no header from whoever is not trusted', () => {
    assert.equal(behindProxies('192.0.2.1', headers), '192.0.2.1')
    assert.equal(behindProxies('::ffff:192.0.2.1', headers), '192.0.2.1')
    assert.equal(behindProxies('2001:db8::1', headers), '2001:db8::1')
    for (const remote of ['', '/run/sluice.sock', 'unknown'])
      assert.equal(behindProxies(remote, headers), remote)
    assert.equal(behindProxies(undefined, headers), '')
  })

  test('what a client sent, to the left of what the proxies add', () => {
    const added = ', 192.0.2.1, 10.0.0.2'
    for (const sent of ['203.0.113.9', '127.0.0.1', 'unknown', '"', ',,', '10.0.0.3, 203.0.113.9']) {
      assert.equal(xForwardedFor(sent + added), '192.0.2.1', sent)
    }
  })

  test('an unfinished quote or pair, by which a client tries to swallow what a proxy adds', () => {
    const unfinished = [
      'for="',
      'for="203.0.113.9',
      'for="\\',
      '"',
      'for="a\\"',
      'for="x, for=203.0.113.9',
      '=',
      'for',
      '""',
    ]
    const added = ['for=192.0.2.1', 'for="192.0.2.1:80";by="a\\",for=203.0.113.9\\\\";proto=https']
    for (const sent of unfinished) {
      for (const each of added) assert.equal(forwarded(`${sent}, ${each}`), '192.0.2.1', `${sent}, ${each}`)
    }
  })

  test('what stands beyond a hop that cannot be read: the walk ends at the proxy that sent it', () => {
    const unreadable = [
      'unknown',
      '_hidden',
      '"_hidden:80"',
      '10.0.0.256',
      '"[::1"',
      '"10.0.0.3:x"',
      '"\\"',
      '10.0.0.3 10.0.0.4',
    ]
    for (const each of unreadable) {
      assert.equal(forwarded(`for=203.0.113.9, for=${each}, for=10.0.0.2`), '10.0.0.2', each)
      assert.equal(forwarded(`for=203.0.113.9, for=${each}`), PROXY, each)
      assert.equal(xForwardedFor(`203.0.113.9, ${each}, 10.0.0.2`), '10.0.0.2', each)
    }
    const elements = [
      'proto=https',
      'for=10.0.0.3;for=10.0.0.4',
      'for=10.0.0.3 by=x',
      'for = 10.0.0.3',
      'for=',
      ';for=10.0.0.3',
    ]
    for (const each of elements) assert.equal(forwarded(`for=203.0.113.9, ${each}`), PROXY, each)
  })

  test('X-Forwarded-For beside Forwarded, and the one that the configuration does not name', () => {
    const both = { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.2' }
    // One of the two is what the client wrote, and nothing tells which.
    assert.equal(behindProxies(PROXY, both), PROXY)
    assert.equal(behindProxies(PROXY, { ...both, 'x-forwarded-for': '192.0.2.1' }), '192.0.2.1')
    assert.equal(behindProxies(PROXY, { ...both, forwarded: 'for=unknown' }), PROXY)
    assert.equal(createClientAddress({ isTrusted, header: 'x-forwarded-for' })(PROXY, both), '192.0.2.2')
    const onlyForwarded = createClientAddress({ isTrusted, header: 'forwarded' })
    assert.equal(onlyForwarded(PROXY, both), '192.0.2.1')
    assert.equal(onlyForwarded(PROXY, { 'x-forwarded-for': '192.0.2.2' }), PROXY)
  })
})

suite('client address: behind trusted proxies', () => {
  test('without a header, or with an empty one, the client is the proxy itself', () => {
    assert.equal(behindProxies(PROXY, {}), PROXY)
    assert.equal(behindProxies('::FFFF:10.0.0.1', {}), PROXY)
    for (const empty of ['', ' ', ',', ' , ,, ']) {
      assert.equal(forwarded(empty), PROXY)
      assert.equal(xForwardedFor(empty), PROXY)
    }
  })

  test('the first hop from the right that is not trusted, else the last one', () => {
    assert.equal(xForwardedFor('192.0.2.1'), '192.0.2.1')
    assert.equal(
      xForwardedFor('192.0.2.1,10.0.0.3 ,\t127.0.0.1, ::1, fd00::1, 2001:db8:ffff::1'),
      '192.0.2.1',
    )
    assert.equal(xForwardedFor('10.0.0.4, 10.0.0.3'), '10.0.0.4')
    assert.equal(forwarded('for=10.0.0.4, for=10.0.0.3'), '10.0.0.4')
    assert.equal(behindProxies('::ffff:10.0.0.1', { 'x-forwarded-for': '192.0.2.1' }), '192.0.2.1')
  })

  test('the ways of writing a hop', () => {
    const ways = {
      '192.0.2.1': [
        '192.0.2.1',
        '192.0.2.1:8080',
        '192.0.2.1:_port',
        '::ffff:192.0.2.1',
        '[::FFFF:c000:201]:80',
      ],
      '2001:db8::1': [
        '2001:DB8::1',
        '[2001:db8::1]',
        '[2001:db8:0::1]:8080',
        '[2001:db8::1]:_x',
        '2001:db8::1%eth0',
      ],
    }
    for (const [address, written] of Object.entries(ways)) {
      for (const way of written) {
        assert.equal(xForwardedFor(way), address, way)
        assert.equal(forwarded(`for="${way}"`), address, way)
      }
    }
  })

  test('the examples of RFC 7239, 4 and 7.1, and what proxies make of it', () => {
    const read = {
      'For="[2001:db8:cafe::17]:4711"': '2001:db8:cafe::17',
      'for=192.0.2.60;proto=http;by=203.0.113.43': '192.0.2.60',
      'for=192.0.2.43, for=198.51.100.17': '198.51.100.17',
      'for=192.0.2.43, for="[2001:db8:ffff::17]"': '192.0.2.43',
      'by="a,b;for=x\\"";FOR=192.0.2.1;': '192.0.2.1',
      'for="192\\.0.2.1" ; proto=https': '192.0.2.1',
      'for=192.0.2.1:80': '192.0.2.1',
      'for=[2001:db8::1]:80': '2001:db8::1',
    }
    for (const [header, address] of Object.entries(read)) assert.equal(forwarded(header), address, header)
  })

  test('repeated headers, joined by Node or as a list', () => {
    assert.equal(
      behindProxies(PROXY, { 'x-forwarded-for': ['203.0.113.9', '192.0.2.1, 10.0.0.2'] }),
      '192.0.2.1',
    )
    assert.equal(behindProxies(PROXY, { forwarded: ['for=203.0.113.9', 'for=192.0.2.1'] }), '192.0.2.1')
  })

  test('a header of hostile length is read in no time', () => {
    const parts = [
      ',',
      '"',
      '\\"',
      '\\',
      'for="',
      'for=10.0.0.2,',
      '10.0.0.2, ',
      ' ',
      '[',
      'a',
      'for=a;',
      ':',
    ]
    const started = performance.now()
    for (const part of parts) {
      const header = part.repeat(16_384 / part.length)
      for (const each of [header, `${header}"`, `for=${header}`, `"${header}`]) {
        behindProxies(PROXY, { forwarded: each })
        behindProxies(PROXY, { 'x-forwarded-for': each })
      }
    }
    // Quadratic readers take minutes for this.
    assert.ok(performance.now() - started < 5000)
  })
})
