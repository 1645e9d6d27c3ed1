import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessionCookie } from './session-cookie.ts'

const NOW = Date.UTC(2026, 0, 2, 2, 54, 5, 999)
const EXPIRES_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 999)
const DEFAULTS = {
  name: 'influxdb-oss-session',
  path: '/api/',
  sameSite: 'strict',
  isSecure: () => false,
  now: () => NOW,
} as const
const REQUEST = { socket: {}, headers: {} }

test('the session cookie has every attribute, in the order and the spelling of InfluxDB, and Max-Age', () => {
  assert.equal(
    createSessionCookie(DEFAULTS).write('KEY==', EXPIRES_AT, REQUEST),
    'influxdb-oss-session=KEY==; Path=/api/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; Max-Age=600; HttpOnly; SameSite=Strict',
  )
})

test('Max-Age is what is left of the session, in seconds, and never below zero', () => {
  const cookie = createSessionCookie(DEFAULTS)
  for (const [leftMs, maxAge] of [
    [1, 1],
    [1000, 1],
    [299_001, 300],
    [0, 0],
    [-5000, 0],
  ] as const) {
    assert.match(cookie.write('K', NOW + leftMs, REQUEST), new RegExp(`; Max-Age=${maxAge};`))
  }
})

test('for a request over TLS it is sent back over TLS only', () => {
  const isSecure = (request: unknown) => request === REQUEST
  const cookie = createSessionCookie({ ...DEFAULTS, isSecure }).write('KEY==', EXPIRES_AT, REQUEST)
  assert.deepEqual(cookie.split('; ').slice(4), ['HttpOnly', 'Secure', 'SameSite=Strict'])
})

test('name, path and sites are what settings say', () => {
  const isSecure = () => true
  const cookie = createSessionCookie({ ...DEFAULTS, name: '__Host-s', path: '/', sameSite: 'none', isSecure })
  assert.equal(cookie.name, '__Host-s')
  assert.match(
    cookie.write('KEY==', EXPIRES_AT, REQUEST),
    /^__Host-s=KEY==; Path=\/; .*; Secure; SameSite=None$/,
  )
  const shared = createSessionCookie({ ...DEFAULTS, domain: 'example.com' })
  assert.match(shared.write('K', 0, REQUEST), /; Domain=example\.com; Expires=/)
  const lax = createSessionCookie({ ...DEFAULTS, sameSite: 'lax' })
  assert.match(lax.write('K', 0, REQUEST), /; SameSite=Lax$/)
})
