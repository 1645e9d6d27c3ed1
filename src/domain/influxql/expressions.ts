/** Expressions, as in SELECT, WHERE and GROUP BY: they name fields and tags, and never a database. */
import type { Cursor } from './cursor.ts'

const OPERATORS: readonly string[] = [
  ...['+', '-', '*', '/', '%', '&', '|', '^'],
  ...['=', '!=', '<>', '<', '<=', '>', '>='],
]
const REGEX_OPERATORS: readonly string[] = ['=~', '!~']

/** A regular expression or an expression, as an argument or in a list. */
export function skipArgument(cursor: Cursor): void {
  if (!cursor.regex()) skipExpression(cursor)
}

export function skipExpression(cursor: Cursor): void {
  cursor.deeper(() => {
    skipOperand(cursor)
    for (;;) {
      if (cursor.takesSymbol(...REGEX_OPERATORS) !== undefined) cursor.requireRegex()
      else if (cursor.takesSymbol(...OPERATORS) !== undefined || cursor.takes('AND', 'OR') !== undefined) {
        skipOperand(cursor)
      } else return
    }
  })
}

function skipOperand(cursor: Cursor): void {
  const token = cursor.next()
  const { kind, text } = token
  switch (kind) {
    case 'string':
    case 'number':
    case 'integer':
    case 'duration':
    // InfluxDB puts a value in its place: a number, a text, true or false.
    case 'parameter':
      return
    case 'identifier':
      if (cursor.peek() === '(') skipCall(cursor)
      else {
        cursor.unread(token)
        skipReference(cursor)
      }
      return
    case 'keyword':
      if (text === 'TRUE' || text === 'FALSE') return
      if (text !== 'DISTINCT') break
      if (cursor.peek() === '(') skipCall(cursor)
      else cursor.identifier()
      return
    case 'symbol':
      if (text === '(') {
        skipExpression(cursor)
        cursor.requireSymbol(')')
        return
      }
      if (text === '*') {
        skipKind(cursor, ['FIELD', 'TAG'])
        return
      }
      if (text === '+' || text === '-') {
        const sign = cursor.look()
        const isOperand =
          ['number', 'integer', 'duration', 'identifier'].includes(sign.kind) || sign.text === '('
        if (!isOperand) throw cursor.unexpected(sign, 'a number or a name')
        cursor.deeper(() => skipOperand(cursor))
        return
      }
  }
  throw cursor.unexpected(token, 'an expression')
}

function skipCall(cursor: Cursor): void {
  cursor.requireSymbol('(')
  if (cursor.takesSymbol(')') !== undefined) return
  do skipArgument(cursor)
  while (cursor.takesSymbol(',') !== undefined)
  cursor.requireSymbol(')')
}

/** A field or tag, of segments with points between them, and perhaps a type. */
function skipReference(cursor: Cursor): void {
  cursor.identifier()
  while (cursor.peek() === '.') {
    cursor.requireSymbol('.')
    cursor.identifier()
  }
  skipKind(cursor, ['FIELD', 'TAG'], /^(?:float|integer|unsigned|string|boolean)$/i)
}

function skipKind(cursor: Cursor, keywords: readonly string[], names?: RegExp): void {
  // Right after the name: with a blank between InfluxDB refuses it.
  if (cursor.peek() !== ':') return
  cursor.requireSymbol('::')
  const token = cursor.scan()
  if (token.kind === 'keyword' && keywords.includes(token.text)) return
  if (token.kind === 'identifier' && names?.test(token.text)) return
  throw cursor.unexpected(token, 'a type')
}
