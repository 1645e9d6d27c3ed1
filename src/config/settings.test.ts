import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CWD, HOME } from '../../test/support/settings-input.ts'
import { type Settings, schema } from './settings.ts'
import { keyOf, variablesOf } from './shapes/names.ts'
import { readValue } from './shapes/value.ts'

test('names are kebab-case and unique, as flags, as keys and as variables', () => {
  for (const { name } of schema) assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  for (const names of [
    schema.map(({ name }) => keyOf(name)),
    schema.flatMap((setting) => variablesOf(setting)),
  ])
    assert.deepEqual(names, [...new Set(names)])
})

test('every default and every limit fits its own setting', () => {
  const place = { cwd: CWD, home: HOME }
  for (const setting of schema) {
    const written = [
      'default' in setting ? setting.default : '',
      ...('min' in setting ? [setting.min, setting.max] : []),
    ]
    for (const raw of written) assert.ok('value' in readValue(setting, raw, place), `${setting.name}: ${raw}`)
  }
})

test('descriptions are one to three sentences of plain text', () => {
  for (const { name, about } of schema) assert.match(about, /^[A-Z0-9][^`\n]{10,250}\.$/, name)
})

test('the type of the settings follows from the schema', () => {
  // These lines are checked by the compiler; there is nothing to run.
  const settings = {} as Settings
  const level: 'debug' | 'info' | 'warn' | 'error' = settings.logLevel
  const port: number | undefined = settings.httpBindAddress?.port
  const always: string = settings.sqlitePath
  // @ts-expect-error a path without a default may be unset
  const certificate: string = settings.tlsCert
  // @ts-expect-error it is frozen
  settings.sessionLength = 1
  assert.deepEqual([level, port, always, certificate].filter(Boolean), [])
})
