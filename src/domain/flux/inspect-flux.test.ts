/**
 * Each text that is refused or reported here opened the bucket on a real InfluxDB 2.9, with a token that may not read
 * it, unless the table says otherwise.
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { FluxAccess, FluxFindings, FluxRefusalReason } from './findings.ts'
import { inspectFlux, inspectProgram } from './inspect-flux.ts'

const ID = '265d57e7d52143bf'
const OTHER = 'ef589472ce867b10'

const uses = (text: string) => inspectFlux(text).bucketIDs.map(({ id, access }) => `${access} ${id}`)
const reason = ({ refusal }: FluxFindings) => refusal?.reason

suite('a bucket named by a literal id', () => {
  const texts: readonly (readonly [string, FluxAccess])[] = [
    [`from(bucketID: "${ID}") |> range(start: -1h)`, 'read'],
    [`from(bucketID:"${ID.toUpperCase()}")`, 'read'],
    [`from("bucketID": "${ID}")`, 'read'],
    [String.raw`from("\x62ucketID": "${ID}")`, 'read'],
    [String.raw`from("bucket\x49D": "${ID}")`, 'read'],
    // InfluxDB drops what follows an @ in the name of an argument.
    [`from("bucketID@x": "${ID}")`, 'read'],
    [`from("bucketID@": "${ID}")`, 'read'],
    [String.raw`from("bucketID\x40x": "${ID}")`, 'read'],
    [`from // a comment\n(// another\n bucketID // and\n : // more\n "${ID}")`, 'read'],
    [String.raw`from(bucketID: "\x32${ID.slice(1)}")`, 'read'],
    [`cardinality(bucketID: "${ID}", start: -1h)`, 'read'],
    [`import i "influxdata/influxdb"\ni.cardinality(bucketID: "${ID}", start: -1h)`, 'read'],
    [`import i "influxdata/influxdb"\ni["from@y"]("bucketID@z": "${ID}")`, 'read'],
    [`import "influxdata/influxdb"\ninfluxdb.from(bucketID: "${ID}")`, 'read'],
    [`from(bucket: "b1") |> to(bucketID: "${ID}")`, 'write'],
    [`from(bucket: "b1") |> wideTo(bucketID: "${ID}")`, 'write'],
    [`import "experimental"\nfrom(bucket: "b1") |> experimental.to(bucketID: "${ID}", orgID: "x")`, 'write'],
    [`f = from\nf(bucketID: "${ID}")`, 'unknown'],
    [`r = {f: from}\nr.f(bucketID: "${ID}")`, 'unknown'],
    [`import "influxdata/influxdb"\ni = influxdb\ni.from(bucketID: "${ID}")`, 'unknown'],
    [`(() => from)()(bucketID: "${ID}")`, 'unknown'],
    [`(if true then from else from)(bucketID: "${ID}")`, 'unknown'],
    [`import "experimental"\nexperimental.from(bucketID: "${ID}")`, 'unknown'],
    // The text gives the name another meaning.
    [`from = to\n from(bucketID: "${ID}")`, 'unknown'],
    [`option from = to\n from(bucketID: "${ID}")`, 'unknown'],
    [`g = (from) => from(bucketID: "${ID}")`, 'unknown'],
    [`import from "experimental"\nfrom(bucketID: "${ID}")`, 'unknown'],
    [`import "influxdata/influxdb"\ninfluxdb = {from: to}\ninfluxdb.from(bucketID: "${ID}")`, 'unknown'],
    [
      `import influxdb "experimental"\nimport "influxdata/influxdb"\ninfluxdb.to(bucketID: "${ID}")`,
      'unknown',
    ],
    // Not `__proto__` or `constructor` of the table of functions.
    [`constructor(bucketID: "${ID}")`, 'unknown'],
  ]
  for (const [text, access] of texts) {
    test(`${access}: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(uses(text), [`${access} ${ID}`])
      assert.equal(reason(inspectFlux(text)), undefined)
    })
  }

  test('every use is found, at any depth, and each pair of id and access once', () => {
    const text = `
      x = {a: [from(bucketID: "${ID}"), from(bucketID: "${ID}")]}
      y = (r) => { return if r.a then "\${from(bucketID: "${OTHER}")}" else not from(bucketID: "${ID}") }
      union(tables: [x]) |> to(bucketID: "${OTHER}")`
    assert.deepEqual(new Set(uses(text)), new Set([`read ${ID}`, `read ${OTHER}`, `write ${OTHER}`]))
  })
})

suite('a use that is not a literal id is refused', () => {
  const texts = [
    `bucketID = "${ID}"\nfrom(bucketID)`,
    'from("bucketID")',
    `id = "${ID}"\nfrom(bucketID: id)`,
    `from(bucketID: "${ID.slice(0, 8)}" + "${ID.slice(8)}")`,
    `from(bucketID: ("${ID}"))`,
    `from(bucketID: string(v: "${ID}"))`,
    `from(bucketID: if true then "${ID}" else "")`,
    `from(bucketID: "\${"${ID}"}")`,
    'from(bucketID: {id: "x"}.id)',
    'from(bucketID: r["bucketID"])',
    'from(bucketID: v.bucketID)',
    'from(bucketID: "")',
    'from(bucketID: "b2")',
    `from(bucketID: "${ID}0")`,
    `from(bucketID: "${ID} ")`,
    `f = (bucketID) => from(bucketID: bucketID)\nf(bucketID: "${ID}")`,
    `f = (bucketID="${ID}") => from(bucketID)`,
    `from(bucketID: "${OTHER}", "bucketID@x": x)`,
    `x = "\${string(v: from(bucketID: r.id))}"`,
  ]
  for (const text of texts) {
    test(JSON.stringify(text), () => assert.equal(reason(inspectFlux(text)), 'computed-bucket'))
  }

  test('what can be told of the rest is reported all the same', () => {
    const found = inspectFlux(`import "sql"\nfrom(bucketID: "${ID}", host: "h")\nfrom(bucketID: x)`)
    assert.deepEqual(found.bucketIDs, [{ id: ID, access: 'read' }])
    assert.deepEqual([found.opens, found.imports], [['host'], ['sql']])
  })
})

suite('other refusals', () => {
  // InfluxDB refuses these too, or they were not seen to open anything. They stay closed in case it changes.
  const texts: readonly (readonly [FluxRefusalReason, string])[] = [
    ['syntax', 'from(bucketID: )'],
    ['syntax', 'from(bucketID: "a" "b")'],
    ['syntax', 'from({r with bucketID: x})'],
    ['syntax', 'import "x\nfrom(bucket: "b")'],
    ['syntax', '"\\q"'],
    ['syntax', 'from(bucket: "b1") // \0'],
    ['syntax', '\ufefffrom(host: "x")'],
    ['not-inspectable', `builtin from : (<-bucketID: string) => stream[A]\n"${ID}" |> from()`],
    ['not-inspectable', `f = (bucketID=<-) => 1\n"${ID}" |> f()`],
    ['not-inspectable', 'f = (host=<-) => 1'],
    ['too-large', `x = "${'bucketID '.repeat(30_000)}"`],
  ]
  for (const [expected, text] of texts) {
    test(`${expected}: ${JSON.stringify(text.slice(0, 60))}`, () =>
      assert.equal(reason(inspectFlux(text)), expected))
  }
})

suite('harmless texts pass', () => {
  const texts = [
    'from(bucket: "b1") |> range(start: -1h)',
    'buckets()',
    '',
    'from(bucket: "b1") |> filter(fn: (r) => r.bucketID == "x" and r["bucketID"] != "y")',
    'from(bucket: "b1") |> filter(fn: (r) => r.note == "bucketID")',
    'from(bucket: "b1") |> group(columns: ["bucketID", "host"])',
    'from(bucket: "b1") |> map(fn: (r) => ({r with bucketID: r.id, "host": string(v: r.x)}))',
    'from(bucket: "b1") |> rename(columns: {bucketID: "b", host: "h"})',
    'x = {bucketID: "a"}\ny = x.bucketID',
    'x = ["bucketID": 1]',
    'bucketID = "b1"\nfrom(bucket: bucketID)',
    'f = (bucketID) => from(bucket: bucketID)',
    '// from(bucketID: x)\nfrom(bucket: "b1") // bucketID',
    'from(bucket: "b1") |> filter(fn: (r) => r.path =~ /\\/var\\/bucketID: x/)',
    'x = "from(bucketID: x)"',
    `x = "\${r.bucketID} of \${r["host"]}"`,
    'from(bucket: "b1") |> yield(name: "bucketID")',
    'from(bucket: "b1") |> fill(column: "host", value: "x")',
    'from(bucket: "b1", mybucketID: x, bucketid: y, bucketIDs: z)',
    'import "strings"\nfrom(bucket: "b1") |> filter(fn: (r) => strings.hasPrefix(v: r.host, prefix: "a\\\\b"))',
    '@edition("2022.1")\npackage main\nimport "date"\nfrom(bucket: "bucketID")',
    'f = (a, ?b=1) => a\nx = .bucketID',
  ]
  for (const text of texts.slice(0, -1)) {
    test(JSON.stringify(text), () => {
      const { bucketIDs, opens, refusal } = inspectFlux(text)
      assert.deepEqual({ bucketIDs, opens, refusal }, { bucketIDs: [], opens: [], refusal: undefined })
    })
  }
})

test('arguments that open hosts and files are reported, and imports by their decoded paths', () => {
  const found = inspectFlux(String.raw`
    import h "ht\x74p"
    import "csv"
    from(bucket: "b", "host@x": "http://127.0.0.1")
    csv.from(file: "/etc/passwd")`)
  assert.deepEqual(found.opens, ['host', 'file'])
  assert.deepEqual(found.imports.toSorted(), ['csv', 'http'])
})

test('texts and trees of one request share their names', () => {
  const extern = treeOf({ name: 'bucketID' })
  assert.deepEqual(inspectProgram({ texts: ['1'], trees: [extern] }).bucketIDs, [{ id: ID, access: 'read' }])
  const rebinding = inspectProgram({ texts: ['from = to'], trees: [extern] })
  assert.deepEqual(rebinding.bucketIDs, [{ id: ID, access: 'unknown' }])
})

suite('a tree that the request brings', () => {
  for (const key of [
    { type: 'Identifier', name: 'bucketID' },
    { type: 'Identifier', name: 'bucketID@q' },
    { type: 'StringLiteral', value: 'bucketID' },
    { value: 'bucketID' },
  ]) {
    test(`key ${JSON.stringify(key)}`, () => {
      assert.deepEqual(inspectProgram({ texts: [], trees: [treeOf(key)] }).bucketIDs, [
        { id: ID, access: 'read' },
      ])
      const computed = treeOf(key, { type: 'Identifier', name: 'x' })
      assert.equal(reason(inspectProgram({ texts: [], trees: [computed] })), 'computed-bucket')
      assert.equal(reason(inspectProgram({ texts: [], trees: [treeOf(key, null)] })), 'computed-bucket')
    })
  }

  test('errors and bad nodes are refused, as InfluxDB does', () => {
    for (const tree of [{ type: 'BadStatement' }, { type: 'File', body: [{ errors: [{ msg: 'x' }] }] }]) {
      assert.equal(reason(inspectProgram({ texts: [], trees: [tree] })), 'syntax')
    }
  })

  test('any other form does no harm', () => {
    const trees = [
      1,
      null,
      [],
      { arguments: null },
      { arguments: [[]] },
      { params: [1] },
      { type: 'ImportDeclaration' },
    ]
    assert.equal(reason(inspectProgram({ texts: [], trees })), undefined)
  })
})

/** A file that calls `from` with one argument. */
function treeOf(key: object, value: unknown = { type: 'StringLiteral', value: ID }) {
  const properties = [{ type: 'Property', key, value }]
  const expression = {
    type: 'CallExpression',
    callee: { type: 'Identifier', name: 'from' },
    arguments: [{ type: 'ObjectExpression', properties }],
  }
  return { type: 'File', body: [{ type: 'ExpressionStatement', expression }] }
}
