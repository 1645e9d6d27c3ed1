import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { input } from '../../test/support/settings-input.ts'
import { configurationDocument, EXAMPLE_FILE } from './document.ts'
import { loadSettings } from './load.ts'
import { schema } from './settings.ts'
import { isTables, singlesOf } from './shapes/names.ts'

test('docs/configuration.md is what the schema says', () => {
  const path = new URL('../../docs/configuration.md', import.meta.url)
  // Git may check it out with other line ends.
  const written = readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  assert.ok(written === configurationDocument(), 'docs/configuration.md is out of date; run `npm run docs`')
})

test('every setting is listed', () => {
  const document = configurationDocument()
  for (const { name, tables } of singlesOf(schema)) {
    const entry = tables ? `\`--${name}\`` : `\n- \`--${name}\` `
    assert.ok(document.includes(entry), name)
  }
  assert.ok(schema.some(isTables), 'lists have a section')
})

test('the example in it loads', () => {
  const { settings } = loadSettings(input({ files: { 'sluice.toml': EXAMPLE_FILE } }))
  assert.equal(settings.sessionLength, 1_800_000)
})
