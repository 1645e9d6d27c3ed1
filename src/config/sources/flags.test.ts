import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../shapes/names.ts'
import { boolean, text, texts } from '../shapes/setting.ts'
import { readFlags } from './flags.ts'

const schema: Schema = [
  text({ name: 'log-level', about: '' }),
  boolean({ name: 'open', default: false, about: '' }),
  text({ name: 'mail-password', secret: true, about: '' }),
]
const REFUSALS: readonly (readonly [argv: readonly string[], message: string])[] = [
  [['--log-levle', 'x'], '--log-levle is not a setting; did you mean --log-level?'],
  [['-log-level=x'], '-log-level is not a setting; did you mean --log-level?'],
  [['--logLevel=x'], '--logLevel is not a setting; did you mean --log-level?'],
  [['--colour'], '--colour is not a setting; sluice help settings lists them'],
  [['--constructor'], '--constructor is not a setting; sluice help settings lists them'],
  [['--__proto__=x'], '--__proto__ is not a setting; sluice help settings lists them'],
  [['--mail-pasword=hunter2'], '--mail-pasword is not a setting; did you mean --mail-password?'],
  [['--log-level'], '--log-level has no value; it must be given as --log-level VALUE'],
  [['--log-level', '--open'], '--log-level has no value; it must be given as --log-level VALUE'],
  [['--log-level=a', '--log-level', 'b'], '--log-level is given twice; give it once'],
  [['--open', '--open=false'], '--open is given twice; give it once'],
  [['--open', 'false'], '--open and false are two arguments; it must be --open=false'],
  [['extra'], 'the argument "extra" is not expected; settings are given as --name value'],
  [['--', 'x'], 'the argument "--" is not expected; settings are given as --name value'],
  [
    ['--mail-password', 'hunter2', 'hunter3'],
    'the argument after --mail-password and its value is not expected; settings are given as --name value',
  ],
]

for (const [argv, message] of REFUSALS)
  test(`refused: ${argv.join(' ')}`, () => {
    assert.throws(() => readFlags(schema, argv), {
      name: 'ConfigurationError',
      code: 'configuration',
      message,
    })
  })

test('values follow the flag or an equals sign', () => {
  const raw = (...argv: string[]) => [...readFlags(schema, argv)].map(([name, given]) => [name, given.raw])
  assert.deepEqual(raw('--log-level', 'a', '--open'), [
    ['log-level', 'a'],
    ['open', true],
  ])
  assert.deepEqual(raw('--log-level=a=b', '--open=false'), [
    ['log-level', 'a=b'],
    ['open', 'false'],
  ])
  assert.deepEqual(raw('--log-level', '-1'), [['log-level', '-1']])
  assert.deepEqual(raw('--log-level=--x'), [['log-level', '--x']])
  assert.deepEqual(raw('--log-level', ''), [['log-level', '']])
})

test('a repeatable flag gives one value each time, commas included', () => {
  const buckets: Schema = [texts({ name: 'bucket', repeatable: true, default: [], about: '' })]
  const given = readFlags(buckets, ['--bucket', 'a,b', '--bucket=c'])
  assert.deepEqual(given.get('bucket')?.raw, ['a,b', 'c'])
})
