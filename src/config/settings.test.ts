import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CWD, HOME } from '../../test/support/settings-input.ts'
import { type Settings, schema } from './settings.ts'
import { keyOf, singlesOf, variablesOf } from './shapes/names.ts'
import { readValue } from './shapes/value.ts'

test('names are kebab-case and unique, as flags, as keys and as variables', () => {
  const singles = singlesOf(schema).map(({ name, setting }) => ({ ...setting, name }))
  for (const { name } of [...schema, ...singles]) assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  for (const names of [
    singles.map(({ name }) => keyOf(name)),
    singles.flatMap((setting) => variablesOf(setting)),
  ])
    assert.deepEqual(names, [...new Set(names)])
})

test('every default and every limit fits its own setting', () => {
  const place = { cwd: CWD, home: HOME }
  for (const { setting } of singlesOf(schema)) {
    const written = [setting.default ?? '', ...('min' in setting ? [setting.min, setting.max] : [])]
    for (const raw of written) assert.ok('value' in readValue(setting, raw, place), `${setting.name}: ${raw}`)
  }
})

test('descriptions are one to three sentences of plain text', () => {
  for (const { name, about } of [...schema, ...singlesOf(schema).map(({ setting }) => setting)])
    assert.match(about, /^[A-Z0-9][^`\n]{10,250}\.$/, name)
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
