/** Runs a script: values of names, calls, operators. */
import { InfluxError } from '../core/errors.ts'
import type { Node, Property, Script } from './ast.ts'
import { Duration, durationOf, type Function_, Stream, Time, type Value } from './values.ts'

type Names = ReadonlyMap<string, Value>

export interface Library {
  /** Known without an import. */
  readonly names: Readonly<Record<string, Value>>
  readonly packages: Readonly<Record<string, Readonly<Record<string, Value>>>>
}

/** The streams that the script's expressions make, in their order. */
export function evaluate(scripts: readonly Script[], library: Library): Stream[] {
  const names = new Map<string, Value>(Object.entries(library.names))
  for (const { path, name } of scripts.flatMap(({ imports }) => imports)) {
    const found = library.packages[path]
    if (!found) throw new InfluxError('invalid', `error @1:1-1:1: invalid import path ${path}`)
    names.set(name, found)
  }
  const streams: Stream[] = []
  for (const { name, value } of scripts.flatMap(({ body }) => body)) {
    const found = evaluated(value, names)
    if (name !== undefined) names.set(name, found)
    else if (found instanceof Stream) streams.push(found)
  }
  return streams
}

function evaluated(node: Node, names: Names): Value {
  switch (node.type) {
    case 'Identifier':
      return named(node.name, names, node.at)
    case 'StringLiteral':
    case 'FloatLiteral':
      return node.value
    case 'IntegerLiteral':
      return BigInt(node.value)
    case 'DateTimeLiteral':
      return new Time(BigInt(Date.parse(node.value)) * 1_000_000n)
    case 'RegexpLiteral':
      return new RegExp(node.value.replace(/^\/|\/$/g, ''))
    case 'DurationLiteral':
      return durationOf(node.values)
    case 'ArrayExpression':
      return node.elements.map((each) => evaluated(each, names))
    case 'ObjectExpression':
      return recordOf(node.properties, names)
    case 'FunctionExpression':
      return functionOf(node.params, node.body, names)
    case 'CallExpression':
      return call(node, names, undefined)
    case 'PipeExpression':
      return pipe(node.call, names, evaluated(node.argument, names))
    case 'MemberExpression':
      return memberOf(node, names)
    case 'ParenExpression':
      return evaluated(node.expression, names)
    case 'UnaryExpression':
      return unary(node.operator, evaluated(node.argument, names))
    case 'LogicalExpression': {
      const left = evaluated(node.left, names) === true
      if (node.operator === 'and' ? !left : left) return left
      return evaluated(node.right, names) === true
    }
    case 'BinaryExpression':
      return binary(node.operator, evaluated(node.left, names), evaluated(node.right, names))
  }
  throw new InfluxError('invalid', `unsupported node ${(node as { type: string }).type}`)
}

function named(name: string, names: Names, at = '1:1-1:1'): Value {
  if (names.has(name)) return names.get(name)
  throw new InfluxError('invalid', `error @${at}: undefined identifier ${name}`)
}

/** Keys may be identifiers or strings, and a key alone stands for the variable of its name. */
function recordOf(properties: readonly Property[], names: Names): Record<string, Value> {
  return Object.fromEntries(
    properties.map(({ key, value }) => {
      const name = key.type === 'Identifier' ? key.name : key.value
      return [name, value ? evaluated(value, names) : named(name, names)]
    }),
  )
}

function functionOf(params: readonly Property[], body: Node, outer: Names): Function_ {
  return (given, piped) => {
    const names = new Map(outer)
    for (const { key, value } of params) {
      const name = key.type === 'Identifier' ? key.name : key.value
      if (name.startsWith('<-')) names.set(name.slice(2), piped)
      else if (Object.hasOwn(given, name)) names.set(name, given[name])
      else if (value) names.set(name, evaluated(value, outer))
    }
    return evaluated(body, names)
  }
}

type Call = Extract<Node, { type: 'CallExpression' }>

function call(node: Call, names: Names, piped: Value): Value {
  const callee = evaluated(node.callee, names)
  if (typeof callee !== 'function') throw new InfluxError('invalid', 'error @1:1-1:1: expected a function')
  const given = node.arguments[0] ? evaluated(node.arguments[0], names) : {}
  return callee(given as Record<string, Value>, piped)
}

function pipe(node: Node, names: Names, piped: Value): Value {
  if (node.type === 'CallExpression') return call(node, names, piped)
  throw new InfluxError('invalid', 'compilation failed: pipe destination must be a function call')
}

function memberOf(node: Extract<Node, { type: 'MemberExpression' }>, names: Names): Value {
  const object = evaluated(node.object, names)
  const { property } = node
  const key = property.type === 'Identifier' ? property.name : evaluated(property, names)
  if (Array.isArray(object)) return object[Number(key)]
  return (object as Record<string, Value> | null)?.[String(key)]
}

function unary(operator: string, value: Value): Value {
  if (operator === 'not') return value !== true
  if (operator === 'exists') return value !== null && value !== undefined
  if (value instanceof Duration) return new Duration(-value.nanoseconds)
  return typeof value === 'bigint' ? -value : -(value as number)
}

function binary(operator: string, left: Value, right: Value): Value {
  const [a, b] = [comparable(left), comparable(right)] as [number, number]
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '=~':
      return right instanceof RegExp && right.test(String(left))
    case '!~':
      return right instanceof RegExp && !right.test(String(left))
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
  }
  return a % b
}

function comparable(value: Value): Value {
  return value instanceof Time || value instanceof Duration ? value.nanoseconds : value
}
