import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { failure, input } from '../../test/support/settings-input.ts'
import { loadSettings } from './load.ts'
import { ConfigurationError } from './refusals/configuration-error.ts'
import { schema } from './settings.ts'
import { variablesOf } from './shapes/names.ts'

const junk = fc.oneof(
  fc.constantFrom('', '0', '1', 'true', '10m', '1h30m', '64KiB', ':0', '[::1]:1', '~', 'disk', '1.2', '\0'),
  fc.string({ unit: 'binary' }),
)
const setting = fc.constantFrom(...schema)

/** A setting with what fits it, most of the time. */
const pair = fc
  .record({ setting, slip: fc.integer({ min: 0, max: 9 }), name: fc.string(), value: junk })
  .map(({ setting, slip, name, value }) => ({
    name: slip === 1 ? name : setting.name,
    variable: slip === 1 ? `SLUICE_${name}` : (variablesOf(setting)[slip % 2] ?? `INFLUXD_${name}`),
    value: slip === 2 ? value : String('default' in setting ? setting.default : 'x'),
  }))

const argv = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: pair.map(({ name, value }) => `--${name}=${value}`) },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: setting.map(({ name }) => `--${name}`) },
  ),
  { maxLength: 4 },
)
const env = fc
  .array(pair, { maxLength: 4 })
  .map((pairs) => Object.fromEntries(pairs.map(({ variable, value }) => [variable, value])))
const table = fc.uniqueArray(pair, { maxLength: 4, selector: ({ name }) => name })
const lines = (separator: string) =>
  table.map((pairs) =>
    pairs.map((p) => `${JSON.stringify(p.name)}${separator}${JSON.stringify(p.value)}\n`).join(''),
  )
const broken = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .dictionary(
      setting.map(({ name }) => name),
      fc.jsonValue(),
    )
    .map((values) => JSON.stringify(values)),
  fc.constantFrom('ENOENT', 'EISDIR', 'EACCES', '').map(failure),
)
const file = fc.oneof(
  fc.record({ name: fc.constantFrom('sluice.toml', 'x'), content: lines(' = ') }),
  fc.record({ name: fc.constantFrom('sluice.yaml', 'x/sluice.yml'), content: lines(': ') }),
  fc.record({ name: fc.constantFrom('sluice.toml', 'sluice.yaml', 'sluice.json', 'x'), content: broken }),
)
const files = fc
  .array(file, { maxLength: 2 })
  .map((some) => Object.fromEntries(some.map(({ name, content }) => [name, content])))

test('whatever it is handed, it answers or throws a ConfigurationError of one line', () => {
  const outcomes = { settings: 0, refusals: 0 }
  fc.assert(
    fc.property(argv, env, files, (argv, env, files) => {
      try {
        loadSettings(input({ argv, env, files }))
        outcomes.settings += 1
      } catch (error) {
        assert.ok(error instanceof ConfigurationError, String(error))
        assert.match(error.message, /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
        outcomes.refusals += 1
      }
    }),
    { numRuns: 1000 },
  )
  assert.ok(outcomes.settings > 20 && outcomes.refusals > 20, JSON.stringify(outcomes))
})

test('whatever a file throws when it is read is a ConfigurationError', () => {
  const thrown = fc.oneof(fc.anything(), fc.string().map(failure))
  fc.assert(
    fc.property(thrown, (error) => {
      const readFile = () => {
        throw error
      }
      try {
        loadSettings(input({ readFile }))
      } catch (refusal) {
        assert.ok(refusal instanceof ConfigurationError, String(refusal))
      }
    }),
  )
})
