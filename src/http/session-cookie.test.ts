import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionCookie } from './session-cookie.ts'

const EXPIRES_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 999)

test('the session cookie has every attribute, in the order and the spelling of InfluxDB', () => {
  assert.equal(
    sessionCookie('KEY==', EXPIRES_AT, { secure: false }),
    'influxdb-oss-session=KEY==; Path=/api/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; HttpOnly; SameSite=Strict',
  )
})

test('over TLS it is sent back over TLS only', () => {
  const cookie = sessionCookie('KEY==', EXPIRES_AT, { secure: true })
  assert.deepEqual(cookie.split('; ').slice(3), ['HttpOnly', 'Secure', 'SameSite=Strict'])
})
