/**
 * What a syntax tree says about buckets. The trees are JSON, from the parser or from a request that brings its own, so
 * nothing is taken for granted about their form; InfluxDB refuses those that have another form than its own.
 */

/** An argument of a call whose name decides what is opened. */
interface ArgumentUse {
  readonly name: string
  readonly callee: unknown
  readonly value: unknown
}

interface Import {
  readonly path: string
  /** The name by which the text calls the package. */
  readonly name: string
}

export interface SyntaxFacts {
  readonly uses: ArgumentUse[]
  readonly imports: Import[]
  /** Names that the text gives a meaning of its own: variables, options and parameters. */
  readonly bound: Set<string>
  /** Values of string literals that would be expressions in part if they were printed as text. */
  readonly templates: string[]
  /** Whether the parser marked something as wrong. */
  isFaulty: boolean
  /** Whether it declares types of built-in functions, or pipes a value into one of the decisive arguments. */
  renamesArguments: boolean
}

export const TEMPLATE = '${'

export const noFacts = (): SyntaxFacts => ({
  uses: [],
  imports: [],
  bound: new Set(),
  templates: [],
  isFaulty: false,
  renamesArguments: false,
})

type Node = Readonly<Record<string, unknown>>

/** Adds what a tree has of `names`, at any depth. It does not recurse, because trees may be deep. */
export function collectFacts(tree: unknown, names: ReadonlySet<string>, facts: SyntaxFacts): void {
  const left: unknown[] = [tree]
  while (left.length > 0) {
    const node = left.pop()
    if (typeof node !== 'object' || node === null) continue
    if (!Array.isArray(node)) look(node as Node, names, facts)
    for (const child of Object.values(node)) if (typeof child === 'object') left.push(child)
  }
}

function look(node: Node, names: ReadonlySet<string>, facts: SyntaxFacts): void {
  const { type } = node
  if (isFaulty(node)) facts.isFaulty = true
  if (type === 'BuiltinStatement') facts.renamesArguments = true
  if (type === 'StringLiteral' && typeof node.value === 'string' && node.value.includes(TEMPLATE)) {
    facts.templates.push(node.value)
  }
  if (type === 'ImportDeclaration') lookAtImport(node, facts)
  lookAtCall(node, names, facts)
  lookAtBindings(node, names, facts)
}

function isFaulty(node: Node): boolean {
  // The parser joins two adjacent expressions by this operator without marking an error.
  if (node.operator === '<INVALID_OP>') return true
  return listIn(node, 'errors').length > 0 || (typeof node.type === 'string' && node.type.startsWith('Bad'))
}

function lookAtImport(node: Node, facts: SyntaxFacts): void {
  const [path = ''] = namesIn(node.path, (value) => value)
  const [alias] = namesIn(node.as)
  facts.imports.push({ path, name: alias ?? path.slice(path.lastIndexOf('/') + 1) })
}

/** The parser omits the type of a call that receives a pipe, so calls are recognized by their arguments. */
function lookAtCall(node: Node, names: ReadonlySet<string>, facts: SyntaxFacts): void {
  for (const property of listIn(node, 'arguments').flatMap((record) => listIn(record, 'properties'))) {
    for (const name of namesIn(property.key)) {
      if (names.has(name)) facts.uses.push({ name, callee: node.callee, value: property.value })
    }
  }
}

function lookAtBindings(node: Node, names: ReadonlySet<string>, facts: SyntaxFacts): void {
  if ('init' in node) {
    const { property } = asNode(node.member)
    for (const name of [...namesIn(node.id), ...namesIn(property)]) facts.bound.add(name)
  }
  for (const { key, value } of listIn(node, 'params')) {
    for (const name of namesIn(key)) {
      facts.bound.add(name)
      if (names.has(name) && asNode(value).type === 'PipeLiteral') facts.renamesArguments = true
    }
  }
}

/**
 * The names that an identifier or a string literal stands for. InfluxDB keeps a package's name behind an `@` in its
 * symbols and drops it when it compares them, also if the client wrote it: `from("bucketID@x": id)` opens the bucket.
 */
export function namesIn(key: unknown, shorten = localName): string[] {
  const { name, value } = asNode(key)
  return [name, value].filter((each) => typeof each === 'string').map(shorten)
}

const localName = (symbol: string): string => symbol.split('@', 1)[0] ?? ''

export function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
}

function listIn(node: Node, name: string): Node[] {
  const list = node[name]
  return Array.isArray(list) ? list.map(asNode) : []
}
