import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSecret, hashSecret, isStoredTokenHash, storedTokenHash, storedTokenHashes } from './secrets.ts'

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

test('both forms in which a token may be stored are those of InfluxDB', () => {
  // Known answers of its source, pkg/crypt/algorithm/influxdb2.
  const [sha256] = storedTokenHashes('c27cb2033ab304629d32e1dbcd0ca7186322d3be98af5dd4c329ab800ef85d73')
  assert.equal(sha256, '$influxdb2-sha256$kMrC1MoFhWvvKSgyqpMaLuo2O3LINv4_XByCSkfV9K0=')
  const [, sha512] = storedTokenHashes('322be1195f22da43a88e5ef1e856b707d6b7d41a6068feec343decbc5d784e50')
  assert.equal(
    sha512,
    '$influxdb2-sha512$ffgzLTTAyWBDczT0kKzwLzLjlemQh6UiFvqIA0CPd-B7qgqAetWEuKRI9qOLeE4ak6mxcxwthyKUO40sHf5V5w==',
  )
  for (const form of [sha256, sha512]) assert.ok(isStoredTokenHash(form))
  for (const other of [
    '',
    'token',
    sha256.slice(0, -1),
    sha512.replace('512', '256'),
    `${sha256}\n`,
    ` ${sha512}`,
  ]) {
    assert.ok(!isStoredTokenHash(other), other)
  }
})
