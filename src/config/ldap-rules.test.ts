import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { input } from '../../test/support/settings-input.ts'
import { loadSettings } from './load.ts'

const RIGHT = {
  'ldap-urls': 'ldaps://ldap.example.com',
  'ldap-base-dn': 'dc=example',
  'ldap-allowed-groups': 'staff',
}

/** The refusal of a right configuration with these changes; undefined leaves a setting out. */
function refusal(changes: Readonly<Record<string, string | undefined>>): string {
  const all = Object.entries({ ...RIGHT, ...changes })
  try {
    loadSettings(
      input({ argv: all.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])) }),
    )
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

test('a directory needs few settings', () => {
  assert.equal(refusal({}), '')
  assert.equal(refusal({ 'ldap-urls': 'ldap://one.example.com:389,ldaps://[::1]:636' }), '')
  assert.equal(refusal({ 'ldap-bind-dn': 'cn=a', 'ldap-bind-password-file': 'x' }), '')
  assert.equal(refusal({ 'ldap-bind-template': 'uid={name},ou=people,dc=example' }), '')
  assert.equal(refusal({ 'ldap-bind-template': '{name}@corp.example.com' }), '')
})

suite('what would be unsafe is refused', () => {
  test('passwords in clear text, but for loopback', () => {
    const plain = { 'ldap-start-tls': 'false' }
    assert.match(
      refusal({ ...plain, 'ldap-urls': 'ldap://ldap.example.com' }),
      /^ldap-start-tls is off .*ldaps:/,
    )
    assert.match(
      refusal({ ...plain, 'ldap-urls': 'ldap://127.0.0.1,ldap://10.0.0.1' }),
      /"ldap:\/\/10\.0\.0\.1"/,
    )
    assert.equal(
      refusal({ ...plain, 'ldap-urls': 'ldap://127.0.0.1:1389,ldap://[::1],ldap://localhost' }),
      '',
    )
    assert.equal(refusal({ ...plain }), '')
  })

  test('a filter or a template that anybody would match', () => {
    assert.match(refusal({ 'ldap-user-filter': '(uid=*)' }), /^ldap-user-filter .* \{name\}/)
    assert.match(refusal({ 'ldap-group-filter': '(cn=admins)' }), /^ldap-group-filter /)
    for (const template of ['{name}', 'cn=admin', 'CORP\\{name}', '{name},dc=x', 'cn=x{name},dc=x']) {
      assert.match(refusal({ 'ldap-bind-template': template }), /^ldap-bind-template /, template)
    }
  })
})

test('what cannot work is refused, without showing a password', () => {
  for (const url of ['http://x', 'ldaps://x/dc=a', 'ldaps://x?a', 'x', 'ldaps://']) {
    assert.match(refusal({ 'ldap-urls': url }), /^ldap-urls has /, url)
  }
  const secret = refusal({ 'ldap-urls': 'ldaps://cn=a:secret@x' })
  assert.match(secret, /^ldap-urls .*ldap-bind-dn/)
  assert.doesNotMatch(secret, /secret/)
  assert.match(refusal({ 'ldap-base-dn': undefined }), /but ldap-base-dn is not/)
  assert.match(refusal({ 'ldap-base-dn': 'example.com' }), /^ldap-base-dn /)
  assert.match(refusal({ 'ldap-bind-dn': 'cn=a' }), /^ldap-bind-dn is set/)
  assert.match(refusal({ 'ldap-bind-password': 'secret' }), /ldap-bind-dn is not/)
  assert.match(refusal({ 'ldap-urls': undefined }), /^ldap-base-dn is set .* ldap-urls is not/)
  assert.match(
    refusal({ 'ldap-nested-groups': 'expand', 'ldap-group-filter': '(memberUid={name})' }),
    /^ldap-nested-groups /,
  )
  assert.match(refusal({ 'ldap-recheck-interval': '5s' }), /^ldap-recheck-interval is 5s .* 1m$/)
  assert.equal(refusal({ 'ldap-recheck-interval': '0' }), '')
})
