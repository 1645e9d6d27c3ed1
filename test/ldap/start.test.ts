/** What a directory's settings are refused for at the start, by the directory itself or without asking it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import { openDirectory } from '../../src/compose/directory.ts'
import { loadSettings } from '../../src/config/load.ts'
import { ConfigurationError } from '../../src/config/refusals/configuration-error.ts'
import { temporaryFolder } from '../support/folder.ts'
import { input } from '../support/settings-input.ts'
import { writeConfig } from './server.ts'
import { createTls, startCompany, type Tls, withoutSlapd } from './world.ts'

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined }

describe('the start with a directory', { skip: withoutSlapd, timeout: 60_000 }, () => {
  let tls: Tls
  let slapd: Slapd
  before(async () => {
    tls = createTls()
    slapd = await startCompany(tls)
  })
  after(() => slapd?.stop())

  async function open(urls: readonly string[], more: Parameters<typeof writeConfig>[2] = {}) {
    const argv = ['--config-path', writeConfig(urls, tls, more)]
    const { settings } = loadSettings({
      ...input({ argv }),
      readFile: (path) => readFileSync(path, 'utf8'),
    })
    const link = await openDirectory(settings, { now: Date.now, log: LOG })
    link?.directory.close()
    return link
  }
  const refused = (
    name: string,
    value: string | readonly string[],
    message = new RegExp(`^(?:ldap: )?${name}`),
  ) =>
    assert.rejects(open([slapd.tlsUrl], { [name]: value }), (error) => {
      assert.ok(error instanceof ConfigurationError)
      assert.match(error.message, message)
      return true
    })

  test('needs nothing of it', async () => {
    assert.ok(await open([slapd.tlsUrl]))
    assert.ok(await open(['ldaps://127.0.0.1:1']))
  })

  test('ldap-12: the rule of Active Directory is refused by what is none, and checked later if it is away', async () => {
    await refused('ldap-nested-groups', 'chain')
    const away = await open(['ldaps://127.0.0.1:1'], { 'ldap-nested-groups': 'chain' })
    assert.ok(away)
  })

  test('filters and names that cannot be read are refused', async () => {
    for (const [name, value] of [
      ['ldap-user-filter', '(uid={name}'],
      ['ldap-user-filter', 'uid={name}'],
      ['ldap-user-filter', '(uid={name})(objectClass=*)'],
      ['ldap-group-filter', '(&(member={dn})'],
      ['ldap-disabled-filter', 'off'],
      ['ldap-base-dn', 'dc=a,b'],
      ['ldap-group-base-dn', 'groups'],
      ['ldap-ca-file', `${temporaryFolder()}/none`],
      ['ldap-bind-password-file', `${temporaryFolder()}/none`],
    ] as const) {
      await refused(name, value)
    }
    await refused('ldap-group-roles', ['*=lab:member'], /^ldap: sign-up/)
    await refused('ldap-operator-groups', ['*'], /^ldap: operator-groups/)
    await refused('ldap-allowed-groups', ['cn=a,b'], /^ldap: "cn=a,b"/)
  })
})
