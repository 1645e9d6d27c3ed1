import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseFlux } from './flux-parser.ts'
import { inspectFlux } from './inspect-flux.ts'

const ID = '265d57e7d52143bf'

suite('a hostile text is refused, and the next one is parsed', () => {
  const nested = (open: string, times: number) => `bucketID\n${open.repeat(times)}`
  const texts: Readonly<Record<string, string>> = {
    'endless loop': '@a(bucketID } )',
    parentheses: nested('(', 100_000),
    'closed parentheses': `${'('.repeat(100_000)}bucketID${')'.repeat(100_000)}`,
    brackets: nested('[', 100_000),
    records: nested('{a: ', 50_000),
    dictionaries: nested('[1: ', 50_000),
    functions: nested('() => ', 40_000),
    blocks: nested('f = () => {', 20_000),
    conditions: nested('if ', 80_000),
    'unary operators': nested('-', 200_000),
    negations: nested('not ', 60_000),
    'binary operators': nested('1+', 100_000),
    members: `bucketID${'.a'.repeat(100_000)}`,
    calls: `bucketID${'()'.repeat(100_000)}`,
    pipes: `bucketID${' |> a()'.repeat(30_000)}`,
    interpolations: nested(`"\${`, 80_000),
    types: `bucketID\nbuiltin x : ${'['.repeat(100_000)}`,
    'record types': `bucketID\nbuiltin x : ${'{a: '.repeat(50_000)}`,
    attributes: nested('@a(', 50_000),
    testcases: nested('testcase a {', 20_000),
    length: nested('a\n', 200_000),
  }
  for (const [name, text] of Object.entries(texts)) {
    test(name, () => {
      const reason = inspectFlux(text).refusal?.reason
      assert.match(String(reason), /^(too-large|syntax)$/)
      assert.deepEqual(inspectFlux(`from(bucketID: "${ID}")`).bucketIDs, [{ id: ID, access: 'read' }])
    })
  }
})

test('an ordinary text may be long', () => {
  const query = `from(bucketID: "${ID}") |> range(start: -1h) |> filter(fn: (r) => r._field == "v")\n`
  assert.deepEqual(inspectFlux(query.repeat(600)), {
    bucketIDs: [{ id: ID, access: 'read' }],
    opens: [],
    imports: [],
  })
})

test('syntax of the newest servers is parsed', () => {
  for (const text of [
    'import "experimental/dynamic"\ndynamic.dynamic(v: 1)',
    'testcase a extends "b" { from(bucket: "host") }',
    '@edition("2022.1")\npackage main\nimport "date"',
    'import "array"\nx = .label\ny = (a, b=1) => a',
    `import "array"\nx = {r with a: [1: 2], b: 2020-01-01T00:00:00Z, c: 1h30m, d: /a\\/b/, e: "\${1}"}`,
  ]) {
    assert.equal(inspectFlux(text).refusal, undefined, text)
  }
})

test('escapes and characters beyond ASCII are decoded', () => {
  const tree = JSON.stringify(parseFlux('x = "\\x62\\"\\\\ü😀"'))
  assert.ok(tree.includes(JSON.stringify('b"\\ü😀').slice(1, -1)))
})
