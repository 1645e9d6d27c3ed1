import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CWD, failure, input } from '../../../test/support/settings-input.ts'
import { loadSettings } from '../load.ts'

const at = (name: string) => join(CWD, name)
const named = (path: string, files: Readonly<Record<string, string | Error>>) =>
  input({ argv: ['--config-path', path], files })

const refusals = {
  'a file that is not there': [
    named('x.toml', {}),
    `--config-path names ${at('x.toml')}, which does not exist; it must be a file or a folder that holds one`,
  ],
  'a folder without a file': [
    named('x', { x: failure('EISDIR') }),
    `--config-path names ${at('x')}, a folder that holds none of sluice.toml, sluice.yaml, sluice.yml, sluice.json`,
  ],
  'a file that may not be read': [
    named('x.toml', { 'x.toml': failure('EACCES') }),
    `${at('x.toml')} cannot be read (EACCES); it must be a readable file`,
  ],
  'a file in the working directory that may not be read': [
    input({ files: { 'sluice.toml': failure('EACCES'), 'sluice.json': '{}' } }),
    `${at('sluice.toml')} cannot be read (EACCES); it must be a readable file`,
  ],
  'an extension that says nothing': [
    named('x.conf', { 'x.conf': '' }),
    `${at('x.conf')} has an unknown extension; it must be one of .toml, .yaml, .yml, .json`,
  ],
  'TOML that does not parse, without quoting it': [
    named('x.toml', { 'x.toml': 'store = "disk"\npassword = hunter2' }),
    `${at('x.toml')} is not valid TOML (line 2)`,
  ],
  'YAML that does not parse, without quoting it': [
    named('x.yml', { 'x.yml': 'store: disk\nstore: hunter2' }),
    `${at('x.yml')} is not valid YAML (line 2)`,
  ],
  'JSON that does not parse, without quoting it': [
    named('x.json', { 'x.json': '{\n"store": hunter2}' }),
    `${at('x.json')} is not valid JSON`,
  ],
  'a file that is no table': [
    named('x.json', { 'x.json': '["store"]' }),
    `${at('x.json')} is not a table; it must hold settings by their names`,
  ],
  'a key that is not a setting': [
    named('x.toml', { 'x.toml': 'session_length = "1h"' }),
    `session_length in ${at('x.toml')} is not a setting; did you mean session-length?`,
  ],
  'a key of every object': [
    named('x.json', { 'x.json': '{"__proto__": {"store": "memory"}}' }),
    `__proto__ in ${at('x.json')} is not a setting; sluice help settings lists them`,
  ],
  'a section': [
    named('x.toml', { 'x.toml': '[store]\npath = "x"' }),
    `store in ${at('x.toml')} is a table; it must be one of disk, memory, postgres`,
  ],
  'another config-path': [
    named('x.toml', { 'x.toml': 'config-path = "y"' }),
    `config-path in ${at('x.toml')} comes too late; it must be a flag or an environment variable`,
  ],
  'a value that does not fit': [
    named('x.toml', { 'x.toml': 'session-length = "soon"' }),
    `session-length in ${at('x.toml')} is "soon"; it must be a duration such as 90s, 10m or 1h30m, or a number of minutes`,
  ],
} as const

for (const [name, [given, message]] of Object.entries(refusals))
  test(`refused: ${name}`, () => {
    assert.throws(() => loadSettings(given), { name: 'ConfigurationError', message })
  })

test('TOML, YAML and JSON say the same', () => {
  const files = {
    'a.toml': '\uFEFFsession-length = 30 # minutes\nhttp-idle-timeout = "1m"\ntls-min-version = 1.3',
    'a.yaml': 'session-length: 30\nhttp-idle-timeout: 1m\ntls-min-version: 1.3\npid-file:',
    'a.JSON': '{"session-length": 30, "http-idle-timeout": "1m", "tls-min-version": "1.3", "pid-file": null}',
  }
  for (const path of Object.keys(files)) {
    const { settings, sources } = loadSettings(named(path, files))
    assert.equal(settings.sessionLength, 1_800_000)
    assert.equal(settings.httpIdleTimeout, 60_000)
    assert.equal(settings.tlsMinVersion, '1.3')
    assert.equal(sources.sessionLength, `file ${at(path)}`)
    assert.equal(sources.pidFile, 'default')
  }
})

test('an empty YAML file sets nothing', () => {
  const { settings } = loadSettings(named('x.yaml', { 'x.yaml': '# later\n' }))
  assert.equal(settings.store, 'disk')
})

test('without config-path the first file of the usual names in the working directory counts', () => {
  const { sources } = loadSettings(
    input({ files: { 'sluice.json': '{"store":"disk"}', 'sluice.yaml': 'store: memory' } }),
  )
  assert.equal(sources.store, `file ${at('sluice.yaml')}`)
})

test('config-path may be a folder, and comes from the environment too', () => {
  const files = {
    conf: failure('EISDIR'),
    'conf/sluice.yml': 'store: memory',
    'sluice.toml': 'store = "disk"',
  }
  const { settings, sources } = loadSettings(input({ env: { INFLUXD_CONFIG_PATH: 'conf' }, files }))
  assert.equal(settings.store, 'memory')
  assert.equal(settings.configPath, at('conf'))
  assert.equal(sources.configPath, 'environment INFLUXD_CONFIG_PATH')
})
