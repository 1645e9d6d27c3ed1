import { invalid } from '../../../../domain/base/errors.ts'
import { skipBlanks } from './blanks.ts'
import { MOST_LABELS, tooManyLabels } from './labels.ts'
import type { LineFormat } from './line-format.ts'

export const JSON_LINES: LineFormat = { check: checkJsonLine, keepsLength: false }

/**
 * Rewrites a line of JSON, because parsers differ in which of two members with one name they take. It parses the labels
 * alone: parsing a long line with deep nesting or many objects would keep this server busy for minutes.
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
