/**
 * Checks written lines on their way to VictoriaMetrics. It drops the labels of a series beyond `-maxLabelsPerTimeseries`
 * (30 in 1.79), and the label `db` that this server adds is the last one: a line with many labels would lose it, or keep
 * a `db` of its own. Labels `db` of the lines are left out, since with `-sortLabels` it is chance which of two counts.
 */
import { invalid } from '../../../domain/base/errors.ts'
import type { BodyCheck } from '../body-check.ts'

/** Room for `db` and the name of the metric. */
const MOST_LABELS = 28
/** VictoriaMetrics itself takes shorter lines of the line protocol, and longer ones of JSON. */
const LONGEST_LINE = 16 * 1024 * 1024
const MOST_PARTS = 1024

/** Checks one line, without its end; returns what goes on. Characters are bytes (`latin1`). Throws `invalid`. */
export type CheckLine = (line: string) => string

/** Passes on whole lines only, so that no part of a refused line is sent. */
export function checkLines(checkLine: CheckLine): BodyCheck {
  let rest: Buffer[] = []
  let size = 0
  function checked(lines: Buffer): Buffer {
    const text = lines.toString('latin1')
    // Most lines pass as they are, and then the bytes that came go on.
    let written: string | undefined
    for (let at = 0; at < text.length; ) {
      const found = text.indexOf('\n', at)
      const end = found < 0 ? text.length : found
      const line = text.slice(at, end)
      const passes = checkLine(line)
      if (passes !== line) written ??= text.slice(0, at)
      if (written !== undefined) written += found < 0 ? passes : `${passes}\n`
      at = end + 1
    }
    return written === undefined ? lines : Buffer.from(written, 'latin1')
  }
  return {
    take(chunk) {
      const end = chunk.lastIndexOf(0x0a)
      const tail = chunk.subarray(end + 1)
      const last = chunk.subarray(0, end + 1)
      const whole = end < 0 ? undefined : size === 0 ? last : Buffer.concat([...rest, last])
      if (whole) rest = [tail]
      else rest.push(tail)
      // A client that sends a long line in small parts must not cost an object for each of them.
      if (rest.length > MOST_PARTS) rest = [Buffer.concat(rest)]
      size = whole ? tail.length : size + tail.length
      if (size > LONGEST_LINE) throw invalid(`a line is longer than ${LONGEST_LINE} bytes`)
      return whole ? checked(whole) : NOTHING
    },
    end: () => checked(Buffer.concat(rest)),
  }
}

const NOTHING = Buffer.alloc(0)

const tooManyLabels = () =>
  invalid(`a line has more than ${MOST_LABELS} labels, of which VictoriaMetrics would drop some`)

/** A line of the line protocol: its tags become labels. Every comma before the fields counts, also an escaped one. */
export function checkInfluxLine(line: string): string {
  // If a line begins with blanks, versions of VictoriaMetrics differ in what they take for the tags.
  const text = BLANKS.has(line[0]) ? line.replace(/^[ \t\r]+/, '') : line
  if (text === '' || text.startsWith('#')) return text
  const end = endOfTags(text)
  // What reads on in the next line, such as a quoted text, would have tags there.
  if (end === text.length) throw invalid('a line has no fields; send MEASUREMENT,TAG=VALUE FIELD=VALUE')
  const head = text.slice(0, end)
  let tags = 0
  for (let at = head.indexOf(','); at >= 0; at = head.indexOf(',', at + 1)) tags += 1
  if (tags > MOST_LABELS) throw tooManyLabels()
  const hasEscapes = head.includes('\\')
  if (!hasEscapes && !head.includes(',db=')) return text
  const parts = head.split(',')
  const own = parts.filter((tag, at) => at === 0 || keyOf(tag) !== 'db')
  if (own.length === parts.length) return text
  // An escaped comma may make a tag db of what is none.
  if (hasEscapes) throw invalid('a line has a tag db beside a backslash; leave it out, the bucket gives it')
  return own.join(',') + text.slice(end)
}

const BLANKS: ReadonlySet<string | undefined> = new Set([' ', '\t', '\r'])

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
  let own = text.slice(0, begin + 1)
  let kept = begin + 1
  for (let at = skipBlanks(text, begin + 1); text[at] !== '}'; ) {
    const [found, key] = LABEL.exec(text.slice(at, at + LONGEST_LABEL)) ?? []
    if (found === undefined)
      throw invalid('the labels of a line cannot be read; send NAME{LABEL="VALUE"} NUMBER')
    labels += 1
    if (labels > MOST_LABELS) throw tooManyLabels()
    if (key === 'db') {
      own += text.slice(kept, at)
      kept = at + found.length
    }
    at = skipBlanks(text, at + found.length)
  }
  return own + text.slice(kept)
}

/** No quoted name: VictoriaMetrics 1.79 knows none, and would take such a line apart in another way. */
const LABEL = /^([A-Za-z_:.][\w:.-]*)[ \t]*=[ \t]*"([^"\\]*(?:\\[\s\S][^"\\]*)*)"[ \t]*(?:,|(?=\}))/
const LONGEST_LABEL = 65_536

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

/**
 * Writes a line of JSON anew, because readers differ in which of two members of one name they take. Only its labels are
 * parsed; a long line that is nested deeply, or has many objects, would keep this server busy for minutes.
 */
export function checkJsonLine(line: string): string {
  const text = line.trim()
  if (text === '') return ''
  const members = membersOf(text)
  const metric: unknown = parsedJson(members.get('metric') ?? 'null')
  if (typeof metric !== 'object' || metric === null) throw invalid('a line has no object metric')
  const { db: _db, ...own } = metric as Record<string, unknown>
  const { __name__: _name, ...labels } = own
  if (Object.keys(labels).length > MOST_LABELS) throw tooManyLabels()
  const written = [`"metric":${asBytes(JSON.stringify(own))}`]
  for (const name of ['values', 'timestamps']) {
    const list = members.get(name)
    if (list === undefined) continue
    const isOpen = list.includes('"') && list.replaceAll(QUOTED, '').includes('"')
    if (!FLAT_LIST.test(list) || isOpen) throw invalid(`${name} of a line is no list of numbers`)
    written.push(`"${name}":${list}`)
  }
  return `{${written.join()}}`
}

/** A flat list of numbers, null, and numbers that VictoriaMetrics writes as text, such as "Infinity". */
const FLAT_LIST = /^\[[-+.,\w \t\r"]*\]$/
const QUOTED = /"[-+.\w]*"/g
const MOST_MEMBERS = 10

/** The members of an object by their names, as JSON; of a name that is there twice the last. */
function membersOf(text: string): Map<string, string> {
  const members = new Map<string, string>()
  let at = 0
  if (text[at] !== '{') throw noJson()
  for (let count = 0; count === 0 || text[at] === ','; count += 1) {
    const begin = skipBlanks(text, at + 1)
    const end = endOfJsonText(text, begin)
    at = skipBlanks(text, end)
    if (text[at] !== ':' || count >= MOST_MEMBERS) throw noJson()
    const from = skipBlanks(text, at + 1)
    const to = endOfJsonValue(text, from)
    const name = text.slice(begin, end)
    members.set(name.includes('\\') ? String(parsedJson(name)) : name.slice(1, -1), text.slice(from, to))
    at = skipBlanks(text, to)
  }
  if (text[at] !== '}' || skipBlanks(text, at + 1) < text.length) throw noJson()
  return members
}

/** Where a value ends: a text, a number or word, a list without lists and objects, or an object with few flat members. */
function endOfJsonValue(text: string, begin: number): number {
  if (text[begin] === '"') return endOfJsonText(text, begin)
  if (text[begin] === '[') {
    const end = text.indexOf(']', begin)
    if (end < 0) throw noJson()
    return end + 1
  }
  if (text[begin] === '{') return endOfLabels(text, begin)
  PLAIN.lastIndex = begin
  const [plain] = PLAIN.exec(text) ?? []
  if (plain === undefined) throw noJson()
  return begin + plain.length
}

const PLAIN = /[-+.\w]+/y

function endOfLabels(text: string, begin: number): number {
  let commas = 0
  for (let at = begin + 1; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfJsonText(text, at) - 1
        break
      case ',':
        commas += 1
        // The name of the metric is no label.
        if (commas > MOST_LABELS) throw tooManyLabels()
        break
      case '{':
      case '[':
        throw invalid('the labels of a line are no texts')
      case '}':
        return at + 1
    }
  }
  throw noJson()
}

function endOfJsonText(text: string, begin: number): number {
  if (text[begin] !== '"') throw noJson()
  for (let at = begin + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  throw noJson()
}

/** @param text of characters that are bytes */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(ASCII.test(text) ? text : Buffer.from(text, 'latin1').toString())
  } catch (error) {
    throw noJson(error)
  }
}

/** In characters that are the bytes of UTF-8. */
const asBytes = (text: string) => (ASCII.test(text) ? text : Buffer.from(text).toString('latin1'))

// biome-ignore lint/suspicious/noControlCharactersInRegex: every character of one byte
const ASCII = /^[\x00-\x7f]*$/

const noJson = (cause?: unknown) =>
  invalid('a line is no JSON of a series; send {"metric":{...},"values":[...],"timestamps":[...]}', { cause })

/**
 * The columns of a CSV without labels `db`: the names of the labels stand in `format` alone, and values are not read.
 * Throws `invalid`.
 */
export function ownColumns(format: string): string {
  const labels = (column: string) => {
    const [, type, name] = column.split(':')
    return type?.trim() === 'label' ? [name?.trim()] : []
  }
  const columns = format.split(',').filter((column) => !labels(column).includes('db'))
  if (columns.flatMap(labels).length > MOST_LABELS) throw tooManyLabels()
  return columns.join(',')
}
