import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CWD, HOME, input } from '../../test/support/settings-input.ts'
import { type LoadInput, loadSettings, readSettings } from './load.ts'
import { schema as everySetting } from './settings.ts'
import { boolean, integer, texts } from './shapes/setting.ts'

const refused = (given: LoadInput, message: string) =>
  assert.throws(() => loadSettings(given), { name: 'ConfigurationError', code: 'configuration', message })

const secrets = [
  integer({ name: 'pin', min: 0, max: 9, secret: true, about: '' }),
  boolean({ name: 'open', default: false, about: '' }),
  texts({ name: 'hosts', default: ['a'], about: '' }),
] as const

test('a value that does not fit is refused with where it came from and what would be right', () => {
  const levels = 'it must be one of debug, info, warn, error'
  refused(input({ argv: ['--log-level=loud'] }), `--log-level is "loud"; ${levels}`)
  refused(input({ env: { SLUICE_LOG_LEVEL: 'loud' } }), `SLUICE_LOG_LEVEL is "loud"; ${levels}`)
  refused(input({ env: { INFLUXD_LOG_LEVEL: 'loud' } }), `INFLUXD_LOG_LEVEL is "loud"; ${levels}`)
  refused(input({ argv: ['--session-length', '0'] }), '--session-length is "0"; it must be from 1s to 3650d')
  refused(input({ argv: ['--sqlite-path='] }), '--sqlite-path is ""; it must be a path')
  refused(
    input({ argv: ['--sesion-length', '5'] }),
    '--sesion-length is not a setting; did you mean --session-length?',
  )
})

test('a certificate and its key go together', () => {
  refused(
    input({ argv: ['--tls-cert', 'c.pem'] }),
    'tls-key is not set but tls-cert is (flag --tls-cert); HTTPS needs both',
  )
  refused(
    input({ env: { SLUICE_TLS_KEY: 'k.pem' } }),
    'tls-cert is not set but tls-key is (environment SLUICE_TLS_KEY); HTTPS needs both',
  )
  const { settings } = loadSettings(input({ argv: ['--tls-cert=c.pem'], env: { INFLUXD_TLS_KEY: '/k.pem' } }))
  assert.equal(settings.tlsCert, join(CWD, 'c.pem'))
})

test('the value of a secret is not repeated', () => {
  const expected = 'has a value that does not fit; it must be a whole number from 0 to 9'
  for (const [given, subject] of [
    [input({ argv: ['--pin=hunter2'] }), '--pin'],
    [input({ env: { SLUICE_PIN: 'hunter2' } }), 'SLUICE_PIN'],
    [input({ files: { 'sluice.toml': 'pin = "hunter2"' } }), `pin in ${join(CWD, 'sluice.toml')}`],
  ] as const)
    assert.throws(() => readSettings(secrets, given), { message: `${subject} ${expected}` })
})

test('the stronger source wins', () => {
  const layers = [
    ['flag --store', { argv: ['--store=memory'] }],
    ['environment SLUICE_STORE', { env: { SLUICE_STORE: 'memory', INFLUXD_STORE: 'disk' } }],
    ['environment INFLUXD_STORE', { env: { INFLUXD_STORE: 'memory' } }],
    [`file ${join(CWD, 'sluice.toml')}`, { files: { 'sluice.toml': 'store = "memory"' } }],
    ['default', {}],
  ] as const
  for (const [i, [source, layer]] of layers.entries()) {
    const weaker = { env: { INFLUXD_STORE: 'disk' }, files: { 'sluice.toml': 'store = "disk"' } }
    const { settings, sources } = loadSettings(input({ ...(i < 2 ? weaker : {}), ...layer }))
    assert.equal(sources.store, source)
    assert.equal(settings.store, source === 'default' ? 'disk' : 'memory')
  }
})

test("INFLUXD_ variables count for InfluxDB's own settings only, and empty ones not at all", () => {
  const env = { INFLUXD_ERROR_DETAILS: 'true', INFLUXD_SESSION_LENGTH: '60', SLUICE_SESSION_LENGTH: '' }
  const { settings, sources } = loadSettings(input({ env }))
  assert.equal(settings.errorDetails, false)
  assert.equal(settings.sessionLength, 3_600_000)
  assert.equal(sources.sessionLength, 'environment INFLUXD_SESSION_LENGTH')
})

test('a SLUICE_ variable that is no setting is refused', () => {
  for (const [variable, message] of [
    ['SLUICE_LOGLEVEL', 'SLUICE_LOGLEVEL is not a setting; did you mean SLUICE_LOG_LEVEL?'],
    ['SLUICE_COLOUR', 'SLUICE_COLOUR is not a setting; sluice help settings lists them'],
    // Meant as a setting: Kubernetes writes tcp://10.0.0.1:8086.
    ['SLUICE_PORT', 'SLUICE_PORT is not a setting; sluice help settings lists them'],
    [
      'SLUICE_METRICS_PORT_8086_TCP',
      'SLUICE_METRICS_PORT_8086_TCP is not a setting; sluice help settings lists them',
    ],
    ['SLUICE_\nSTORE', '"SLUICE_\\nSTORE" is not a setting; did you mean SLUICE_STORE?'],
  ] as const) {
    refused(input({ argv: ['--store=memory'], env: { SLUICE_STORE: 'memory', [variable]: '8086' } }), message)
    assert.ok(loadSettings(input({ env: { [variable]: '' } })), 'an empty variable counts as absent')
  }
})

test('variables of commands, of InfluxDB and of Kubernetes are not refused', () => {
  const env = {
    SLUICE_TOKEN: 'x',
    SLUICE_HOST: 'http://localhost:8086',
    SLUICE_PORT: 'tcp://10.0.0.1:8086',
    SLUICE_SERVICE_HOST: '10.0.0.1',
    SLUICE_SERVICE_PORT: '8086',
    SLUICE_SERVICE_PORT_HTTP: '8086',
    SLUICE_PORT_8086_TCP: 'tcp://10.0.0.1:8086',
    SLUICE_PORT_8086_TCP_PROTO: 'tcp',
    SLUICE_PORT_8086_TCP_PORT: '8086',
    SLUICE_PORT_8086_TCP_ADDR: '10.0.0.1',
    SLUICE_REDIS_SERVICE_HOST: '10.0.0.2',
    SLUICE_REDIS_PORT: 'tcp://10.0.0.2:6379',
    INFLUXD_BOLT_PATH: '/x',
    INFLUXD_LOGLEVEL: 'debug',
  }
  assert.deepEqual(loadSettings(input({ env })), loadSettings(input()))
})

test('the defaults', () => {
  const { settings, sources } = loadSettings(input())
  assert.deepEqual(settings.httpBindAddress, { host: undefined, port: 8086 })
  assert.equal(settings.sessionLength, 600_000)
  assert.equal(settings.httpReadTimeout, 0)
  assert.equal(settings.httpMaxBodySize, 1_048_576)
  assert.equal(settings.sqlitePath, join(HOME, '.sluice/sluice.sqlite'))
  assert.equal(settings.tlsCert, undefined)
  assert.deepEqual([...new Set(Object.values(sources).flat())], ['default'])
  assert.deepEqual(settings.upstream, [])
  assert.equal(Object.keys(sources).length, everySetting.length)
})

test('nothing of the result changes any more', () => {
  const { settings } = readSettings(secrets, input({ argv: ['--hosts=a,b'] }))
  assert.deepEqual(settings, { pin: undefined, open: false, hosts: ['a', 'b'] })
  const loaded = loadSettings(input())
  for (const part of [settings, settings.hosts, loaded, loaded.settings, loaded.settings.httpBindAddress])
    assert.ok(Object.isFrozen(part))
  assert.ok(Object.isFrozen(secrets[2].default) === false, 'the schema stays as it was')
})
