/**
 * Checks written lines on their way to VictoriaMetrics. It drops the labels of a series beyond `-maxLabelsPerTimeseries`
 * (30 in 1.79), and the label `db` that this server adds is the last one: a line with many labels would lose it, or keep
 * a `db` of its own.
 */
import { invalid } from '../../../domain/base/errors.ts'
import type { BodyCheck } from '../body-check.ts'

/** Room for `db` and the name of the metric. */
const MOST_LABELS = 28
/** VictoriaMetrics itself takes shorter lines of the line protocol, and longer ones of JSON. */
const LONGEST_LINE = 16 * 1024 * 1024

/** Checks one line, without its end; returns what goes on. Characters are bytes (`latin1`). Throws `invalid`. */
export type CheckLine = (line: string) => string

/** Passes on whole lines only, so that no part of a refused line is sent. */
export function checkLines(check: CheckLine): BodyCheck {
  let rest: Buffer[] = []
  let size = 0
  function checked(lines: Buffer): Buffer {
    const text = lines.toString('latin1')
    return Buffer.from(text.split('\n').map(check).join('\n'), 'latin1')
  }
  return {
    take(chunk) {
      const end = chunk.lastIndexOf(0x0a)
      const tail = chunk.subarray(end + 1)
      const whole = end < 0 ? undefined : Buffer.concat([...rest, chunk.subarray(0, end)])
      rest = whole ? [tail] : [...rest, tail]
      size = whole ? tail.length : size + tail.length
      if (size > LONGEST_LINE) throw invalid(`a line is longer than ${LONGEST_LINE} bytes`)
      return whole ? Buffer.concat([checked(whole), NEW_LINE]) : NOTHING
    },
    end: () => checked(Buffer.concat(rest)),
  }
}

const NEW_LINE = Buffer.from('\n')
const NOTHING = Buffer.alloc(0)

function requireFew(labels: number, ofDb: number): void {
  if (labels > MOST_LABELS) {
    throw invalid(`a line has more than ${MOST_LABELS} labels, of which VictoriaMetrics would drop some`)
  }
  if (ofDb > 1) throw invalid('a line has the label db twice; leave it out, the bucket gives it')
}

/** A line of the line protocol: its tags become labels. Every comma before the fields counts, also an escaped one. */
export function checkInfluxLine(line: string): string {
  // Where a line begins with blanks, versions of VictoriaMetrics differ in what they take for the tags.
  const text = line.replace(/^[ \t\r]+/, '')
  if (text.startsWith('#')) return text
  const tags = text.slice(0, endOfTags(text)).split(',').slice(1)
  requireFew(tags.length, tags.filter((tag) => keyOf(tag) === 'db').length)
  return text
}

/** The first blank that no backslash escapes; two backslashes are one, and escape nothing. */
function endOfTags(text: string): number {
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at
  }
  return text.length
}

const keyOf = (tag: string): string => tag.slice(0, Math.max(0, tag.indexOf('='))).replaceAll('\\', '')

/** A line of Prometheus' text. */
export function checkPrometheusLine(line: string): string {
  const text = line.trim()
  const begin = text.indexOf('{')
  if (text.startsWith('#') || begin < 0) return text
  let labels = 0
  let ofDb = 0
  for (let at = skipBlanks(text, begin + 1); text[at] !== '}'; ) {
    const [found, key = '', quotedKey] = LABEL.exec(text.slice(at, at + LONGEST_LABEL)) ?? []
    if (found === undefined)
      throw invalid('the labels of a line cannot be read; send NAME{LABEL="VALUE"} NUMBER')
    labels += 1
    if ((quotedKey ?? key) === 'db') ofDb += 1
    at = skipBlanks(text, at + found.length)
  }
  requireFew(labels, ofDb)
  return text
}

const LABEL =
  /^(?:([A-Za-z_:.][\w:.-]*)|"([^"\\]*)")[ \t]*=[ \t]*"[^"\\]*(?:\\[\s\S][^"\\]*)*"[ \t]*(?:,|(?=\}))/
const LONGEST_LABEL = 65_536

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

/** A line of JSON, which is written anew: of a name that is there twice, readers take different ones. */
export function checkJsonLine(line: string): string {
  if (line.trim() === '') return ''
  let series: { metric?: unknown; values?: unknown; timestamps?: unknown }
  try {
    series = JSON.parse(Buffer.from(line, 'latin1').toString())
  } catch (error) {
    throw invalid('a line is no JSON', { cause: error })
  }
  const { metric, values, timestamps } = series ?? {}
  if (typeof metric !== 'object' || metric === null) throw invalid('a line has no object metric')
  requireFew(Object.keys(metric).filter((name) => name !== '__name__').length, 0)
  return Buffer.from(JSON.stringify({ metric, values, timestamps })).toString('latin1')
}

/** The columns of a CSV: the names of the labels stand in `format` alone. Throws `invalid`. */
export function requireFewColumns(format: string): void {
  const labels = format.split(',').flatMap((column) => {
    const [, type, name] = column.split(':')
    return type?.trim() === 'label' ? [name?.trim()] : []
  })
  requireFew(labels.length, labels.filter((name) => name === 'db').length)
}
