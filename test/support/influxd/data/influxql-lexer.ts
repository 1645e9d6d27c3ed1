/** InfluxQL as words: enough to tell statements and their sources. */
import { InfluxError } from '../core/errors.ts'

export interface Word {
  readonly kind: 'word' | 'quoted' | 'string' | 'sign' | 'regex'
  readonly text: string
}

const PATTERN =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([A-Za-z_][A-Za-z0-9_]*)|(\d+(?:\.\d+)?[a-zµ]*)|(=~|!~|!=|<>|<=|>=|::|[^\s])/gy

/** The statements of a text, each as words, without its comments. */
export function statementsOf(text: string): Word[][] {
  const statements: Word[][] = [[]]
  PATTERN.lastIndex = 0
  for (let match = PATTERN.exec(text); match; match = PATTERN.exec(text)) {
    const word = wordOf(match)
    if (!word) continue
    if (word.kind === 'sign' && word.text === ';') statements.push([])
    else statements.at(-1)?.push(word)
  }
  return statements.filter((words) => words.length > 0)
}

function wordOf([all, quoted, string, name, number, sign]: RegExpExecArray): Word | undefined {
  if (quoted !== undefined) return { kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') }
  if (string !== undefined) return { kind: 'string', text: string.replace(/\\(.)/g, '$1') }
  if (name !== undefined) return { kind: 'word', text: name }
  if (number !== undefined) return { kind: 'word', text: number }
  if (sign !== undefined) return { kind: 'sign', text: sign }
  if (all === undefined) throw new InfluxError('invalid', 'error parsing query')
  return undefined
}

/** Reads the words of one statement from left to right. */
export class WordReader {
  readonly #words: readonly Word[]
  #at = 0

  constructor(words: readonly Word[]) {
    this.#words = words
  }

  get next(): Word | undefined {
    return this.#words[this.#at]
  }

  take(): Word | undefined {
    return this.#words[this.#at++]
  }

  /** Takes the keywords or signs if they all come next. */
  takes(...texts: string[]): boolean {
    const isNext = texts.every((text, index) => {
      const word = this.#words[this.#at + index]
      return (word?.kind === 'word' || word?.kind === 'sign') && word.text.toUpperCase() === text
    })
    if (isNext) this.#at += texts.length
    return isNext
  }

  /** Skips to the keyword, over parentheses; false if it does not come. */
  skipsTo(keyword: string): boolean {
    let depth = 0
    for (; this.next; this.#at++) {
      if (this.next.text === '(') depth++
      if (this.next.text === ')' && depth-- === 0) return false
      if (depth === 0 && this.takes(keyword)) return true
    }
    return false
  }
}
