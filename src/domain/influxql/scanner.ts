/**
 * Reads InfluxQL piece by piece as InfluxDB does (influxdata/influxql, scanner.go), but refuses what InfluxDB
 * accepts with a surprising meaning: control characters, invalid escapes, and `a"b"`, which it reads as the identifier `b`.
 */
import { invalid, type SluiceError } from '../base/errors.ts'
import { KEYWORDS } from './keywords.ts'

export type TokenKind =
  | 'end'
  | 'space'
  | 'comment'
  /** `text` is the decoded name. */
  | 'identifier'
  /** `text` is in upper case. */
  | 'keyword'
  | 'string'
  | 'number'
  | 'integer'
  | 'duration'
  /** `text` is the name without the dollar. */
  | 'parameter'
  | 'symbol'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** Where it begins and ends in the query, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

const SPACE = /[ \t\r\n]+/y
const BARE = /[A-Za-z_][A-Za-z0-9_]*/y
/** A number as InfluxDB's scanNumber reads it: a fraction needs a digit after the point; letters make a duration. */
const NUMBER = /(?:\d+\.\d+|\.\d+|\d+)/y
const DURATION = /\d+[A-Za-zµ][A-Za-z0-9µ]*/y
const LINE_COMMENT = /--[^\n]*/y
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y
const SYMBOL = /::|=~|!=|!~|>=|<=|<>|[-+*/%&|^=<>(),;:.]/y
/** Symbols that begin no other token. */
const SINGLE: ReadonlySet<string> = new Set([',', ';', '(', ')'])
/** Escapes are the four that InfluxDB knows. */
const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /"(?:[^"\\\n]|\\["'\\n])*"/y,
  "'": /'(?:[^'\\\n]|\\["'\\n])*'/y,
}
/** It ends at the first slash that no backslash precedes, whatever precedes the backslash, as in `/a\\/b/`. */
const REGEX = /\/(?:[^/\\\n]|\\\/|\\(?!\/))*\//y
// biome-ignore lint/suspicious/noControlCharactersInRegex: InfluxDB takes NUL for the end of the query
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/

export class Scanner {
  readonly #text: string
  #at = 0

  /** Throws `invalid` for a text with control characters. */
  constructor(text: string) {
    this.#text = text
    const at = text.search(CONTROL)
    if (at >= 0) throw this.refusal('a control character', at)
  }

  get at(): number {
    return this.#at
  }

  /** Goes back to where an earlier token began or ended. */
  rewind(at: number): void {
    this.#at = at
  }

  peek(): string {
    return this.#text[this.#at] ?? ''
  }

  /** The next piece, blanks and comments too. */
  scan(): Token {
    const start = this.#at
    const char = this.#text[start]
    if (char === undefined) return { kind: 'end', text: '', start, end: start }
    if (char === '"' || char === "'") return this.#quoted(char)
    if (char === '$') return this.#parameter()
    if (SINGLE.has(char)) {
      this.#at += 1
      return this.#token('symbol', char, start)
    }
    if (this.#match(SPACE) !== undefined) return this.#token('space', '', start)
    const bare = this.#match(BARE)
    if (bare !== undefined) return this.#bare(bare, start)
    if (this.#match(LINE_COMMENT) !== undefined) return this.#token('comment', '', start)
    if (this.#text.startsWith('/*', start)) {
      if (this.#match(BLOCK_COMMENT) === undefined) throw this.refusal('a comment without its end', start)
      return this.#token('comment', '', start)
    }
    const duration = this.#match(DURATION)
    if (duration !== undefined) return this.#token('duration', duration, start)
    const number = this.#match(NUMBER)
    if (number !== undefined) return this.#token(number.includes('.') ? 'number' : 'integer', number, start)
    const symbol = this.#match(SYMBOL)
    if (symbol === undefined) throw this.refusal(`unexpected ${JSON.stringify(char)}`, start)
    return this.#token('symbol', symbol, start)
  }

  /** Reads a regular expression if one begins right here. */
  regex(): boolean {
    if (this.peek() !== '/') return false
    const start = this.#at
    // InfluxDB would read a comment here as a regular expression.
    if (this.#text[start + 1] === '*')
      throw this.refusal('a comment where InfluxDB reads a regular expression', start)
    if (this.#match(REGEX) === undefined) throw this.refusal('a regular expression without its end', start)
    return true
  }

  /** An error that names line and column, both from 1. */
  refusal(problem: string, at: number): SluiceError {
    const before = this.#text.slice(0, at).split('\n')
    const column = [...(before.at(-1) ?? '')].length + 1
    return invalid(`InfluxQL: ${problem} at line ${before.length}, column ${column}`)
  }

  #bare(text: string, start: number): Token {
    if (this.peek() === '"') throw this.refusal('a name that goes on in quotes', start)
    const upper = text.toUpperCase()
    return KEYWORDS.has(upper) ? this.#token('keyword', upper, start) : this.#token('identifier', text, start)
  }

  #quoted(quote: '"' | "'"): Token {
    const start = this.#at
    const raw = this.#match(QUOTED[quote] as RegExp)
    if (raw === undefined)
      throw this.refusal('a quoted text without its end, or with an unknown escape', start)
    const text = raw.slice(1, -1).replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char))
    return this.#token(quote === '"' ? 'identifier' : 'string', text, start)
  }

  #parameter(): Token {
    const start = this.#at
    this.#at += 1
    const name = this.#match(BARE)
    if (name === undefined || this.peek() === '"') {
      throw this.refusal('a $ without the plain name of a parameter', start)
    }
    return this.#token('parameter', name, start)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    if (found !== undefined) this.#at += found.length
    return found
  }

  #token(kind: TokenKind, text: string, start: number): Token {
    return { kind, text, start, end: this.#at }
  }
}
