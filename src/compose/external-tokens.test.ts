import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder } from '../../test/support/folder.ts'
import { input } from '../../test/support/settings-input.ts'
import { loadSettings } from '../config/load.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { openTokenIssuers, tokenRulesOf } from './external-tokens.ts'

/** The refusal of one issuer with one rule, changed by `more`; an empty text if they are taken. */
async function refusal(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const flags = {
    ...{ 'jwt-issuer-url': 'https://cluster.test', 'jwt-issuer-audience': 'sluice' },
    ...{ 'jwt-rule-subject': 'a', 'jwt-rule-gives': 'lab/engine:read', ...more },
  }
  const argv = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  const { settings } = loadSettings(input({ argv }))
  try {
    tokenRulesOf(settings)
    const { close } = await openTokenIssuers(settings, { now: Date.now })
    await close()
    return ''
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    return error.message
  }
}

suite('the settings of external tokens', () => {
  test('are refused for a rule that is too wide or cannot be read', async () => {
    assert.equal(await refusal(), '')
    assert.match(
      await refusal({ 'jwt-rule-subject': 'repo:acme/*' }),
      /^jwt-rule 1: subject is "repo:acme\/\*"; its \* must/,
    )
    assert.match(await refusal({ 'jwt-rule-subject': ' ' }), /^jwt-rule 1: subject is " "; it is empty/)
    assert.match(await refusal({ 'jwt-rule-gives': 'lab:owner' }), /^jwt-rule 1: gives has "lab:owner"/)
    assert.match(await refusal({ 'jwt-rule-gives': 'lab/a:read,lab/b' }), /^jwt-rule 1: gives has "lab\/b"/)
    assert.match(await refusal({ 'jwt-rule-claims': 'ref' }), /^jwt-rule 1: claims has "ref"/)
  })

  test('are refused for a file that cannot be read, or has secret keys', async () => {
    const path = join(temporaryFolder(), 'keys.json')
    assert.match(
      await refusal({ 'jwt-issuer-keys-file': path }),
      /^jwt-issuer jwt: keys-file cannot be read: ENOENT/,
    )
    for (const text of ['', '{}', '{"keys":[{"kty":"oct","k":"AA"}]}', '{"keys":[{"kty":"EC","d":"AA"}]}']) {
      writeFileSync(path, text)
      const refused = await refusal({ 'jwt-issuer-keys-file': path })
      assert.match(refused, /^jwt-issuer jwt: keys-file is no usable JWKS/, text)
    }
    writeFileSync(path, '{"keys":[{"kty":"EC"}]}')
    assert.equal(await refusal({ 'jwt-issuer-keys-file': path }), '')
    assert.match(
      await refusal({ 'jwt-issuer-ca-file': '/nowhere' }),
      /^jwt-issuer jwt: ca-file cannot be read/,
    )
  })
})
