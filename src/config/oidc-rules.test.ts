import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { input } from '../../test/support/settings-input.ts'
import { loadSettings } from './load.ts'
import { ConfigurationError } from './refusals/configuration-error.ts'

const SECRET_KEY = { 'secret-key-file': '/keys' }

/** The refusal of settings with one provider, changed by `more`; an empty text if they are taken. */
function refusal(more: Readonly<Record<string, string>> = {}): string {
  const flags = {
    ...{ 'public-url': 'https://sluice.example.com', 'oidc-issuer': 'https://id.example.com' },
    ...{ 'oidc-client-id': 'sluice', 'oidc-name': 'corp', 'oidc-allowed-groups': 'dev', ...more },
  }
  const argv = Object.entries(flags)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `--${name}=${value}`)
  try {
    loadSettings(input({ argv }))
    return ''
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    return error.message
  }
}

suite('a provider is refused', () => {
  test('not as it should be', () => assert.equal(refusal(), ''))

  test('over plain text, but for loopback', () => {
    for (const issuer of [
      'http://id.example.com',
      'http://127.example.com',
      'http://127.0.0.1.example.com',
    ]) {
      assert.match(refusal({ 'oidc-issuer': issuer }), /^oidc-issuer is .* it must be an https URL/, issuer)
      assert.match(refusal({ 'public-url': issuer }), /^public-url is .* with oidc it must be https/, issuer)
    }
    for (const url of ['http://127.0.0.1:8087', 'http://localhost:8087', 'http://[::1]:8087']) {
      assert.equal(refusal({ 'oidc-issuer': url, 'public-url': url }), '', url)
    }
  })

  test('with an issuer that is more than one, or no plain address', () => {
    for (const issuer of [
      ...['https://id.example.com/?a=b', 'https://id.example.com/#a', 'https://a:b@id.example.com', 'id'],
      ...['https://login.microsoftonline.com/common/v2.0', 'https://id.example.com/{tenant}'],
    ]) {
      assert.match(refusal({ 'oidc-issuer': issuer }), /^oidc-issuer is /, issuer)
    }
  })

  test('without public-url, and with a name that no path can have', () => {
    assert.match(refusal({ 'public-url': '' }), /^oidc is set but public-url is not/)
    for (const name of ['Corp', 'a/b', 'a'.repeat(33)]) {
      assert.match(refusal({ 'oidc-name': name }), /^oidc-name is .* small letters, digits and hyphens/, name)
    }
  })

  test('with a refresh that has no key, or that comes too often or too late', () => {
    assert.match(refusal({ 'oidc-refresh': '5m' }), /^oidc-refresh is set but secret-key-file is not/)
    assert.match(refusal({ 'oidc-refresh': '5s', ...SECRET_KEY }), /^oidc-refresh is too short/)
    const late = { 'oidc-refresh': '1h', 'oidc-max-length': '1h', ...SECRET_KEY }
    assert.match(refusal(late), /^oidc-refresh must be shorter than max-length/)
    assert.equal(refusal({ 'oidc-refresh': '5m', ...SECRET_KEY }), '')
  })
})
