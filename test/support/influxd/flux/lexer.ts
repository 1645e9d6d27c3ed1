/** Flux as tokens. */
import { InfluxError } from '../core/errors.ts'

export interface Token {
  readonly kind: 'name' | 'string' | 'integer' | 'float' | 'duration' | 'time' | 'regex' | 'sign' | 'end'
  /** Of strings, without quotation marks and escapes. */
  readonly text: string
  /** `line:column-line:column`, as messages name a place. */
  readonly at: string
}

const UNITS = 'ns|us|µs|ms|mo|s|m|h|d|w|y'
const KINDS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s+|\/\/[^\n]*)/y],
  ['time', /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?/y],
  ['duration', new RegExp(`(?:\\d+(?:${UNITS}))+`, 'y')],
  ['float', /(?:\d+\.\d*|\.\d+)/y],
  ['integer', /\d+/y],
  ['name', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['string', /"(?:\\[\s\S]|[^"\\])*"/y],
  ['sign', /\|>|<-|=>|==|!=|<=|>=|=~|!~|[-+*/%^=<>(){}[\],.:?]/y],
]
/** A slash after one of these starts a regular expression, not a division. */
const BEFORE_REGEX = new Set(['=~', '!~', '(', ',', ':', '=', '=>', '['])

export function tokensOf(script: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < script.length; ) {
    const found = nextToken(script, at, tokens.at(-1)?.text ?? '(')
    if (!found) throw invalid(placeOf(script, at, at + 1), `invalid statement: ${script[at]}`)
    const [kind, text] = found
    if (kind !== 'space') {
      const value = kind === 'string' ? unescaped(text.slice(1, -1)) : text
      tokens.push({ kind, text: value, at: placeOf(script, at, at + text.length) })
    }
    at += text.length
  }
  tokens.push({ kind: 'end', text: '', at: placeOf(script, script.length, script.length) })
  return tokens
}

function nextToken(
  script: string,
  at: number,
  previous: string,
): [Token['kind'] | 'space', string] | undefined {
  if (BEFORE_REGEX.has(previous) && script[at] === '/' && script[at + 1] !== '/') {
    const regex = /\/(?:\\.|[^/\\])+\//y
    regex.lastIndex = at
    const text = regex.exec(script)?.[0]
    if (text) return ['regex', text]
  }
  for (const [kind, pattern] of KINDS) {
    pattern.lastIndex = at
    const text = pattern.exec(script)?.[0]
    if (text) return [kind, text]
  }
}

/** `\x49` is a byte: `"bucket\x49D"` is `bucketID`. */
function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
  const plain = text.replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_, byte, sign) =>
    byte ? String.fromCharCode(Number.parseInt(byte, 16)) : (signs[sign] ?? sign),
  )
  return plain
}

function placeOf(script: string, from: number, to: number): string {
  const place = (at: number) => {
    const lines = script.slice(0, at).split('\n')
    return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
  }
  return `${place(from)}-${place(to)}`
}

export function invalid(at: string, reason: string): InfluxError {
  return new InfluxError('invalid', `compilation failed: error @${at}: ${reason}`)
}
