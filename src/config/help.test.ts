import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsHelp } from './help.ts'
import { schema } from './settings.ts'
import { singlesOf } from './shapes/names.ts'

test('no line is wider than 100 columns or ends in a space', () => {
  for (const line of settingsHelp().split('\n')) assert.match(line, /^(|.{0,99}\S)$/)
})

test('every setting has its flag, its default and its description', () => {
  const help = settingsHelp()
  const words = help.replace(/\s+/g, ' ')
  for (const { name, setting } of singlesOf(schema)) {
    const { about } = setting
    assert.match(help, new RegExp(`^  --${name}( |$)`, 'm'))
    assert.ok(words.includes(about), name)
  }
  assert.match(help, /^ {2}--session-length DURATION\|MINUTES {2}\(default 10m\)$/m)
  assert.match(help, /^ {2}--store disk\|memory\|postgres {2}\(default disk\)$/m)
  assert.match(help, /^ {2}--tls-cert PATH$/m)
})
