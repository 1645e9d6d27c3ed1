import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { checkBody, checkPacked } from '../../body-check.ts'
import { checkLines } from '../check-lines.ts'
import { ownColumns } from './csv-columns.ts'
import { checkInfluxLine, INFLUX_LINES } from './influx-line.ts'
import { checkJsonLine, JSON_LINES } from './json-line.ts'
import type { LineFormat } from './line-format.ts'
import { checkPrometheusLine, PROMETHEUS_LINES } from './prometheus-line.ts'

const INVALID = { code: 'invalid' }
const tags = (count: number, tag = (at: number) => `t${at}=x`) =>
  Array.from({ length: count }, (_, at) => tag(at))

suite('lines for VictoriaMetrics', () => {
  test('of the line protocol have at most 28 tags, and none db', () => {
    for (const line of [
      ...['m v=1', 'm,a=b v=1 1700000000', '# a comment, with, commas', '', 'm,a=x\\ y,b=z v="a,b,c"'],
      ...[`m,${tags(28)} v=1`, `m ${tags(60)}`, `m,a=x\\\\ ${tags(60)}`, 'm', 'm,a="'],
    ]) {
      assert.equal(checkInfluxLine(line), line)
    }
    for (const [line, own] of [
      ['m,db=a v=1', 'm v=1'],
      ['m,db=b,a=b,db=a v="x,db=y" 1', 'm,a=b v="x,db=y" 1'],
      ['m,db= v=1', 'm v=1'],
      [' \t m,a=b,db=b v=1', ' \t m,a=b v=1'],
      ['m,dbx=1,xdb=2 v=1', 'm,dbx=1,xdb=2 v=1'],
    ] as const) {
      assert.equal(checkInfluxLine(line), own)
    }
    for (const line of [
      ...[`m,${tags(29)} v=1`, `m,a=\\ ,${tags(28)} v=1`, `m,a=x\\\\\\ ,${tags(28)} v=1`, `m,${tags(29)}`],
      ...[
        'm,d\\b=a v=1',
        'm,a=x\\,db=a v=1',
        ` m,${tags(29)} v=1`,
        `m,${tags(29, () => 'a')} v=1`,
        `\t#,${tags(29)} v=1`,
      ],
    ]) {
      assert.throws(() => checkInfluxLine(line), INVALID, line)
    }
  })

  test("of Prometheus' text likewise, whatever stands in their values", () => {
    const labels = (count: number) => tags(count, (at) => `t${at}="x"`)
    for (const line of [
      ...['m 1', '# HELP m {a', 'm{} 1', 'm{a="b"} 1 1700000000000', 'm{a="}{,db=\\"x\\",", b = "c" , } 1'],
      ...[`m{${labels(28)}} 1`],
    ]) {
      assert.equal(checkPrometheusLine(line), line)
    }
    for (const [line, own] of [
      ['m{db="a"} 1', 'm{} 1'],
      ['m{db="b", a="db=1" ,db="a\\""} 1', 'm{ a="db=1" ,} 1'],
      ['m{dbx="a"} 1', 'm{dbx="a"} 1'],
    ] as const) {
      assert.equal(checkPrometheusLine(line), own)
    }
    for (const line of [
      ...[
        `m{${labels(29)}} 1`,
        'm{"db"="b"} 1',
        'm{db="a","x="=",x="} 1 "} 1',
        'm{a="b" 1',
        'm{a=b} 1',
        'm{a="b"c="d"} 1',
      ],
      ...['m{"d\\u0062"="b"} 1', 'm{'],
    ]) {
      assert.throws(() => checkPrometheusLine(line), INVALID, line)
    }
  })

  test('of JSON are written anew, each name once', () => {
    const line =
      '{"metric":{"__name__":"m","db":"a","\\u0064b":"b"},"metric2":1,"values":[1.5],"timestamps":[1]}'
    assert.equal(checkJsonLine(line), '{"metric":{"__name__":"m"},"values":[1.5],"timestamps":[1]}')
    const umlaut = Buffer.from('{"metric":{"ö":"ü"},"values":[null],"timestamps":[1]}').toString('latin1')
    assert.equal(checkJsonLine(umlaut), umlaut)
    const many = JSON.stringify({ metric: Object.fromEntries(tags(29).map((tag) => [tag, ''])) })
    for (const wrong of [
      many,
      '{',
      '[]',
      'null',
      '{"metric":null}',
      '{"values":[1]}',
      '{"metric":{"a":{"b":"c"}}}',
      '{"metric":{},"values":[[1]]}',
      '{"metric":{},"values":[{"db":"a"}]}',
      '{"metric":{},"values":["\\u0064"]}',
      '{"metric":{},"values":1}',
      '{"metric":{},"values":["],"timestamps":["]}',
      '{"metric":{}} {"metric":{"db":"a"}}',
      '{"metric":{},}',
      '{"metric":{} "values":[1]}',
      '{"values":["]","metric":{"db":"a"}}',
      '{"other":"\\","metric":{"db":"a"}}',
      `{"metric":{}${',"a":1'.repeat(3)},"b":[],"c":{},"d":"","e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1}`,
    ]) {
      assert.throws(() => checkJsonLine(wrong), INVALID, wrong)
    }
  })

  test('of CSV have the labels that format names', () => {
    for (const format of ['1:metric:m,2:label:host,3:time:unix_s', ''])
      assert.equal(ownColumns(format), format)
    assert.equal(ownColumns('1:metric:m,2:label:db, 4 : label : db ,3:label:x'), '1:metric:m,3:label:x')
    assert.throws(() => ownColumns(tags(29, (at) => `${at + 1}:label:l${at}`).join()), INVALID)
  })

  const KINDS = {
    'the line protocol': {
      format: INFLUX_LINES,
      lines: [
        'm v=1',
        'm,a=ö v="x"',
        '',
        '# c',
        `m,${tags(28)} v=1`,
        'm,b=\\ y v=2\r',
        '\t m v=1',
        'm,db=b v=1',
      ],
      bad: ['bad,d\\b=a v=1', `bad,${tags(29)} v=1`],
    },
    "Prometheus' text": {
      format: PROMETHEUS_LINES,
      lines: ['m 1', ' m{a="ö",b="}"} 1 ', '', '# TYPE m counter', 'm{a="\\"{\\n"} 1\r', 'm{db="b"} 1'],
      bad: ['bad{"db"="a"} 1', 'bad{a="b'],
    },
    'lines of JSON': {
      format: JSON_LINES,
      lines: [
        ...['{"metric":{"a":"ö"},"values":[1],"timestamps":[1]}', '', ' ', '{"metric":{}}\r'],
        '{"metric":{"db":"a","\\u0064b":"b"}, "other":1, "values":[1.5e3]}',
      ],
      bad: ['{"metric":"bad"}', '{"metric":{"a":"bad"}'],
    },
  } as const
  for (const [kind, { format, lines, bad }] of Object.entries(KINDS)) {
    const passing = (sent: string) => {
      const line = Buffer.from(sent).toString('latin1')
      const passes = format.check(line)
      return format.keepsLength ? passes + '\n'.repeat(line.length - passes.length) : passes
    }
    const body = fc
      .tuple(
        fc.array(fc.constantFrom<string>(...lines), { maxLength: 8 }),
        fc.option(fc.constantFrom<string>(...bad), { freq: 3 }),
        fc.constantFrom('', '\n'),
      )
      .map(([good, wrong, end]) => ({
        sent: Buffer.from([...good, ...(wrong === null ? [] : [wrong])].join('\n') + end),
        passes: Buffer.from(good.map(passing).join('\n') + end, 'latin1'),
        isRefused: wrong !== null,
      }))
    const cuts = fc.array(fc.nat(400), { maxLength: 8 })

    test(`of ${kind} pass whole, wherever the body is cut, and nothing of a refused line passes`, () => {
      fc.assert(
        fc.property(body, cuts, ({ sent, passes, isRefused }, at) => {
          const checking = checkLines(format)
          let passed = Buffer.alloc(0)
          const pass = () => {
            for (const part of cut(sent, at)) passed = Buffer.concat([passed, checking.take(part)])
            passed = Buffer.concat([passed, checking.end()])
          }
          if (isRefused) {
            assert.throws(pass, INVALID)
            assert.doesNotMatch(passed.toString(), /bad/)
          } else {
            pass()
            assert.deepEqual(passed, passes)
          }
        }),
        { numRuns: 500 },
      )
    })

    test(`of ${kind} are the same in one piece, and packed, streamed and cut`, async () => {
      await fc.assert(
        fc.asyncProperty(body, cuts, async ({ sent, passes, isRefused }, at) => {
          const packed = gzipSync(sent)
          const plainBody = () => checkBody(sent, checkLines(format), 'identity', 10_000)
          const packedBody = () => checkBody(packed, checkLines(format), 'gzip', 10_000)
          const streamed = buffer(checkPacked(Readable.from(cut(packed, at)), checkLines(format), 10_000))
          if (isRefused) {
            assert.throws(plainBody, INVALID)
            assert.throws(packedBody, INVALID)
            await assert.rejects(streamed, INVALID)
          } else {
            assert.deepEqual(plainBody(), passes)
            assert.deepEqual(packedBody(), passes)
            assert.deepEqual(await streamed, passes)
          }
        }),
        { numRuns: 100 },
      )
    })
  }

  test('of the line protocol that pass at once would pass one by one too', () => {
    const part = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(' ', '\n', '\nm', ' v=1', ' v="a b" 1\n', ',a=b') },
      fc.constantFrom('\t', '\r', '\\', ',db=b', 'db=', '"', '#', 'x'.repeat(60), ' \t m'),
      fc.constantFrom(`m,${tags(29)} v=1\n`, `,${tags(26, () => 'a=b')}`, `m ${tags(60)} 1\n`),
    )
    const outcome = (format: LineFormat, body: string) => {
      try {
        return String(checkBody(Buffer.from(body), checkLines(format), 'identity', 100_000))
      } catch (error) {
        return (error as Error).message
      }
    }
    let passedAtOnce = 0
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const body = parts.join('')
        if (INFLUX_LINES.pass?.(Buffer.from(body))) passedAtOnce += 1
        assert.equal(outcome(INFLUX_LINES, body), outcome({ ...INFLUX_LINES, pass: () => false }, body))
      }),
      { numRuns: 5000 },
    )
    assert.ok(passedAtOnce > 200, `${passedAtOnce} passed at once`)
    assert.ok(INFLUX_LINES.pass?.(Buffer.from(`m,${tags(10)} ${'v=1,'.repeat(99)}w=1 1\n`.repeat(9))))
    const many = `m,${tags(29, () => 'a=b')} v=1\n`
    for (const before of ['', 'm v=1\n', `m ${'v=1,'.repeat(99)}w=1 1\n`, `${' '.repeat(200)}`, 'm\n \t ']) {
      assert.ok(!INFLUX_LINES.pass?.(Buffer.from(`${before}${many}`)), before)
    }
  })

  /** In parts, which may be empty. */
  function cut(body: Buffer, cuts: readonly number[]): Buffer[] {
    const ends = [...cuts.map((at) => Math.min(at, body.length)).toSorted((a, b) => a - b), body.length]
    return ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end))
  }

  // Each took minutes once; the test then does not end in time.
  test('cost no more than others, however they are built', { timeout: 30_000 }, () => {
    const most = 8 * 1024 * 1024
    const of = (text: string) => text.repeat(Math.floor(most / text.length))
    const lines: readonly (readonly [check: LineFormat['check'], line: string])[] = [
      [checkJsonLine, `{"metric":{},"values":${'['.repeat(most / 2)}${']'.repeat(most / 2)}}`],
      [checkJsonLine, `{"metric":{${of('"a":"",')}"b":""}}`],
      [checkJsonLine, `{"metric":{},"values":[${of('{},')}1]}`],
      [checkJsonLine, `{${of('"a":1,')}"metric":{}}`],
      [checkPrometheusLine, `m{${of('a="",')}} 1`],
      [checkInfluxLine, `m${of(',\\')} v=1`],
    ]
    for (const [check, line] of lines) {
      assert.throws(() => check(line), INVALID, line.slice(0, 40))
    }
  })

  test('that are packed to a thousandth are checked while others are served', async () => {
    for (const line of ['m v=1\n', '\n']) {
      const sent = Buffer.alloc(8_000_000, line.repeat(1000))
      const most = sent.length
      const packed = gzipSync(sent)
      assert.ok(packed.length < 65_536, 'the gateway reads it as a small body')
      const wide = checkBody(packed, checkLines(INFLUX_LINES), 'gzip', most - 1)
      await assert.rejects(buffer(wide as Readable), { code: 'request too large' })
      let turns = 0
      let turn = setImmediate(function count() {
        turns += 1
        turn = setImmediate(count)
      })
      const passed = await buffer(checkBody(packed, checkLines(INFLUX_LINES), 'gzip', most) as Readable)
      clearImmediate(turn)
      assert.ok(passed.equals(sent))
      assert.ok(turns > 50, `others had ${turns} turns`)
    }
  })

  test('are bounded', () => {
    const check = checkLines(INFLUX_LINES)
    const megabyte = Buffer.alloc(1_048_576, 'a')
    assert.throws(() => {
      for (let at = 0; at < 20; at += 1) check.take(megabyte)
    }, INVALID)
  })
})
