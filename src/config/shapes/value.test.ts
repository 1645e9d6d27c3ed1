import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CWD, HOME } from '../../../test/support/settings-input.ts'
import {
  address,
  boolean,
  bytes,
  choice,
  duration,
  integer,
  path,
  type Setting,
  text,
  texts,
} from './setting.ts'
import { formatValue, readValue } from './value.ts'

const PLACE = { cwd: CWD, home: HOME }
const BASE = { name: 'x', about: '' }
const settings = {
  string: text({ ...BASE }),
  path: path({ ...BASE, default: '~/x' }),
  boolean: boolean({ ...BASE, default: false }),
  integer: integer({ ...BASE, default: 0, min: 0, max: 64 }),
  duration: duration({ ...BASE, default: '1s', min: '1s', max: '1h' }),
  minutes: duration({ ...BASE, default: '10', min: '1s', max: '1h', bareUnit: 'minutes' }),
  bytes: bytes({ ...BASE, default: '1KiB', min: '1KiB', max: '1MiB' }),
  address: address({ ...BASE, default: ':1' }),
  enum: choice({ ...BASE, default: '1.2', values: ['1.2', '1.3'] }),
  list: texts({ ...BASE, default: [] }),
} as const satisfies Record<string, Setting>

const REFUSALS: readonly (readonly [
  kind: keyof typeof settings,
  raws: readonly unknown[],
  expected: string,
])[] = [
  ['string', [1, true, [], {}], 'text'],
  ['path', ['', 'a\0b', 1, true, {}], 'a path'],
  ['boolean', ['', 'yes', 2, [], {}], 'true or false'],
  ['integer', ['', '-1', '65', '1.5', 1.5, Number.NaN, true, '1e1', [1]], 'a whole number from 0 to 64'],
  ['duration', ['', 'soon', 5, '5', true], 'a duration such as 90s, 10m or 1h30m, or 0'],
  ['duration', ['0', '2h'], 'from 1s to 1h'],
  ['minutes', ['soon', 1.5], 'a duration such as 90s, 10m or 1h30m, or a number of minutes'],
  ['bytes', ['', '1MB', -1], 'a size such as 1048576, 64KiB or 1MiB'],
  ['bytes', ['1', '1GiB', 1], 'from 1KiB to 1MiB'],
  ['address', ['', '8086', 8086], 'an address such as :8086, 127.0.0.1:8086 or [::1]:8086'],
  ['enum', ['', '1.1', 1, 'toString'], 'one of 1.2, 1.3'],
  ['list', [1, [1], {}], 'a list of strings, such as a,b'],
]

for (const [kind, raws, expected] of REFUSALS)
  test(`${kind}: must be ${expected}`, () => {
    for (const raw of raws) assert.deepEqual(readValue(settings[kind], raw, PLACE), { expected }, String(raw))
  })

const accepted: readonly (readonly [
  kind: keyof typeof settings,
  raw: unknown,
  value: unknown,
  written: string,
])[] = [
  ['string', ' a b ', ' a b ', ' a b '],
  ['path', 'a/b', join(CWD, 'a/b'), join(CWD, 'a/b')],
  ['path', '~/a', join(HOME, 'a'), join(HOME, 'a')],
  ['path', '~', HOME, HOME],
  ['path', '~a', join(CWD, '~a'), join(CWD, '~a')],
  ['boolean', 'True', true, 'true'],
  ['boolean', false, false, 'false'],
  ['boolean', '0', false, 'false'],
  ['integer', '64', 64, '64'],
  ['integer', 7, 7, '7'],
  ['duration', ' 90s\n', 90_000, '1m30s'],
  ['minutes', 10, 600_000, '10m'],
  ['bytes', 2048, 2048, '2KiB'],
  ['address', '[::1]:1', { host: '::1', port: 1 }, '[::1]:1'],
  // YAML and TOML read 1.3 without quotes as a number.
  ['enum', 1.3, '1.3', '1.3'],
  ['list', 'a, b,', ['a', 'b'], 'a,b'],
  ['list', ['a', 'b c'], ['a', 'b c'], 'a,b c'],
]

for (const [kind, raw, value, written] of accepted)
  test(`${kind}: ${JSON.stringify(raw)} is ${written}`, () => {
    const read = readValue(settings[kind], raw, PLACE)
    assert.deepEqual(read, { value })
    assert.ok('value' in read && read.value !== undefined)
    assert.equal(formatValue(settings[kind], read.value), written)
  })

test('an empty string unsets what may be unset', () => {
  assert.deepEqual(readValue(settings.string, '', PLACE), { value: undefined })
})
