/** Lines of points, as far as tests send them: escapes, tags, all five kinds of values, timestamps. */
import { InfluxError } from '../core/errors.ts'
import type { FieldValue, Point } from '../core/state.ts'

const NANOSECONDS_PER = { ns: 1n, us: 1000n, ms: 1_000_000n, s: 1_000_000_000n } as const
export type Precision = keyof typeof NANOSECONDS_PER

export function isPrecision(text: string): text is Precision {
  return Object.hasOwn(NANOSECONDS_PER, text)
}

/** All points of the text. One bad line refuses the whole text, with the reason for each bad line. */
export function parseLines(text: string, precision: Precision): Point[] {
  const reasons: string[] = []
  const points: Point[] = []
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const found = parseLine(line, precision)
    if (typeof found === 'string') reasons.push(`unable to parse '${line}': ${found}`)
    else points.push(...found)
  }
  if (reasons.length > 0) throw new InfluxError('invalid', reasons.join('\n'))
  return points
}

/** The points of a line, one for each field, or what is wrong with it. */
function parseLine(line: string, precision: Precision): Point[] | string {
  const [series = '', fieldSet = '', time] = splitOutside(line, ' ')
  const [measurement = '', ...tagParts] = splitOutside(series, ',')
  if (measurement === '') return 'missing measurement'
  const tags: Record<string, string> = {}
  for (const part of tagParts) {
    const [key = '', value = ''] = splitOutside(part, '=')
    if (key === '') return 'missing tag key'
    if (value === '') return 'missing tag value'
    tags[unescaped(key)] = unescaped(value)
  }
  if (fieldSet === '') return 'missing fields'
  if (time !== undefined && !/^-?\d+$/.test(time)) return 'bad timestamp'
  const at = time === undefined ? BigInt(Date.now()) * 1_000_000n : BigInt(time) * NANOSECONDS_PER[precision]
  const points: Point[] = []
  for (const part of splitOutside(fieldSet, ',')) {
    const [key = '', text = ''] = splitOutside(part, '=')
    if (key === '') return 'missing field key'
    if (text === '') return 'missing field value'
    if (/^"/.test(text) && !/^".*"$/s.test(text)) return 'unbalanced quotes'
    const value = fieldValueOf(text)
    if (value === undefined) return 'invalid field format'
    points.push({ measurement: unescaped(measurement), tags, field: unescaped(key), value, time: at })
  }
  return points
}

/** Splits at a sign that is neither escaped nor inside a quoted string. */
function splitOutside(text: string, sign: string): string[] {
  const parts: string[] = []
  let part = ''
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const each = text[at] as string
    if (each === '\\' && at + 1 < text.length) {
      part += each + text[++at]
    } else if (each === sign && !inString) {
      parts.push(part)
      part = ''
    } else {
      // Quotation marks only count in field values, which follow `=`.
      if (each === '"' && (inString || sign !== ',' || part.includes('='))) inString = !inString
      part += each
    }
  }
  return [...parts, part]
}

function unescaped(text: string): string {
  return text.replace(/\\([,= ])/g, '$1')
}

function fieldValueOf(text: string): FieldValue | undefined {
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replace(/\\(["\\])/g, '$1')
  if (/^-?\d+[iu]$/.test(text)) return BigInt(text.slice(0, -1))
  if (/^(t|true|T|TRUE|True)$/.test(text)) return true
  if (/^(f|false|F|FALSE|False)$/.test(text)) return false
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}
