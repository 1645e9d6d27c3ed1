import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { input } from '../../test/support/settings-input.ts'
import { loadSettings } from './load.ts'
import { ConfigurationError } from './refusals/configuration-error.ts'

/** The refusal of settings with one issuer and one rule, changed by `more`; an empty text if they are taken. */
function refusal(
  more: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): string {
  const flags = {
    ...{ 'jwt-issuer-url': 'https://ci.example.com', 'jwt-issuer-audience': 'sluice' },
    ...{ 'jwt-rule-subject': 'repo:acme/plant:ref:refs/heads/main', 'jwt-rule-gives': 'lab/engine:write' },
    ...more,
  }
  const argv = Object.entries(flags)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `--${name}=${value}`)
  try {
    loadSettings(input({ argv, env }))
    return ''
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    return error.message
  }
}

/** The same with a second issuer, by variables. */
function refusalOfTwo(second: Readonly<Record<string, string>>): string {
  const issuer = { URL: 'https://two.example.com', AUDIENCE: 'sluice', NAME: 'two', ...second }
  const rule = { SUBJECT: 's', GIVES: 'lab/*:read', ISSUER: issuer.NAME }
  const named = (list: string, keys: Readonly<Record<string, string>>) =>
    Object.entries(keys).map(([key, value]) => [`SLUICE_${list}_1_${key}`, value])
  return refusal({}, Object.fromEntries([...named('JWT_ISSUER', issuer), ...named('JWT_RULE', rule)]))
}

suite('an issuer of tokens', () => {
  test('needs an address, an audience, and a rule with a subject', () => {
    assert.equal(refusal(), '')
    assert.equal(refusal({ 'jwt-issuer-url': 'http://127.0.0.1:9000' }), '')
    for (const name of ['jwt-issuer-url', 'jwt-issuer-audience', 'jwt-rule-subject']) {
      assert.match(refusal({ [name]: '' }), new RegExp(`${name.split('-').at(-1)} is missing`), name)
    }
    assert.match(refusal({ 'jwt-rule-gives': '' }), /^jwt-rule-gives is empty/)
    assert.match(
      refusal({ 'jwt-rule-subject': '', 'jwt-rule-gives': '' }),
      /no jwt-rule has the issuer "jwt"/,
    )
    assert.match(refusal({ 'jwt-rule-issuer': 'other' }), /^jwt-rule-issuer is "other", .* there are: jwt$/)
    assert.match(refusal({ 'jwt-issuer-url': '', 'jwt-issuer-audience': '' }), /there are: none$/)
  })

  test('is refused if anybody could be it, or hear what is sent to it', () => {
    for (const url of [
      ...[
        'http://ci.example.com',
        'ci.example.com',
        'https://u:p@ci.example.com',
        'https://ci.example.com?x',
      ],
      ...['https://login.microsoftonline.com/common/v2.0', 'https://login.example.com/{tenant}/v2.0'],
    ]) {
      assert.match(refusal({ 'jwt-issuer-url': url }), /^jwt-issuer-url is/, url)
    }
    assert.match(refusal({ 'jwt-issuer-keys-url': 'http://ci.example.com/keys' }), /^jwt-issuer-keys-url is/)
    const both = { 'jwt-issuer-keys-url': 'https://ci.example.com/keys', 'jwt-issuer-keys-file': '/keys' }
    assert.match(refusal(both), /keys-url and keys-file are both set/)
    assert.match(refusal({ 'jwt-issuer-name': 'No' }), /^jwt-issuer-name is "No"/)
    assert.match(refusal({ 'jwt-issuer-max-length': '32d' }), /^--jwt-issuer-max-length/)
  })

  test('may be one of several, with names of their own, and audiences where they share an address', () => {
    assert.equal(refusalOfTwo({}), '')
    const URL = 'https://ci.example.com'
    assert.equal(refusalOfTwo({ URL, AUDIENCE: 'sluice-two' }), '')
    assert.match(refusalOfTwo({ URL }), /the same url and audience/)
    assert.match(refusalOfTwo({ NAME: 'jwt' }), /two jwt-issuer tables have the name "jwt"/)
  })

  test('has another audience than the sign-ins of people there', () => {
    const oidc = {
      ...{ 'public-url': 'https://sluice.example.com', 'oidc-issuer': 'https://ci.example.com' },
      ...{ 'oidc-client-id': 'sluice', 'oidc-name': 'corp', 'oidc-allowed-groups': 'dev' },
    }
    assert.match(refusal(oidc), /^jwt-issuer-audience is the client-id of the oidc provider corp/)
    assert.equal(refusal({ ...oidc, 'jwt-issuer-audience': 'sluice-api' }), '')
    assert.equal(refusal({ ...oidc, 'oidc-issuer': 'https://id.example.com' }), '')
  })
})
