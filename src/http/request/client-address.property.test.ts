import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { parseTrustedProxies } from '../../config/trusted-proxies.ts'
import { canonicalAddress } from '../../domain/base/address-key.ts'
import { createClientAddress } from './client-address.ts'

const PROXY = '10.0.0.1'
const isTrusted = parseTrustedProxies(['private', 'loopback', '2001:db8:ffff::/48'])
const behindProxies = createClientAddress({ isTrusted })
const forwarded = (header: string) => behindProxies(PROXY, { forwarded: header })
const xForwardedFor = (header: string) => behindProxies(PROXY, { 'x-forwarded-for': header })

suite('client address: any header', () => {
  const piece = fc.constantFrom(
    ...[
      'for=',
      'For="',
      '"',
      '\\',
      ',',
      ', ',
      ';',
      '=',
      '[',
      ']',
      ':',
      ':80',
      '%',
      'unknown',
      '_x',
      'by=',
      ' ',
      '\0',
    ],
    ...['192.0.2.1', '10.0.0.2', '::1', '2001:db8::1', '::ffff:10.0.0.3', '[fd00::1]:1', '256.1.1.1'],
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 20 }).map((all) => all.join('')),
  )
  const value = fc.option(fc.oneof(text, fc.array(text, { maxLength: 3 })), { nil: undefined })
  const anyHeaders = fc.record({ forwarded: value, 'x-forwarded-for': value })
  const remote = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom(PROXY, '::1', '::ffff:10.0.0.1', ''))

  test('never throws, and the answer is an address', () => {
    fc.assert(
      fc.property(remote, anyHeaders, (from, headers) => {
        const answer = behindProxies(from, headers)
        if (from === '') assert.equal(answer, '')
        else assert.notEqual(isIP(answer), 0)
        assert.equal(canonicalAddress(answer) ?? '', answer)
      }),
    )
  })

  test('changes nothing unless the remote is trusted', () => {
    fc.assert(
      fc.property(remote, anyHeaders, (from, headers) => {
        fc.pre(!isTrusted?.(from))
        assert.equal(behindProxies(from, headers), canonicalAddress(from) ?? from)
      }),
    )
  })

  test('changes nothing to the left of what a proxy adds', () => {
    const proxies = fc.array(fc.constantFrom('10.0.0.2', '::1', 'fd00::1'), { maxLength: 3 })
    fc.assert(
      fc.property(text, proxies, fc.constantFrom('192.0.2.1', '2001:db8::1'), (sent, hops, client) => {
        const added = [client, ...hops]
        assert.equal(xForwardedFor([sent, ...added].join(', ')), client)
        const elements = added.map((each) => `proto="a,\\"b";for="[${each}]:80"`)
        assert.equal(forwarded([sent, ...elements].join(', ')), client)
      }),
    )
  })
})
