import assert from 'node:assert/strict'
import { test } from 'node:test'
import { securityHeaders } from './security-headers.ts'

test('every answer is kept by nobody, taken for what it says it is, and neither runs nor frames', () => {
  assert.deepEqual(securityHeaders({ strictTransportSeconds: undefined }), {
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; sandbox",
  })
})

test('HSTS is there where it is asked for, also to end it', () => {
  for (const seconds of [31_536_000, 0]) {
    const headers = securityHeaders({ strictTransportSeconds: seconds })
    assert.equal(headers['strict-transport-security'], `max-age=${seconds}`)
  }
})
