/** An answer that came whole in one piece, as InfluxDB's to a write does: strictly in its plain form, or not at all. */

export interface ShortAnswer {
  readonly status: number
  readonly message: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
  /** Whether the connection may be used again. */
  readonly isKept: boolean
}

const LONGEST = 16_384
const HEAD_END = '\r\n\r\n'
/** The status line and each header: printable text, names of token characters (RFC 9110, 5.6.2), no folding. */
const HEAD =
  /^HTTP\/1\.1 ([2-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)$/
const LENGTH = /^(?:0|[1-9]\d{0,4})$/
/**
 * A connection that upstream keeps this many seconds or more is idle here for less time, so the exact number is not
 * needed.
 */
const ENOUGH_SECONDS = 5

interface Framing {
  length: number | undefined
  isKept: boolean
}

/** Undefined for anything that is more, less or written otherwise: then a whole parser must read it. */
export type ReadShortAnswer = (chunk: Buffer) => ShortAnswer | undefined

/** Knows the last answer without a body again: InfluxDB's differ only in their date, by the second. */
export function createReadShortAnswer(): ReadShortAnswer {
  let lastText = ''
  let lastAnswer: ShortAnswer | undefined
  return (chunk) => {
    if (chunk.length > LONGEST) return undefined
    const text = chunk.toString('latin1')
    if (text === lastText) return lastAnswer
    const answer = parsed(text, chunk)
    if (answer && !answer.body) {
      lastText = text
      lastAnswer = answer
    }
    return answer
  }
}

function parsed(text: string, chunk: Buffer): ShortAnswer | undefined {
  const headLength = text.indexOf(HEAD_END) + HEAD_END.length
  if (headLength < HEAD_END.length) return undefined
  const [, code, message = '', lines = ''] = HEAD.exec(text.slice(0, headLength - 2)) ?? []
  if (code === undefined) return undefined
  const headers: string[] = []
  const framing: Framing = { length: undefined, isKept: true }
  for (const line of lines.split('\r\n')) {
    if (line === '') continue
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    const value = line.slice(colon + 1).replace(OUTER_SPACE, '')
    if (!isPlainFraming(name.toLowerCase(), value, framing)) return undefined
    headers.push(name, value)
  }
  const status = Number(code)
  const isBare = status === 204 || status === 304
  const length = isBare ? 0 : framing.length
  if (length === undefined || text.length !== headLength + length) return undefined
  if (isBare && framing.length !== undefined && framing.length !== 0) return undefined
  const body = length === 0 ? undefined : chunk.subarray(headLength)
  return { status, message, headers, body, isKept: framing.isKept }
}

const OUTER_SPACE = /^[\t ]+|[\t ]+$/g

/** Takes note of a header that frames the answer; false if that is not plain. */
function isPlainFraming(lower: string, value: string, framing: Framing): boolean {
  switch (lower) {
    case 'content-length':
      if (framing.length !== undefined || !LENGTH.test(value)) return false
      framing.length = Number(value)
      return true
    case 'connection':
      if (value.toLowerCase() !== 'keep-alive') framing.isKept = false
      return true
    case 'keep-alive':
      if (!(Number(/^timeout=(\d+)/i.exec(value)?.[1]) >= ENOUGH_SECONDS)) framing.isKept = false
      return true
    case 'transfer-encoding':
    case 'trailer':
    case 'upgrade':
      return false
    default:
      return true
  }
}
