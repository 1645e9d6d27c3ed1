import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSecret, hashSecret, storedTokenHash } from './secrets.ts'

test('a secret is 64 random bytes as URL-safe base64 with padding, as InfluxDB writes them', () => {
  const secrets = Array.from({ length: 3000 }, createSecret)
  for (const secret of secrets) {
    // Never "-" first, as one in 64 would have it: a command line takes such a token for a flag.
    assert.match(secret, /^[A-Za-z0-9_][A-Za-z0-9_-]{85}==$/)
    assert.equal(Buffer.from(secret, 'base64url').length, 64)
  }
  assert.equal(new Set(secrets).size, secrets.length)
  assert.ok(secrets.some((secret) => secret.startsWith('_')))
})

test('the hash of a token is written as InfluxDB writes it', () => {
  // openssl dgst -sha256 -binary | base64 | tr '+/' '-_'
  const known = {
    secret: 'K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols=',
    '': '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=',
  }
  for (const [token, hash] of Object.entries(known)) {
    assert.equal(storedTokenHash(hashSecret(token)), `$influxdb2-sha256$${hash}`)
  }
})
