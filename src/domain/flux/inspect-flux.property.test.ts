/** Hides a use of a bucket's id in a program, in every way that was found, and looks whether it is reported. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FluxFindings } from './findings.ts'
import { inspectFlux } from './inspect-flux.ts'
import { inspectQueryBody } from './query-body.ts'
import { inspectResource } from './resource-body.ts'

const ID = 'ef589472ce867b10'
const RUNS = 400

/** Blanks and comments, which may stand between any two tokens. A comment must not end the text. */
const gap = fc.constantFrom('', ' ', '\n', '\t', ' // bucketID: "x"\n', '//\n', ' // "\n', '\r\n')

/** The argument's name as an identifier, or as a string with escapes and with what InfluxDB drops. */
const key = fc.oneof(
  fc.constant('bucketID'),
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      fc.constantFrom('', '@', '@x', '@"'),
      fc.boolean(),
    )
    .map(([escaped, suffix, upper]) => {
      const letters = [...'bucketID'].map((letter, at) => (escaped[at] ? hex(letter, upper) : letter))
      return `"${letters.join('')}${[...suffix].map((char) => hex(char, upper)).join('')}"`
    }),
)

function hex(letter: string, upper: boolean): string {
  const digits = (letter.codePointAt(0) ?? 0).toString(16)
  return `\\x${upper ? digits.toUpperCase() : digits}`
}

/** Ways to call the function, and statements that must stand before it. */
const callee = fc.constantFrom(
  ['', 'from'],
  ['', '(from)'],
  ['f = from', 'f'],
  ['r = {f: from}', 'r.f'],
  ['r = {f: from}', 'r["f@x"]'],
  ['f = () => from', 'f()'],
  ['f = [from]', 'f[0]'],
  ['', '(if true then from else from)'],
  ['import "influxdata/influxdb"', 'influxdb.from'],
  ['import i "influxdata/influxdb"', 'i["from"]'],
  ['import "influxdata/influxdb"\ni = influxdb', 'i.cardinality'],
  ['option f = from', 'f'],
)

/** What the argument gets, whether it is a literal id, and a statement that must stand before it. */
const value = fc.constantFrom(
  ['', `"${ID}"`, true],
  ['', `"${ID.toUpperCase()}"`, true],
  ['', `"\\x${ID.charCodeAt(0).toString(16)}${ID.slice(1)}"`, true],
  [`x = "${ID}"`, 'x', false],
  ['', `("${ID}")`, false],
  ['', `"${ID.slice(0, 8)}"+"${ID.slice(8)}"`, false],
  ['', `string(v: "${ID}")`, false],
  ['', `"\${"${ID}"}"`, false],
) as fc.Arbitrary<readonly [string, string, boolean]>

/** Places of an expression in a statement. */
const place = fc.constantFrom<readonly [string, string]>(
  ['x1 = ', ''],
  ['a |> union(tables: [', '])'],
  ['y = {a: {b: ', '}}'],
  ['z = (r) => { return ', ' }'],
  ['w = (a=', ') => a'],
  ['s = "text ${', '}"'],
  ['x2 = ', ' |> range(start: -1h) |> yield()'],
  ['join(tables: {a: ', '}, on: ["host"])'],
  ['c = if 1 == 2 then 3 else ', ''],
  ['d = ["a": ', ']'],
  ['n = not exists ', ''],
  ['option task = {name: "t", q: ', '}'],
  ['testcase t { ', ' }'],
)

const harmless = fc.constantFrom(
  'from(bucket: "b1") |> range(start: -1h)',
  'h1 = (r) => r.bucketID == "bucketID" and r["host"] != "x"',
  'h2 = {bucketID: "a", "host": 1}',
  '// from(bucketID: "0000000000000001")',
  'h3 = "from(bucketID: x)" + "\\"bucketID: "',
  'h4 = [1, 2] |> map(fn: (r) => ({r with bucketID: r.host}))',
  'h5 = a =~ /bucketID: "\\/x/',
  'h6 = (bucketID, host="x") => bucketID',
  'h7 = 10 / 2 / 5',
  'group(columns: ["bucketID"])',
)

const program = fc
  .record({
    key,
    callee,
    value,
    place,
    gaps: fc.array(gap, { minLength: 5, maxLength: 5 }),
    shorthand: fc.boolean(),
    others: fc.array(fc.constantFrom('', 'start: -1h,', 'org: "o", '), { maxLength: 1 }),
    before: fc.array(harmless, { maxLength: 3 }),
    after: fc.array(harmless, { maxLength: 3 }),
  })
  .map(({ key, callee, value, place, gaps, shorthand, others, before, after }) => {
    const [setUp, called] = callee
    const [defined, given, isLiteral] = value
    const [g0, g1, g2, g3, g4] = gaps
    const argument = shorthand ? key : `${key}${g1}:${g2}${given}`
    const call = `${called}(${g0}${others.join('')}${argument}${g3})${g4}`
    // Imports come first.
    const text = [setUp, ...before, defined, `${place[0]}${call}${place[1]}`, ...after].join('\n')
    return { text, isLiteral: isLiteral && !shorthand }
  })

test('a hidden use is reported, in texts and in what carries them', () => {
  fc.assert(
    fc.property(program, ({ text, isLiteral }) => {
      const json = JSON.stringify({ query: text })
      const escaped = json.replace(/[a-z]/gi, (letter, at: number) =>
        at > json.indexOf(':') && json[at - 1] !== '\\' && at % 3 === 0 ? unicode(letter) : letter,
      )
      for (const found of [
        inspectFlux(text),
        inspectQueryBody(Buffer.from(text), 'application/vnd.flux').found,
        inspectQueryBody(Buffer.from(json)).found,
        inspectQueryBody(Buffer.from(escaped)).found,
        inspectResource('tasks', Buffer.from(JSON.stringify({ flux: text }))),
        inspectResource('checks', Buffer.from(JSON.stringify({ query: { text } }))),
      ]) {
        assert.ok(isReported(found, isLiteral), `${JSON.stringify(found)}\n${text}`)
      }
    }),
    { numRuns: RUNS },
  )
})

const unicode = (letter: string) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

const isReported = ({ bucketIDs, refusal }: FluxFindings, isLiteral: boolean) =>
  isLiteral
    ? refusal === undefined && bucketIDs.some(({ id }) => id === ID)
    : refusal?.reason === 'computed-bucket'

test('harmless programs pass', () => {
  fc.assert(
    fc.property(fc.array(harmless), fc.array(gap), (lines, gaps) => {
      const text = lines.map((line, at) => `${line}\n${gaps[at] ?? ''}`).join('')
      assert.deepEqual(inspectFlux(text), { bucketIDs: [], opens: [], imports: [] }, text)
    }),
    { numRuns: RUNS },
  )
})

test('no text makes it throw', () => {
  const pieces = fc.constantFrom(
    ...'bucketID host import " $ { } ( ) [ ] : , @a \\ \\x6 // => <- ? / with builtin . 1h é \0'.split(' '),
    '\n',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))), (parts) => {
      inspectFlux(parts.join(''))
      inspectFlux(parts.join(' '))
      inspectQueryBody(Buffer.from(parts.join('')))
    }),
    { numRuns: RUNS },
  )
})
