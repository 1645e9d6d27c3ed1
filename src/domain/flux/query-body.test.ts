import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { FluxRefusalReason } from './findings.ts'
import { inspectQueryBody } from './query-body.ts'

const ID = '265d57e7d52143bf'
const READ = `from(bucketID: "${ID}") |> range(start: -1h)`
const COMPUTED = 'from(bucketID: x)'

const inspect = (body: string | object, contentType?: string) =>
  inspectQueryBody(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), contentType)

suite('the media type decides how the body is read', () => {
  const types: readonly (readonly [string | undefined, 'text' | 'json'])[] = [
    ['application/vnd.flux', 'text'],
    ['APPLICATION/VND.FLUX; x=1', 'text'],
    [' application/vnd.flux ;charset=utf-8', 'text'],
    ['application/json', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['text/plain', 'json'],
    ['', 'json'],
    [undefined, 'json'],
    ['application/vnd.flux, text/plain', 'json'],
  ]
  for (const [contentType, kind] of types) {
    test(`${contentType}: ${kind}`, () => {
      const ofText = inspect(READ, contentType)
      const ofJson = inspect({ query: READ }, contentType)
      const [good, bad] = kind === 'text' ? [ofText, ofJson] : [ofJson, ofText]
      assert.deepEqual(good.found.bucketIDs, [{ id: ID, access: 'read' }])
      assert.equal(good.found.refusal, undefined)
      assert.deepEqual(bad.found.bucketIDs, [])
      // It is sent on as what it was read as.
      assert.equal(good.contentType, kind === 'text' ? 'application/vnd.flux' : 'application/json')
    })
  }

  test('a text that is not UTF-8', () => {
    const { found } = inspectQueryBody(Buffer.from([0x66, 0xff]), 'application/vnd.flux')
    assert.equal(found.refusal?.reason, 'malformed-body')
  })
})

suite('bodies that are refused', () => {
  const bodies: readonly (readonly [FluxRefusalReason, string, string | object])[] = [
    [
      'malformed-body',
      'GW-049: a key in another case',
      `{"query":"buckets()","QUERY":${JSON.stringify(READ)}}`,
    ],
    ['malformed-body', 'only a key in another case', { Query: READ }],
    ['malformed-body', 'with a long s', '{"query":"buckets()","a\u017ft":{}}'],
    ['malformed-body', 'a key twice', '{"query":"buckets()","query":"buckets()"}'],
    ['malformed-body', 'a key twice, deeper', '{"query":"","ast":{"a":1,"a":2}}'],
    ['malformed-body', 'GW-050: something behind it', '{"query":"buckets()"}{"query":"x"}'],
    [
      'malformed-body',
      'a key that InfluxDB knows by its Go name',
      { query: 'buckets()', PreferNoContent: true },
    ],
    ['malformed-body', 'InfluxQL', { query: 'SELECT * FROM m', type: 'influxql' }],
    ['malformed-body', 'type in another case', { query: 'buckets()', type: 'Flux' }],
    ['malformed-body', 'a query that is no string', { query: ['buckets()'] }],
    ['malformed-body', 'an extern that is no object', { query: 'buckets()', extern: [] }],
    ['malformed-body', 'an ast that is a string', { ast: 'x' }],
    ['malformed-body', 'an array', []],
    ['malformed-body', 'null', 'null'],
    ['malformed-body', 'not JSON', 'query=buckets()'],
    ['computed-bucket', 'the query', { query: COMPUTED }],
    ['computed-bucket', 'the escaped query', `{"query":"from(\\u0062ucketID: x)"}`],
    ['computed-bucket', 'escaped twice', String.raw`{"query":"from(\"\\x62ucketID\": x)"}`],
    ['computed-bucket', 'the extern', { query: 'buckets()', extern: tree('Identifier') }],
    ['computed-bucket', 'the ast', { ast: { type: 'Package', files: [tree('Identifier')] } }],
    ['computed-bucket', 'the ast beside a query', { query: 'buckets()', ast: tree('Identifier') }],
    [
      'syntax',
      'the ast of a text with errors',
      { ast: { ...tree('StringLiteral'), errors: [{ msg: 'x' }] } },
    ],
  ]
  for (const [reason, name, body] of bodies) {
    test(`${reason}: ${name}`, () => assert.equal(inspect(body).found.refusal?.reason, reason))
  }
})

suite('bodies that pass', () => {
  const bodies: Readonly<Record<string, object>> = {
    'a query': { query: 'buckets()' },
    'all keys': {
      query: 'from(bucket: b)',
      type: 'flux',
      extern: { type: 'File', body: [] },
      ast: null,
      dialect: { annotations: ['group'], header: true },
      now: '2026-01-01T00:00:00Z',
      params: {},
    },
    'GW-047: a bucket by name in extern': {
      query: 'from(bucket: b)|>range(start:-1h)',
      extern: {
        type: 'File',
        body: [
          {
            type: 'VariableAssignment',
            id: { type: 'Identifier', name: 'b' },
            init: { type: 'StringLiteral', value: 'b1' },
          },
        ],
      },
    },
    "a console's variables": {
      query: 'from(bucket: v.bucket)',
      extern: {
        type: 'File',
        package: null,
        imports: null,
        body: [
          {
            type: 'OptionStatement',
            assignment: {
              type: 'VariableAssignment',
              id: { type: 'Identifier', name: 'v' },
              init: {
                type: 'ObjectExpression',
                properties: [
                  {
                    type: 'Property',
                    key: { type: 'Identifier', name: 'bucketID' },
                    value: { type: 'StringLiteral', value: 'x' },
                  },
                ],
              },
            },
          },
        ],
      },
    },
    'empty values': { query: '', type: '', extern: null },
  }
  for (const [name, body] of Object.entries(bodies)) {
    test(name, () => {
      const inspected = inspect(body)
      assert.deepEqual(inspected.found, { bucketIDs: [], opens: [], imports: [] })
      assert.equal(Buffer.from(inspected.body).toString(), JSON.stringify(body))
    })
  }

  test('a literal id in the extern or the ast is reported', () => {
    for (const body of [{ query: '1', extern: tree('StringLiteral') }, { ast: tree('StringLiteral') }]) {
      assert.deepEqual(inspect(body).found.bucketIDs, [{ id: ID, access: 'read' }])
    }
  })
})

function tree(type: 'StringLiteral' | 'Identifier') {
  const argument = {
    type: 'ObjectExpression',
    properties: [
      {
        type: 'Property',
        key: { type: 'Identifier', name: 'bucketID' },
        value: { type, value: ID, name: 'x' },
      },
    ],
  }
  const callee = { type: 'Identifier', name: 'from' }
  return {
    type: 'File',
    body: [
      { type: 'ExpressionStatement', expression: { type: 'CallExpression', callee, arguments: [argument] } },
    ],
  }
}
