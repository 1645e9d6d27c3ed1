import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { HOME, input } from '../../test/support/settings-input.ts'
import { loadSettings, readSettings } from './load.ts'
import { printSettings, printTable } from './print.ts'
import { schema } from './settings.ts'
import { text, texts } from './shapes/setting.ts'

test('a secret is hidden, and what is unset says so', () => {
  const secrets = [
    text({ name: 'mail-password', secret: true, about: '' }),
    text({ name: 'other-password', secret: true, about: '' }),
    texts({ name: 'hosts', default: [], about: '' }),
  ] as const
  const loaded = readSettings(secrets, input({ env: { SLUICE_MAIL_PASSWORD: 'hunter2' } }))
  assert.equal(
    printTable(secrets, loaded),
    'mail-password   (hidden)   environment SLUICE_MAIL_PASSWORD\n' +
      'other-password  (not set)  default\n' +
      'hosts           (not set)  default\n',
  )
})

test('every setting has a line, in order, with its value as one would write it', () => {
  const text = printSettings(loadSettings(input({ argv: ['--session-length=90', '--strong-passwords'] })))
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  assert.deepEqual(
    rows.map(([name]) => name),
    schema.map(({ name }) => name),
  )
  const values = new Map(rows.map(([name, ...rest]) => [name, rest]))
  assert.deepEqual(values.get('session-length'), ['1h30m', 'flag --session-length'])
  assert.deepEqual(values.get('strong-passwords'), ['true', 'flag --strong-passwords'])
  assert.deepEqual(values.get('http-bind-address'), [':8086', 'default'])
  assert.deepEqual(values.get('http-max-body-size'), ['1MiB', 'default'])
  assert.deepEqual(values.get('sqlite-path'), [join(HOME, '.sluice/sluice.sqlite'), 'default'])
  assert.deepEqual(values.get('tls-cert'), ['(not set)', 'default'])
})
