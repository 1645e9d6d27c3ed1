/** Reads which metrics and labels a PromQL expression names. Promtool checks the grammar. */

export interface Selector {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[]
}

export interface Named {
  readonly selectors: readonly Selector[]
  /** After `by`, and in templates such as `{{status}}`. */
  readonly labels: readonly string[]
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['sum', 'min', 'max', 'topk', 'rate', 'increase', 'changes', 'vector'],
  ...['by', 'and', 'or', 'unless', 'on', 'bool'],
])
const TOKEN = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[a-zA-Z_:][\w:]*|\d[\w.]*|=~|!~|!=|==|>=|<=|[^\s]/g

/** Throws on a function that the list above does not know, so that a slip is not taken for one. */
export function namedIn(expression: string): Named {
  const tokens: readonly string[] = expression.match(TOKEN) ?? []
  const selectors: Selector[] = []
  const labels: string[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? ''
    if (!/^[a-zA-Z_:]/.test(token)) continue
    if (token === 'by') {
      const end = tokens.indexOf(')', i)
      labels.push(...tokens.slice(i + 2, end).filter((each) => each !== ','))
      i = end
    } else if (FUNCTIONS.has(token)) {
      // Its arguments follow.
    } else if (tokens[i + 1] === '(') {
      throw new Error(`${token} is not a known function in ${expression}`)
    } else if (tokens[i + 1] === '{') {
      const end = tokens.indexOf('}', i)
      selectors.push({ metric: token, matchers: matchersOf(tokens.slice(i + 2, end)) })
      i = end
    } else {
      selectors.push({ metric: token, matchers: [] })
    }
  }
  return { selectors, labels }
}

function matchersOf(tokens: readonly string[]): Selector['matchers'] {
  const matchers: { label: string; operator: string; value: string }[] = []
  for (let i = 0; i < tokens.length; i += 4) {
    const [label = '', operator = '', text = '""'] = tokens.slice(i, i + 3)
    matchers.push({ label, operator, value: JSON.parse(text) })
  }
  return matchers
}
