/** Flux scripts as trees. */
import { type Assignment, type Import, lastPartOf, type Node, type Property, type Script } from './ast.ts'
import { invalid, type Token, tokensOf } from './lexer.ts'

/** Weakest first. */
const OPERATORS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>=', '=~', '!~'],
  ['+', '-'],
  ['*', '/', '%'],
  ['|>'],
]

export function parseFlux(script: string): Script {
  return new Parser(tokensOf(script)).script()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  script(): Script {
    const imports: Import[] = []
    const body: Assignment[] = []
    if (this.#takesName('package')) this.#take()
    while (this.#takesName('import')) imports.push(this.#import())
    while (this.#next.kind !== 'end') body.push(this.#statement())
    return { imports, body }
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token
  }

  #take(): Token {
    const token = this.#next
    if (token.kind !== 'end') this.#at++
    return token
  }

  #takes(sign: string): boolean {
    if (this.#next.kind !== 'sign' || this.#next.text !== sign) return false
    this.#at++
    return true
  }

  #takesName(name: string): boolean {
    if (this.#next.kind !== 'name' || this.#next.text !== name) return false
    this.#at++
    return true
  }

  #expect(sign: string): void {
    if (this.#takes(sign)) return
    throw invalid(this.#next.at, `expected ${sign}, got ${this.#next.text || 'EOF'}`)
  }

  #import(): Import {
    const name = this.#next.kind === 'name' ? this.#take().text : undefined
    const path = this.#take().text
    return { path, name: name ?? lastPartOf(path) }
  }

  #statement(): Assignment {
    const isOption = this.#takesName('option')
    const follows = this.#tokens[this.#at + 1]
    const isAssignment = this.#next.kind === 'name' && follows?.kind === 'sign' && follows.text === '='
    const name = isAssignment ? this.#take().text : undefined
    if (isAssignment) this.#take()
    return { name, isOption, value: this.#expression() }
  }

  #expression(level = 0): Node {
    const operators = OPERATORS[level]
    if (!operators) return this.#unary()
    let left = this.#expression(level + 1)
    for (;;) {
      const operator = operators.find((each) =>
        /^\w/.test(each) ? this.#takesName(each) : this.#takes(each),
      )
      if (!operator) return left
      const right = this.#expression(level + 1)
      if (operator === '|>') left = { type: 'PipeExpression', argument: left, call: right }
      else {
        const type = level < 2 ? 'LogicalExpression' : 'BinaryExpression'
        left = { type, operator, left, right }
      }
    }
  }

  #unary(): Node {
    const operator = this.#takes('-') ? '-' : ['not', 'exists'].find((each) => this.#takesName(each))
    return operator ? { type: 'UnaryExpression', operator, argument: this.#unary() } : this.#postfix()
  }

  #postfix(): Node {
    let node = this.#primary()
    for (;;) {
      if (this.#takes('(')) {
        const properties = this.#properties(')')
        const given: Node[] = properties.length > 0 ? [{ type: 'ObjectExpression', properties }] : []
        node = { type: 'CallExpression', callee: node, arguments: given }
      } else if (this.#takes('.')) {
        const { text, at } = this.#take()
        node = { type: 'MemberExpression', object: node, property: { type: 'Identifier', name: text, at } }
      } else if (this.#takes('[')) {
        const property = this.#expression()
        this.#expect(']')
        node = { type: 'MemberExpression', object: node, property }
      } else return node
    }
  }

  /** `key: value`, `"key": value` or the short form `key`, up to the closing sign. */
  #properties(close: string): Property[] {
    const properties: Property[] = []
    while (!this.#takes(close)) {
      const token = this.#take()
      if (token.kind !== 'name' && token.kind !== 'string') {
        throw invalid(token.at, `invalid property key: ${token.text || 'EOF'}`)
      }
      const key: Property['key'] =
        token.kind === 'string'
          ? { type: 'StringLiteral', value: token.text }
          : { type: 'Identifier', name: token.text, at: token.at }
      properties.push({ type: 'Property', key, value: this.#takes(':') ? this.#expression() : null })
      if (!this.#takes(',')) {
        this.#expect(close)
        break
      }
    }
    return properties
  }

  #primary(): Node {
    const token = this.#take()
    switch (token.kind) {
      case 'name':
        return { type: 'Identifier', name: token.text, at: token.at }
      case 'string':
        return { type: 'StringLiteral', value: token.text }
      case 'integer':
        return { type: 'IntegerLiteral', value: token.text }
      case 'float':
        return { type: 'FloatLiteral', value: Number(token.text) }
      case 'time':
        return { type: 'DateTimeLiteral', value: token.text }
      case 'regex':
        return { type: 'RegexpLiteral', value: token.text }
      case 'duration': {
        const parts = token.text.matchAll(/(\d+)(\D+)/g)
        const values = [...parts].map(([, magnitude, unit = '']) => ({ magnitude: Number(magnitude), unit }))
        return { type: 'DurationLiteral', values }
      }
    }
    if (token.text === '[') return this.#array()
    if (token.text === '{') return { type: 'ObjectExpression', properties: this.#properties('}') }
    if (token.text === '(') return this.#isFunction() ? this.#function() : this.#parentheses()
    const found = token.text || 'EOF'
    throw invalid(token.at, `invalid expression: invalid token for primary expression: ${found}`)
  }

  #array(): Node {
    const elements: Node[] = []
    while (!this.#takes(']')) {
      elements.push(this.#expression())
      if (!this.#takes(',')) {
        this.#expect(']')
        break
      }
    }
    return { type: 'ArrayExpression', elements }
  }

  #parentheses(): Node {
    const expression = this.#expression()
    this.#expect(')')
    return { type: 'ParenExpression', expression }
  }

  /** After the opening parenthesis: does `=>` follow the closing one? */
  #isFunction(): boolean {
    let depth = 1
    for (let at = this.#at; depth > 0; at++) {
      const token = this.#tokens[at]
      if (!token || token.kind === 'end') return false
      if (token.kind === 'sign' && token.text === '(') depth++
      if (token.kind === 'sign' && token.text === ')') depth--
      if (depth === 0) return this.#tokens[at + 1]?.text === '=>'
    }
    return false
  }

  #function(): Node {
    const params: Property[] = []
    while (!this.#takes(')')) {
      const name = this.#take().text
      const key: Property['key'] = { type: 'Identifier', name }
      const isPipe = this.#takes('=') && this.#takes('<-')
      const value = isPipe ? null : this.#tokens[this.#at - 1]?.text === '=' ? this.#expression() : null
      params.push({ type: 'Property', key: isPipe ? { ...key, name: `<-${name}` } : key, value })
      this.#takes(',')
    }
    this.#expect('=>')
    return { type: 'FunctionExpression', params, body: this.#expression() }
  }
}
