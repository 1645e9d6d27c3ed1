/** The nodes of a Flux script, under the names that InfluxDB gives them in JSON. */
export interface Script {
  readonly imports: readonly Import[]
  readonly body: readonly Assignment[]
}

export interface Import {
  readonly path: string
  /** The name after which the package is called in the script. */
  readonly name: string
}

/** `name` is undefined for an expression that stands alone. */
export interface Assignment {
  readonly name: string | undefined
  readonly isOption: boolean
  readonly value: Node
}

export type Node =
  | { readonly type: 'Identifier'; readonly name: string; readonly at?: string }
  | { readonly type: 'StringLiteral'; readonly value: string }
  | { readonly type: 'IntegerLiteral'; readonly value: string }
  | { readonly type: 'FloatLiteral'; readonly value: number }
  | { readonly type: 'DateTimeLiteral'; readonly value: string }
  | { readonly type: 'RegexpLiteral'; readonly value: string }
  | {
      readonly type: 'DurationLiteral'
      readonly values: readonly { readonly magnitude: number; readonly unit: string }[]
    }
  | { readonly type: 'ArrayExpression'; readonly elements: readonly Node[] }
  | { readonly type: 'ObjectExpression'; readonly properties: readonly Property[] }
  | { readonly type: 'FunctionExpression'; readonly params: readonly Property[]; readonly body: Node }
  | { readonly type: 'CallExpression'; readonly callee: Node; readonly arguments: readonly Node[] }
  | { readonly type: 'PipeExpression'; readonly argument: Node; readonly call: Node }
  | { readonly type: 'MemberExpression'; readonly object: Node; readonly property: Node }
  | { readonly type: 'UnaryExpression'; readonly operator: string; readonly argument: Node }
  | {
      readonly type: 'BinaryExpression' | 'LogicalExpression'
      readonly operator: string
      readonly left: Node
      readonly right: Node
    }
  | { readonly type: 'ParenExpression'; readonly expression: Node }

export interface Property {
  readonly type: 'Property'
  readonly key: Extract<Node, { type: 'Identifier' | 'StringLiteral' }>
  /** Null in the short form: `from(bucketID)`. */
  readonly value: Node | null
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as clients send it
type Sent = any

/** A script as InfluxDB writes it in JSON, with the members that tests look at. */
export function toJSON({ imports, body }: Script) {
  return {
    type: 'Package',
    package: 'main',
    files: [
      {
        type: 'File',
        metadata: 'parser-type=rust',
        package: null,
        imports: imports.map(({ path }) => ({
          type: 'ImportDeclaration',
          as: null,
          path: { type: 'StringLiteral', value: path },
        })),
        body: body.map(({ name, isOption, value }) => {
          if (name === undefined) return { type: 'ExpressionStatement', expression: value }
          const assignment = { type: 'VariableAssignment', id: { type: 'Identifier', name }, init: value }
          return isOption ? { type: 'OptionStatement', assignment } : assignment
        }),
      },
    ],
  }
}

/** The script of an `ast` or an `extern` in a request. */
export function fromJSON(sent: Sent): Script {
  const files: Sent[] = sent?.files ?? [sent]
  return {
    imports: files.flatMap((file) =>
      (file.imports ?? []).map((each: Sent) => ({
        path: each.path.value,
        name: each.as?.name ?? lastPartOf(each.path.value),
      })),
    ),
    body: files.flatMap((file) => (file.body ?? []).map(statementOf)),
  }
}

function statementOf(sent: Sent): Assignment {
  if (sent.type === 'ExpressionStatement') return { name: undefined, isOption: false, value: sent.expression }
  const isOption = sent.type === 'OptionStatement'
  const { id, init } = isOption ? sent.assignment : sent
  return { name: id.name, isOption, value: init }
}

export function lastPartOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
