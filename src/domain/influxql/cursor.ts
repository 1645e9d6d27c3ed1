/** Walks over the tokens of a query as InfluxDB's parser does: tokens are read where they are asked for. */
import type { SluiceError } from '../base/errors.ts'
import { Scanner, type Token } from './scanner.ts'

/** How deep parentheses and subqueries may lie in each other; InfluxDB has no limit, and none sends more. */
const DEEPEST = 100

const BLANKS: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n'])

export class Cursor {
  readonly #scanner: Scanner
  #depth = 0
  /** The last token that `next` found, and from where: the parser asks for the same one with one keyword after another. */
  #last: { readonly from: number; readonly token: Token } | undefined

  constructor(text: string) {
    this.#scanner = new Scanner(text)
  }

  /** The next token, blanks and comments too. */
  scan(): Token {
    return this.#scanner.scan()
  }

  /** The next token that is neither blank nor comment. */
  next(): Token {
    const from = this.#scanner.at
    const last = this.#last
    if (last && (from === last.from || from === last.token.start)) {
      this.#scanner.rewind(last.token.end)
      return last.token
    }
    for (;;) {
      const token = this.#scanner.scan()
      if (token.kind === 'space' || token.kind === 'comment') continue
      this.#last = { from, token }
      return token
    }
  }

  unread(token: Token): void {
    this.#scanner.rewind(token.start)
  }

  /** What the next token is, without taking it. */
  look(): Token {
    const { at } = this.#scanner
    const token = this.next()
    this.#scanner.rewind(at)
    return token
  }

  /** The next character, which may be in the middle of what `next` skips. */
  peek(): string {
    return this.#scanner.peek()
  }

  /** Takes a regular expression, if one begins here or after blanks. InfluxDB looks no further than blanks. */
  regex(): boolean {
    const { at } = this.#scanner
    if (BLANKS.has(this.#scanner.peek())) this.#scanner.scan()
    if (this.#scanner.regex()) return true
    this.#scanner.rewind(at)
    return false
  }

  requireRegex(): void {
    if (!this.regex()) throw this.unexpected(this.next(), 'a regular expression')
  }

  /** Takes this keyword if it comes next. */
  takes(...keywords: readonly string[]): string | undefined {
    const token = this.next()
    if (token.kind === 'keyword' && keywords.includes(token.text)) return token.text
    this.unread(token)
    return undefined
  }

  require(...keywords: readonly string[]): string {
    const found = this.takes(...keywords)
    if (found === undefined) throw this.unexpected(this.next(), keywords.join(' or '))
    return found
  }

  takesSymbol(...symbols: readonly string[]): string | undefined {
    const token = this.next()
    if (token.kind === 'symbol' && symbols.includes(token.text)) return token.text
    this.unread(token)
    return undefined
  }

  requireSymbol(symbol: string): void {
    if (this.takesSymbol(symbol) === undefined) throw this.unexpected(this.next(), symbol)
  }

  identifier(): string {
    return this.#requireKind('identifier', 'a name')
  }

  string(): string {
    return this.#requireKind('string', 'a text in single quotes')
  }

  integer(): string {
    return this.#requireKind('integer', 'a whole number')
  }

  /** A duration, or INF. */
  duration(): void {
    if (this.takes('INF') === undefined) this.#requireKind('duration', 'a duration')
  }

  /** Runs what may lie in itself, to a limit. */
  deeper<T>(work: () => T): T {
    if (this.#depth >= DEEPEST)
      throw this.#scanner.refusal('too many levels of parentheses', this.#scanner.at)
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
    }
  }

  unexpected(token: Token, wanted: string): SluiceError {
    const found = token.kind === 'end' ? 'the end' : JSON.stringify(token.text)
    return this.#scanner.refusal(`${found} where ${wanted} is expected`, token.start)
  }

  refusal(problem: string, token: Token): SluiceError {
    return this.#scanner.refusal(problem, token.start)
  }

  #requireKind(kind: Token['kind'], wanted: string): string {
    const token = this.next()
    if (token.kind !== kind) throw this.unexpected(token, wanted)
    return token.text
  }
}
