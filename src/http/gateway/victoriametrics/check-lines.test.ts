import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import {
  checkInfluxLine,
  checkJsonLine,
  checkLines,
  checkPrometheusLine,
  requireOwnColumns,
} from './check-lines.ts'

const INVALID = { code: 'invalid' }
const tags = (count: number, tag = (at: number) => `t${at}=x`) =>
  Array.from({ length: count }, (_, at) => tag(at))

suite('lines for VictoriaMetrics', () => {
  test('of the line protocol have at most 28 tags, and db at most once', () => {
    for (const line of [
      ...[
        'm v=1',
        'm,a=b v=1 1700000000',
        '# a comment, with, commas',
        '',
        'm,db=b v=1',
        'm,a=x\\ y,b=z v="a,b,c"',
      ],
      ...[`m,${tags(28)} v=1`, `m ${tags(60)}`, `m,a=x\\\\ ${tags(60)}`],
    ]) {
      assert.equal(checkInfluxLine(line, 'b'), line)
    }
    assert.equal(checkInfluxLine(' \tm,a=b v=1', 'b'), 'm,a=b v=1')
    for (const line of [
      ...[
        `m,${tags(29)} v=1`,
        `m,a=\\ ,${tags(28)} v=1`,
        `m,a=x\\\\\\ ,${tags(28)} v=1`,
        `m,${tags(29)}`,
        'm',
        'm,a="',
      ],
      ...[
        'm,db=a v=1',
        'm,db=b,db=a v=1',
        'm,d\\b=a v=1',
        'm,db= v=1',
        ` m,${tags(29)} v=1`,
        `m,${tags(29, () => 'a')} v=1`,
      ],
    ]) {
      assert.throws(() => checkInfluxLine(line, 'b'), INVALID, line)
    }
  })

  test("of Prometheus' text likewise, whatever stands in their values", () => {
    const labels = (count: number) => tags(count, (at) => `t${at}="x"`)
    for (const line of [
      ...['m 1', '# HELP m {a', 'm{} 1', 'm{a="b"} 1 1700000000000', 'm{a="}{,db=\\"x\\",", b = "c" , } 1'],
      ...[`m{${labels(28)}} 1`, 'm{db="b",db="b"} 1'],
    ]) {
      assert.equal(checkPrometheusLine(line, 'b'), line)
    }
    for (const line of [
      ...[
        `m{${labels(29)}} 1`,
        'm{db="a"} 1',
        'm{db="b",db="a"} 1',
        'm{"db"="b"} 1',
        'm{db="a","x="=",x="} 1 "} 1',
        'm{a="b" 1',
        'm{a=b} 1',
        'm{a="b"c="d"} 1',
      ],
      ...['m{"d\\u0062"="b"} 1', 'm{'],
    ]) {
      assert.throws(() => checkPrometheusLine(line, 'b'), INVALID, line)
    }
  })

  test('of JSON are written anew, each name once', () => {
    const line =
      '{"metric":{"__name__":"m","db":"a","\\u0064b":"b"},"metric2":1,"values":[1.5],"timestamps":[1]}'
    assert.equal(
      checkJsonLine(line, 'b'),
      '{"metric":{"__name__":"m","db":"b"},"values":[1.5],"timestamps":[1]}',
    )
    const umlaut = Buffer.from('{"metric":{"ö":"ü"},"values":[null],"timestamps":[1]}').toString('latin1')
    assert.equal(checkJsonLine(umlaut, 'b'), umlaut)
    const many = JSON.stringify({ metric: Object.fromEntries(tags(29).map((tag) => [tag, ''])) })
    for (const wrong of [
      many,
      '{"metric":{"db":"a"}}',
      '{"metric":{"db":1}}',
      '{',
      '[]',
      'null',
      '{"metric":null}',
      '{"values":[1]}',
    ]) {
      assert.throws(() => checkJsonLine(wrong, 'b'), INVALID, wrong)
    }
  })

  test('of CSV have the labels that format names', () => {
    requireOwnColumns('1:metric:m,2:label:host,3:time:unix_s')
    requireOwnColumns('')
    assert.throws(() => requireOwnColumns('1:metric:m,2:label:db'), INVALID)
    assert.throws(() => requireOwnColumns(tags(29, (at) => `${at + 1}:label:l${at}`).join()), INVALID)
  })

  test('pass whole, wherever the body is cut, and nothing of a refused line passes', () => {
    const line = fc.constantFrom('m v=1', 'm,a=ö v="x"', '', '# c', `m,${tags(28)} v=1`, 'm,b=\\ y v=2\r')
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        fc.boolean(),
        (lines, cuts, isRefused) => {
          const sent = Buffer.from([...lines, ...(isRefused ? ['bad,db=a,db=b v=1'] : [])].join('\n'))
          const check = checkLines(checkInfluxLine, 'b')
          const ends = [
            0,
            ...cuts.map((cut) => Math.min(cut, sent.length)).toSorted((a, b) => a - b),
            sent.length,
          ]
          let passed = ''
          const pass = () => {
            for (let at = 1; at < ends.length; at += 1) {
              passed += check.take(sent.subarray(ends[at - 1], ends[at])).toString()
            }
            passed += check.end().toString()
          }
          if (isRefused) {
            assert.throws(pass, INVALID)
            assert.doesNotMatch(passed, /bad/)
          } else {
            pass()
            assert.equal(passed, sent.toString())
          }
        },
      ),
    )
  })

  test('are bounded', () => {
    const check = checkLines(checkInfluxLine, 'b')
    const megabyte = Buffer.alloc(1_048_576, 'a')
    assert.throws(() => {
      for (let at = 0; at < 20; at += 1) check.take(megabyte)
    }, INVALID)
  })
})
