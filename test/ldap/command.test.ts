/** `sluice ldap test` against a real directory: what it says of each step, right or wrong. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import { runCommand } from '../support/command.ts'
import {
  createTls,
  PEOPLE,
  passwordOf,
  SEARCHER_DN,
  SEARCHER_PASSWORD,
  SUFFIX,
  startCompany,
  type Tls,
  withoutSlapd,
} from './world.ts'

describe('sluice ldap test', { skip: withoutSlapd, timeout: 60_000 }, () => {
  let tls: Tls
  let slapd: Slapd
  before(async () => {
    tls = createTls()
    slapd = await startCompany(tls)
  })
  after(() => slapd?.stop())

  function run(name: string, stdin: string, more: Readonly<Record<string, string>> = {}) {
    const flags = {
      'ldap-urls': slapd.tlsUrl,
      'ldap-ca-file': tls.caFile,
      'ldap-base-dn': SUFFIX,
      'ldap-bind-dn': SEARCHER_DN,
      'ldap-group-roles': 'influx-admins=lab:owner',
      ...more,
    }
    const argv = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)
    const env = { SLUICE_LDAP_BIND_PASSWORD: SEARCHER_PASSWORD }
    return runCommand(['ldap', 'test', ...argv, name], env, { stdin })
  }

  test('says who somebody is and what the groups give', async () => {
    const { status, out, err } = await run('ALICE', `${passwordOf('alice')}\n`)
    assert.equal(status, 0, out + err)
    for (const line of [
      /^ok +ldaps:.* its certificate is of directory, valid until/m,
      /^ok +cn=searcher,dc=corp,dc=test is signed in; it is no Active Directory$/m,
      /^ok +ALICE is uid=alice,/m,
      /^ok +the password of uid=alice,.* is right$/m,
      /^ok +entryUUID is [0-9a-f-]{36}$/m,
      /^ok +a new user would be named alice$/m,
      /^ok +in cn=influx-admins,ou=groups,dc=corp,dc=test$/m,
      /^ok +the groups give: owner of lab$/m,
    ]) {
      assert.match(out, line)
    }
    assert.doesNotMatch(out + err, new RegExp(passwordOf('alice')))
  })

  test('says which step fails and what to change', async () => {
    const failures: readonly (readonly [string, string, Readonly<Record<string, string>>, RegExp])[] = [
      ['alice', 'wrong', {}, /refuses the password of uid=alice/],
      [
        'alice',
        'x',
        { 'ldap-urls': 'ldaps://127.0.0.1:1' },
        /ECONNREFUSED.*check host and port in ldap-urls/,
      ],
      ['alice', 'x', { 'ldap-ca-file': createTls().caFile }, /set ldap-ca-file to the authority/],
      [
        'alice',
        'x',
        { 'ldap-bind-dn': 'cn=none' },
        /refuses ldap-bind-dn .*check ldap-bind-dn and its password/,
      ],
      ['alice', 'x', { 'ldap-base-dn': `ou=none,${SUFFIX}` }, /check ldap-base-dn/],
      ['nobody', 'x', {}, /no entry has this name .*ldap-user-filter/],
      ['alice', passwordOf('alice'), { 'ldap-id-attribute': 'objectGUID' }, /no value of objectGUID/],
      ['alice', passwordOf('alice'), { 'ldap-name-attribute': 'sAMAccountName' }, /ldap-name-attribute/],
      ['alice', passwordOf('alice'), { 'ldap-allowed-groups': 'staff' }, /none of ldap-allowed-groups/],
      ['alice', 'x', { 'ldap-nested-groups': 'chain' }, /ldap-nested-groups is chain/],
      ['CORP\\alice', 'x', { 'ldap-bind-template': '{name}@corp.test' }, /a name alone, without a domain/],
      ['bob', passwordOf('bob'), { 'ldap-disabled-filter': '(description=off)' }, /entry is disabled/],
    ]
    for (const [name, password, more, expected] of failures) {
      const { status, out } = await run(name, `${password}\n`, more)
      assert.equal(status, 1, out)
      const failed = out.split('\n').filter((line) => line.startsWith('failed'))
      assert.match(failed.join('\n'), expected)
    }
  })

  test('works without a password, by a template, and as JSON', async () => {
    const silent = await run('alice', '', { 'no-password': 'true', json: 'true' })
    assert.equal(silent.status, 0, silent.out + silent.err)
    assert.ok(
      silent.out
        .trim()
        .split('\n')
        .every((line) => JSON.parse(line).outcome === 'ok'),
    )
    const template = { 'ldap-bind-template': `uid={name},${PEOPLE}` }
    assert.equal((await run('alice', `${passwordOf('alice')}\n`, template)).status, 0)
  })

  test('reads the groups as the user where no account searches, as a sign-in does', async (t) => {
    const open = [
      'access to attrs=userPassword by anonymous auth by * none',
      'access to * by users read by * none',
    ]
    const other = await startCompany(tls, { databaseLines: open })
    t.after(() => other.stop())
    const flags = {
      'ldap-urls': other.tlsUrl,
      'ldap-ca-file': tls.caFile,
      'ldap-base-dn': SUFFIX,
      'ldap-bind-template': `uid={name},${PEOPLE}`,
      'ldap-group-roles': 'influx-admins=lab:owner',
    }
    const argv = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)
    const told = await runCommand(
      ['ldap', 'test', ...argv, 'alice'],
      {},
      { stdin: `${passwordOf('alice')}\n` },
    )
    assert.equal(told.status, 0, told.out + told.err)
    assert.match(told.out, /^ok +the groups give: owner of lab$/m)
  })

  test('asks for settings', async () => {
    const { status, err } = await runCommand(['ldap', 'test', 'alice'])
    assert.equal(status, 2)
    assert.match(err, /ldap-urls is not set/)
  })
})
