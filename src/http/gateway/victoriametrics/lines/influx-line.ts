/** The line protocol, whose tags become labels. VictoriaMetrics ends a line at every line feed, also between quotes. */
import { invalid } from '../../../../domain/base/errors.ts'
import { MOST_LABELS, tooManyLabels } from './labels.ts'
import type { LineFormat } from './line-format.ts'

export const INFLUX_LINES: LineFormat = {
  check: checkInfluxLine,
  pass: haveFewTags,
  passesFrom(start) {
    const text = start.toString('latin1')
    return endOfTags(text, endOfBlanks(text)) < text.length && checkInfluxLine(text) === text
  },
  keepsLength: true,
}

const LINE_FEED = 0x0a
const BACKSLASH = 0x5c
const SPACE = 0x20
const BLANKS: ReadonlySet<number> = new Set([SPACE, 0x09, 0x0d])

/**
 * Every comma before the fields counts, also an escaped one. Versions of VictoriaMetrics differ in whether they skip blanks
 * before a line: if they do not, the first of these blanks ends the tags.
 */
export function checkInfluxLine(line: string): string {
  if (line.startsWith('#')) return line
  const begin = endOfBlanks(line)
  const end = endOfTags(line, begin)
  const head = line.slice(begin, end)
  let tags = 0
  for (let at = head.indexOf(','); at >= 0; at = head.indexOf(',', at + 1)) tags += 1
  if (tags > MOST_LABELS) throw tooManyLabels()
  const hasEscapes = head.includes('\\')
  if (!hasEscapes && !head.includes(',db=')) return line
  const parts = head.split(',')
  const own = parts.filter((tag, at) => at === 0 || keyOf(tag) !== 'db')
  if (own.length === parts.length) return line
  // An escaped comma may make a tag db of what is none.
  if (hasEscapes) throw invalid('a line has a tag db beside a backslash; leave it out, the bucket gives it')
  return line.slice(0, begin) + own.join(',') + line.slice(end)
}

function endOfBlanks(line: string): number {
  let at = 0
  while (BLANKS.has(line.charCodeAt(at))) at += 1
  return at
}

/** The first blank that no backslash escapes; two backslashes are one, and escape nothing. */
function endOfTags(text: string, begin: number): number {
  for (let at = text.indexOf(' ', begin); at >= 0; at = text.indexOf(' ', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at
  }
  return text.length
}

const keyOf = (tag: string): string => tag.slice(0, Math.max(0, tag.indexOf('='))).replaceAll('\\', '')

/** A tag has at least four bytes, such as `,a=b`: VictoriaMetrics skips one without a key or value. */
const BYTES_OF_TOO_MANY_TAGS = 4 * (MOST_LABELS + 1)

/**
 * Whether no line can have too many tags, or a tag `db`; false also if that needs a closer look. Too many tags are a run of
 * bytes without a space, so it steps from one space or line feed to another that is no further away than such a run is
 * long, and reads little of what lies between.
 */
function haveFewTags(lines: Buffer): boolean {
  if (lines.includes(BACKSLASH) || lines.includes('db=')) return false
  let at = 0
  let step = BYTES_OF_TOO_MANY_TAGS
  while (at + BYTES_OF_TOO_MANY_TAGS <= lines.length) {
    // Lines of one body are often alike, and end after as many bytes as the last one.
    let last = at + step - 1
    if ((lines[last] as number) > SPACE) {
      last = at + BYTES_OF_TOO_MANY_TAGS - 1
      while (last >= at && (lines[last] as number) > SPACE) last -= 1
    }
    if (last < at) {
      if (!isInFields(lines, at)) return false
      at = endOfLine(lines, at) + 1
    } else {
      if (lines[last] !== LINE_FEED && lines[last] !== SPACE) return false
      step = last + 1 - at
      at = last + 1
    }
  }
  return true
}

/** Whether the line has a space before `at` that ends its tags. */
function isInFields(lines: Buffer, at: number): boolean {
  if (lines[at - 1] !== SPACE) return false
  let before = at - 1
  while (before >= 0 && BLANKS.has(lines[before] as number)) before -= 1
  return before >= 0 && lines[before] !== LINE_FEED
}

function endOfLine(lines: Buffer, from: number): number {
  const found = lines.indexOf(LINE_FEED, from)
  return found < 0 ? lines.length : found
}
