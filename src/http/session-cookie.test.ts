import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessionCookie } from './session-cookie.ts'

const EXPIRES_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 999)
const DEFAULTS = { name: 'influxdb-oss-session', path: '/api/', sameSite: 'strict', secure: false } as const

test('the session cookie has every attribute, in the order and the spelling of InfluxDB', () => {
  assert.equal(
    createSessionCookie(DEFAULTS).write('KEY==', EXPIRES_AT),
    'influxdb-oss-session=KEY==; Path=/api/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; HttpOnly; SameSite=Strict',
  )
})

test('over TLS it is sent back over TLS only', () => {
  const cookie = createSessionCookie({ ...DEFAULTS, secure: true }).write('KEY==', EXPIRES_AT)
  assert.deepEqual(cookie.split('; ').slice(3), ['HttpOnly', 'Secure', 'SameSite=Strict'])
})

test('name, path and sites are what settings say', () => {
  const cookie = createSessionCookie({ name: '__Host-s', path: '/', sameSite: 'none', secure: true })
  assert.equal(cookie.name, '__Host-s')
  assert.match(cookie.write('KEY==', EXPIRES_AT), /^__Host-s=KEY==; Path=\/; .*; Secure; SameSite=None$/)
  assert.match(createSessionCookie({ ...DEFAULTS, sameSite: 'lax' }).write('K', 0), /; SameSite=Lax$/)
})
