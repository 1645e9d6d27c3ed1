/** Answers of InfluxDB that list names: only what the caller may read stays. */
import { unavailable } from '../../../domain/base/errors.ts'
import { parseExactly } from '../exact-json.ts'

/** Says of each name that a statement lists whether it stays. */
export type NameFilter = (name: string) => boolean

/**
 * The answer in JSON, with fewer rows for the statements that have a filter, by their number in the request from 0. All
 * other results stay as they are, byte for byte. Throws `unavailable` for an answer that is not built as InfluxDB 1.x builds
 * it: what such an answer shows cannot be judged.
 */
export function filteredAnswer(body: Buffer, filters: ReadonlyMap<number, NameFilter>): Buffer {
  // One character for each byte, so that the parts that are not parsed keep their bytes.
  const text = body.toString('latin1')
  const [head] = HEAD.exec(text) ?? []
  if (head === undefined) return withoutResults(body)
  const parts = [head]
  let end = head.length
  for (const [from, to] of objectsIn(text, head.length)) {
    parts.push(text.slice(end, from), filteredResult(text.slice(from, to), filters))
    end = to
  }
  return Buffer.from(parts.join('') + text.slice(end), 'latin1')
}

const HEAD = /^\s*\{\s*"results"\s*:\s*\[/
const NUMBER = /^\{\s*"statement_id"\s*:\s*(\d+)\s*[,}]/

/** A refusal of the whole request. */
function withoutResults(body: Buffer): Buffer {
  const answer = parsed(body)
  const isPlain = typeof answer === 'object' && answer !== null && !Array.isArray(answer)
  if (!isPlain || 'results' in answer) throw unreadable()
  return body
}

function filteredResult(text: string, filters: ReadonlyMap<number, NameFilter>): string {
  const [, number] = NUMBER.exec(text) ?? []
  if (number === undefined) throw unreadable()
  const stays = filters.get(Number(number))
  if (!stays) return text
  const { series, ...result } = parsed(Buffer.from(text, 'latin1')) as { readonly series?: unknown }
  const left =
    series === undefined ? {} : { series: listIn(series).map((each) => filteredSeries(each, stays)) }
  return Buffer.from(JSON.stringify({ ...result, ...left })).toString('latin1')
}

function filteredSeries(series: unknown, stays: NameFilter): object {
  const { values, ...others } = series as { readonly columns?: unknown; readonly values?: unknown }
  if (listIn(others.columns)[0] !== 'name') throw unreadable()
  const left = listIn(values ?? []).filter((row) => stays(String(listIn(row)[0])))
  // InfluxDB leaves `values` out if there are none.
  return left.length > 0 ? { ...others, values: left } : others
}

/** Where the objects of an array begin and end, from its first element to its closing bracket. */
function* objectsIn(text: string, from: number): Generator<readonly [from: number, to: number]> {
  let depth = 0
  let begin = from
  for (let at = from; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at)
        break
      case '{':
      case '[':
        if (depth === 0) begin = at
        depth += 1
        break
      case '}':
      case ']':
        if (depth === 0) return
        depth -= 1
        if (depth === 0) yield [begin, at + 1]
    }
  }
  throw unreadable()
}

/** The place of the quotation mark that ends a text. */
function endOfString(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  throw unreadable()
}

function parsed(text: Buffer): unknown {
  try {
    return parseExactly(text.toString())
  } catch (error) {
    throw unreadable(error)
  }
}

function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw unreadable()
}

const unreadable = (cause?: unknown) =>
  unavailable('what InfluxDB answered cannot be read, so nothing of it is shown', { cause })
