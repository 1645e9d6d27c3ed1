import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { filteredAnswer } from './filtered-answer.ts'

const onlyA = new Map([[1, (name: string) => name === 'a']])
const filtered = (text: string) => filteredAnswer(Buffer.from(text), onlyA).toString()
const databases = (...names: readonly string[]) =>
  `{"statement_id":1,"series":[{"name":"databases","columns":["name"],"values":${JSON.stringify(names.map((name) => [name]))}}]}`

suite('an answer whose names are filtered', () => {
  test('has those that stay, and every other result byte for byte', () => {
    const other =
      '{"statement_id":0,"series":[{"name":"m\\u003c]}\\"{","values":[[12345678901234567890,1.50,"b"]]}]}'
    assert.equal(
      filtered(`{"results":[${other},${databases('a', 'b')}]}\n`),
      `{"results":[${other},${databases('a')}]}\n`,
    )
    assert.equal(filtered(`{"results":[${other}]}`), `{"results":[${other}]}`)
    assert.equal(filtered('{"results":[],"error":"b"}'), '{"results":[],"error":"b"}')
    assert.equal(filtered('{"error":"no"}'), '{"error":"no"}')
    assert.equal(
      filtered(`{"results":[${databases('b')}]}`),
      '{"results":[{"statement_id":1,"series":[{"name":"databases","columns":["name"]}]}]}',
    )
    const failed = '{"results":[{"statement_id":1,"error":"not executed"}]}'
    assert.equal(filtered(failed), failed)
    assert.equal(
      filtered(`{\n  "results": [\n    ${JSON.stringify(JSON.parse(databases('a', 'b')), null, 4)}\n  ]\n}`),
      `{\n  "results": [\n    ${databases('a')}\n  ]\n}`,
    )
  })

  test('is not shown where it cannot be read', () => {
    for (const text of [
      ...['', '[]', 'null', '{', '{"a":1,"results":[]}', '{"results":{}}', '{"results":['],
      ...[
        '{"results":[{"series":[]}]}',
        '{"results":[[{"statement_id":1}]]}',
        `{"results":[${databases('b')}`,
      ],
      ...[
        '{"results":[{"statement_id":1,"series":{"values":[["b"]]}}]}',
        '{"results":[{"statement_id":1,"series":[{"columns":["other","name"],"values":[["a","b"]]}]}]}',
        '{"results":[{"statement_id":1,"series":[{"columns":["name"],"values":["b"]}]}]}',
      ],
    ]) {
      assert.throws(() => filtered(text), { code: 'unavailable' }, text)
    }
  })

  test('is the same as of parsed JSON, whatever the other results hold', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.boolean(), (others, isPretty) => {
        const results = others.map((series, at) => ({ statement_id: at + 2, series }))
        const space = isPretty ? 4 : undefined
        const all = (last: string) => JSON.stringify({ results: [...results, JSON.parse(last)] }, null, space)
        assert.deepEqual(JSON.parse(filtered(all(databases('b', 'a')))), JSON.parse(all(databases('a'))))
      }),
    )
  })
})
