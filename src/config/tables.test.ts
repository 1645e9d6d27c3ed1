import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { CWD, input } from '../../test/support/settings-input.ts'
import { configurationDocument } from './document.ts'
import { settingsHelp } from './help.ts'
import { readSettings } from './load.ts'
import { printTable } from './print.ts'
import { ConfigurationError } from './refusals/configuration-error.ts'
import type { SettingsOf } from './shapes/names.ts'
import { boolean, choice, duration, path, text, texts } from './shapes/setting.ts'
import { tables } from './shapes/tables.ts'

/** A list of the test's own, with one key of each kind that matters. */
const upstream = tables({
  name: 'upstream',
  about: 'Servers to which requests go.',
  keys: [
    text({
      name: 'url',
      mustBeSet: true,
      example: 'http://127.0.0.1:8087',
      about: 'Where the server is.',
    }),
    choice({ name: 'kind', values: ['influxdb', 'other'], default: 'influxdb', about: 'What it is.' }),
    text({ name: 'token', secret: true, mustBeSet: 'or-file', about: 'Its token.' }),
    path({ name: 'token-file', about: 'A file with its token.' }),
    duration({ name: 'read-timeout', default: '10s', min: '1s', max: '1h', about: 'How long it may take.' }),
    texts({ name: 'orgs', default: [], about: 'Whose requests go there.' }),
  ],
})
const schema = [
  path({ name: 'config-path', about: 'The file.' }),
  upstream,
  boolean({ name: 'open', default: false, about: 'Whether it is open.' }),
] as const

const FILE = join(CWD, 'sluice.toml')
const inFile = (content: string) => input({ files: { 'sluice.toml': content } })
const read = (given: Parameters<typeof readSettings>[1]) => readSettings(schema, given)

const ONE = '[[upstream]]\nurl = "http://a"\ntoken = "s3cret-a"\n'
const refusals = {
  'a table without a key that it must have': [
    inFile(`${ONE}[[upstream]]\ntoken = "s3cret"`),
    `upstream 2 (in ${FILE}): url is missing`,
  ],
  'a table without a secret and without its file': [
    inFile(`${ONE}[[upstream]]\nurl = "http://b"`),
    `upstream 2 (in ${FILE}): token or token-file is missing`,
  ],
  'a secret and its file': [
    inFile(`${ONE}token-file = "t"`),
    `upstream 1 (in ${FILE}): token and token-file are both set; leave one out`,
  ],
  'a slip in a key, also where another key is missing for it': [
    inFile(`${ONE}[[upstream]]\nurll = "http://b"\ntoken = "s3cret"`),
    `upstream 2 (in ${FILE}): urll is not a setting; did you mean url?`,
  ],
  'a key in another way of writing': [
    inFile(`${ONE}readTimeout = "1s"`),
    `upstream 1 (in ${FILE}): readTimeout is not a setting; did you mean read-timeout?`,
  ],
  'a key that is like none': [
    inFile(`${ONE}colour = "red"`),
    `upstream 1 (in ${FILE}): colour is not a setting; it may have url, kind, token, token-file, read-timeout, orgs`,
  ],
  'a key of every object': [
    input({ files: { 'sluice.json': '{"upstream": [{"__proto__": {"url": "x"}}]}' } }),
    `upstream 1 (in ${join(CWD, 'sluice.json')}): __proto__ is not a setting; it may have url, kind, token, token-file, read-timeout, orgs`,
  ],
  'a choice that is none': [
    inFile(`${ONE}kind = "influx"`),
    `upstream 1 (in ${FILE}): kind is "influx"; it must be one of influxdb, other`,
  ],
  'a duration that is none': [
    inFile(`${ONE}read-timeout = "soon"`),
    `upstream 1 (in ${FILE}): read-timeout is "soon"; it must be a duration such as 90s, 10m or 1h30m, or 0`,
  ],
  'a duration beyond its limits': [
    inFile(`${ONE}read-timeout = "2h"`),
    `upstream 1 (in ${FILE}): read-timeout is "2h"; it must be from 1s to 1h`,
  ],
  'a list of strings that is none': [
    inFile(`${ONE}orgs = [1]`),
    `upstream 1 (in ${FILE}): orgs is a list; it must be a list of strings, such as a,b`,
  ],
  'a secret that does not fit, which is not shown': [
    inFile('[[upstream]]\nurl = "http://a"\ntoken = 53'),
    `upstream 1 (in ${FILE}): token has a value that does not fit; it must be text`,
  ],
  'a table instead of a list': [
    inFile('[upstream]\nurl = "http://a"'),
    `upstream in ${FILE} has a value that does not fit; it must be a list of tables, each with url, kind, token, token-file, read-timeout, orgs`,
  ],
  'an entry that is no table': [
    inFile('upstream = [ "http://s3cret@a" ]'),
    `upstream 1 (in ${FILE}) is no table; it must be a table of url, kind, token, token-file, read-timeout, orgs`,
  ],
  'a variable whose value does not fit': [
    input({ env: { SLUICE_UPSTREAM_0_KIND: 'influx' } }),
    'SLUICE_UPSTREAM_0_KIND is "influx"; it must be one of influxdb, other',
  ],
  'variables without one that must be set': [
    input({
      env: {
        SLUICE_UPSTREAM_0_URL: 'a',
        SLUICE_UPSTREAM_0_TOKEN: 't',
        SLUICE_UPSTREAM_1_TOKEN: 's3cret',
      },
    }),
    'upstream 2 (SLUICE_UPSTREAM_1_TOKEN): url is missing; set SLUICE_UPSTREAM_1_URL',
  ],
  'variables with a gap': [
    input({ env: { SLUICE_UPSTREAM_0_URL: 'a', SLUICE_UPSTREAM_2_URL: 'b' } }),
    'SLUICE_UPSTREAM_2_URL is set but no variable begins with SLUICE_UPSTREAM_1_; number them from 0 without a gap',
  ],
  'variables that do not count from 0': [
    input({ env: { SLUICE_UPSTREAM_1_URL: 'a' } }),
    'SLUICE_UPSTREAM_1_URL is set but no variable begins with SLUICE_UPSTREAM_0_; number them from 0 without a gap',
  ],
  'one key by two variables': [
    input({ env: { SLUICE_UPSTREAM_0_URL: 'a', SLUICE_UPSTREAM_URL: 'b' } }),
    'SLUICE_UPSTREAM_URL and SLUICE_UPSTREAM_0_URL are the same setting; leave one out',
  ],
  'flags without one that must be set': [
    input({ argv: ['--upstream-token-file', 't'] }),
    'upstream 1 (--upstream-token-file): url is missing; set --upstream-url',
  ],
  'the list as a flag': [
    input({ argv: ['--upstream=http://s3cret@a'] }),
    '--upstream is a list; its first entry is given by --upstream-url, --upstream-kind, --upstream-token, --upstream-token-file, --upstream-read-timeout, --upstream-orgs',
  ],
  'a slip in a flag': [
    input({ argv: ['--upstream-ulr=a'] }),
    '--upstream-ulr is not a setting; did you mean --upstream-url?',
  ],
  'a flag beside a list in the file': [
    { ...inFile(ONE), argv: ['--upstream-url', 'b'] },
    `upstream 1 (--upstream-url) and upstream 1 (in ${FILE}) are both set; give upstream by flags and variables, or in the file`,
  ],
  'a variable beside a list in the file': [
    { ...inFile(ONE), env: { SLUICE_UPSTREAM_0_TOKEN: 's3cret' } },
    `upstream 1 (SLUICE_UPSTREAM_0_TOKEN) and upstream 1 (in ${FILE}) are both set; give upstream by flags and variables, or in the file`,
  ],
  'the first entry in the file beside its list': [
    inFile(`upstream-url = "b"\n${ONE}`),
    `upstream-url in ${FILE} and upstream in ${FILE} are both set; leave one out`,
  ],
} as const

suite('tables that are refused', () => {
  for (const [name, [given, message]] of Object.entries(refusals))
    test(name, () => {
      assert.throws(() => read(given), { name: 'ConfigurationError', message })
      assert.doesNotMatch(message, /s3cret|53/)
    })
})

test('whatever a file has for a list, it is read or refused by a sentence of one line', () => {
  const key = fc.oneof(fc.constantFrom('url', 'kind', 'token', 'token-file', 'orgs', 'x'), fc.string())
  const value = fc.oneof(fc.constantFrom('a', 'other', '1m', null), fc.jsonValue())
  const list = fc.oneof(fc.array(fc.oneof(fc.dictionary(key, value), fc.jsonValue())), fc.jsonValue())
  const outcomes = { read: 0, refused: 0 }
  fc.assert(
    fc.property(list, fc.boolean(), (upstream, isFitting) => {
      const tables = isFitting ? [{ url: 'a', token: 'b' }] : upstream
      try {
        read(input({ files: { 'sluice.json': JSON.stringify({ upstream: tables }) } }))
        outcomes.read += 1
      } catch (error) {
        assert.ok(error instanceof ConfigurationError, String(error))
        assert.match(error.message, /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
        outcomes.refused += 1
      }
    }),
    { numRuns: 500 },
  )
  assert.ok(outcomes.read > 20 && outcomes.refused > 20, JSON.stringify(outcomes))
})

test('TOML, YAML and JSON say the same', () => {
  const files = {
    'a.toml':
      '[[upstream]]\nurl = "http://a"\ntoken-file = "t"\n[[upstream]]\nurl = "http://b"\ntoken = "x"\nkind = "other"\nread-timeout = "1m"\norgs = ["a", "b"]',
    'a.yaml':
      'upstream:\n- url: http://a\n  token-file: t\n  kind:\n- {url: "http://b", token: x, kind: other, read-timeout: 1m, orgs: "a,b"}',
    'a.json':
      '{"upstream":[{"url":"http://a","token-file":"t"},{"url":"http://b","token":"x","kind":"other","read-timeout":"1m","orgs":["a","b"]}]}',
  }
  for (const name of Object.keys(files)) {
    const { settings, sources } = read(input({ argv: ['--config-path', name], files }))
    assert.deepEqual(settings.upstream, [
      {
        url: 'http://a',
        kind: 'influxdb',
        token: undefined,
        tokenFile: join(CWD, 't'),
        readTimeout: 10_000,
        orgs: [],
      },
      {
        url: 'http://b',
        kind: 'other',
        token: 'x',
        tokenFile: undefined,
        readTimeout: 60_000,
        orgs: ['a', 'b'],
      },
    ])
    assert.equal(sources.upstream[0]?.url, `file ${join(CWD, name)}`)
    assert.equal(sources.upstream[0]?.kind, 'default')
  }
})

test('variables make up tables, the first one together with flags, which are stronger', () => {
  const env = {
    SLUICE_UPSTREAM_URL: 'http://weaker',
    SLUICE_UPSTREAM_0_TOKEN: 'a',
    SLUICE_UPSTREAM_0_KIND: '',
    SLUICE_UPSTREAM_1_URL: 'http://b',
    SLUICE_UPSTREAM_1_TOKEN_FILE: '/b',
  }
  const { settings, sources } = read(input({ argv: ['--upstream-url', 'http://a'], env }))
  assert.deepEqual(
    settings.upstream.map(({ url, token, tokenFile }) => [url, token, tokenFile]),
    [
      ['http://a', 'a', undefined],
      ['http://b', undefined, '/b'],
    ],
  )
  assert.deepEqual(
    [sources.upstream[0]?.url, sources.upstream[0]?.token],
    ['flag --upstream-url', 'environment SLUICE_UPSTREAM_0_TOKEN'],
  )
})

test('flags and short names give the first table, so variables may go on from 1', () => {
  const env = { SLUICE_UPSTREAM_1_URL: 'http://b', SLUICE_UPSTREAM_1_TOKEN: 't' }
  const short = { SLUICE_UPSTREAM_URL: 'http://a', SLUICE_UPSTREAM_TOKEN: 't' }
  for (const given of [
    { env, argv: ['--upstream-url=http://a', '--upstream-token=t'] },
    { env: { ...env, ...short } },
  ]) {
    const { settings } = read(input(given))
    assert.deepEqual(
      settings.upstream.map(({ url }) => url),
      ['http://a', 'http://b'],
    )
  }
})

test('one table by flags, or by the same names in the file', () => {
  const flags = read(
    input({ argv: ['--upstream-url=http://a', '--upstream-token=t', '--upstream-orgs=a,b'] }),
  )
  const file = read(inFile('upstream-url = "http://a"\nupstream-token = "t"\nupstream-orgs = "a,b"'))
  assert.equal(flags.settings.upstream[0]?.url, 'http://a')
  assert.deepEqual(file.settings, flags.settings)
  assert.equal(file.sources.upstream[0]?.url, `file ${FILE}`)
})

test('without any the list is empty, and nothing of it changes any more', () => {
  for (const given of [input(), inFile('upstream = []')]) {
    assert.deepEqual(read(given).settings.upstream, [])
  }
  const { settings, sources } = read(inFile(`${ONE}orgs = "a"`))
  const [first] = settings.upstream
  for (const part of [settings.upstream, first, first?.orgs, sources.upstream, sources.upstream[0]])
    assert.ok(Object.isFrozen(part))
})

test('slips in variables are refused; what Kubernetes sets for a service of that name is not', () => {
  const env = {
    SLUICE_UPSTREAM_0_URL: 'http://a',
    SLUICE_UPSTREAM_0_TOKEN: 't',
    SLUICE_UPSTREAM_2_PORT: 'tcp://10.0.0.1:8086',
    SLUICE_UPSTREAM_2_SERVICE_HOST: '10.0.0.1',
    SLUICE_UPSTREAM_PORT: 'tcp://10.0.0.1:8086',
  }
  assert.equal(read(input({ env })).settings.upstream.length, 1)
  for (const [variable, meant] of [
    ['SLUICE_UPSTREAM_0_KINDD', 'SLUICE_UPSTREAM_0_KIND'],
    ['SLUICE_UPSTREAM_00_URL', 'SLUICE_UPSTREAM_0_URL'],
    ['SLUICE_UPSTREAM', 'SLUICE_UPSTREAM_0_URL'],
  ] as const) {
    assert.throws(() => read(input({ env: { ...env, [variable]: 's3cret' } })), {
      name: 'ConfigurationError',
      message: `${variable} is not a setting; did you mean ${meant}?`,
    })
  }
})

test('print-config has a line for each key of each table, and hides secrets', () => {
  const loaded = read(inFile(`${ONE}orgs = ["a", "b"]`))
  const rows = printTable(schema, loaded)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  const source = `file ${FILE}`
  assert.deepEqual(rows, [
    ['config-path', '(not set)', 'default'],
    ['upstream 1: url', 'http://a', source],
    ['upstream 1: kind', 'influxdb', 'default'],
    ['upstream 1: token', '(hidden)', source],
    ['upstream 1: token-file', '(not set)', 'default'],
    ['upstream 1: read-timeout', '10s', 'default'],
    ['upstream 1: orgs', 'a,b', source],
    ['open', 'false', 'default'],
  ])
  assert.match(printTable(schema, read(input())), /^upstream +\(not set\) +default$/m)
})

const groups = [{ title: 'Gateway', settings: schema }]

test('help has the flags of the first table', () => {
  const help = settingsHelp(groups)
  assert.match(
    help,
    /^ {2}upstream: a list; flags give its first entry\n {6}Servers to which requests go\.$/m,
  )
  assert.match(help, /^ {2}--upstream-url TEXT {2}\(required\)\n {6}Where the server is\.$/m)
  assert.match(help, /^ {2}--upstream-kind influxdb\|other {2}\(default influxdb\)$/m)
  assert.match(help, /^ {2}--open {2}\(default false\)$/m)
})

test('the document explains lists and has a section for this one, whose example loads', () => {
  const document = configurationDocument(groups)
  assert.match(document, /^## Lists$/m)
  const [, section = ''] = document.split('### upstream\n')
  assert.match(section, /^\nServers to which requests go\.\n/)
  assert.match(section, /^\| Key +\| Flag and variable of the first +\| Default +\| Meaning +\|$/m)
  assert.match(section, /^\| `url` +\| `--upstream-url`<br>`SLUICE_UPSTREAM_0_URL` +\| required +\| Where/m)
  assert.match(section, /`10s` +\| How long it may take\. 1s–1h\. +\|$/m)
  const [, example = ''] = /```toml\n([^`]*)```/.exec(section) ?? []
  assert.equal(read(inFile(`${example}token = "t"`)).settings.upstream[0]?.url, 'http://127.0.0.1:8087')
})

test('the type of a list follows from its shapes', () => {
  // These lines are checked by the compiler; there is nothing to run.
  type Upstream = SettingsOf<typeof schema>['upstream'][number]
  const check = (table: Upstream, settings: SettingsOf<typeof schema>) => {
    const kind: 'influxdb' | 'other' = table.kind
    const url: string = table.url
    const timeoutMs: number = table.readTimeout
    const all: readonly Upstream[] = settings.upstream
    // @ts-expect-error a table may have a file instead
    const token: string = table.token
    // @ts-expect-error it is frozen
    table.url = 'x'
    return [kind, url, timeoutMs, all, token]
  }
  assert.equal(typeof check, 'function')
})
