/** Which of InfluxDB's functions take a bucket's id, and what they do with the bucket. */
import type { FluxAccess } from './findings.ts'
import { asNode, namesIn, type SyntaxFacts } from './syntax-facts.ts'

type Functions = Readonly<Record<string, FluxAccess>>

/**
 * All functions of Flux 0.200 with `bucketID` among their arguments. None has it under another name, and none hands a
 * record on as arguments; every other function of the library finds buckets by name, which InfluxDB authorizes.
 */
const OF_INFLUXDB: Functions = { from: 'read', cardinality: 'read', to: 'write', wideTo: 'write' }
const BY_PACKAGE: Readonly<Record<string, Functions>> = {
  'influxdata/influxdb': OF_INFLUXDB,
  experimental: { to: 'write' },
}

/** What the called function does with a bucket; `unknown` if the text may have given the name another meaning. */
export function accessOf(callee: unknown, { bound, imports }: SyntaxFacts): FluxAccess {
  const { type, object, property } = asNode(callee)
  const isRebound = (name: string) => bound.has(name) || imports.some((each) => each.name === name)
  if (type === 'Identifier') {
    const [name = ''] = namesIn(callee)
    // Functions of the package `influxdata/influxdb` need no import.
    return isRebound(name) ? 'unknown' : lookUp(OF_INFLUXDB, name)
  }
  if (type !== 'MemberExpression' || asNode(object).type !== 'Identifier') return 'unknown'
  const [name = ''] = namesIn(object)
  const [member = ''] = namesIn(property)
  const [imported, ...others] = imports.filter((each) => each.name === name)
  if (!imported || others.length > 0 || bound.has(name)) return 'unknown'
  return lookUp(Object.hasOwn(BY_PACKAGE, imported.path) ? BY_PACKAGE[imported.path] : undefined, member)
}

function lookUp(functions: Functions = {}, name: string): FluxAccess {
  return (Object.hasOwn(functions, name) && functions[name]) || 'unknown'
}
