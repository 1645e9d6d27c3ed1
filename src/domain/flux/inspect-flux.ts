/** Finds what a Flux text opens by other means than a bucket's name, which InfluxDB does not authorize. */
import { accessOf } from './bucket-functions.ts'
import {
  type BucketUse,
  type FluxFindings,
  NOTHING_FOUND,
  type OutwardArgument,
  refused,
} from './findings.ts'
import { parseFlux } from './flux-parser.ts'
import { asNode, collectFacts, noFacts, type SyntaxFacts } from './syntax-facts.ts'

const BUCKET_ARGUMENT = 'bucketID'
const OUTWARD: readonly OutwardArgument[] = ['host', 'file']
const NAMES: ReadonlySet<string> = new Set([BUCKET_ARGUMENT, ...OUTWARD])

/**
 * The name of an argument cannot be computed, and other spellings need a backslash. Functions with `file` need an
 * import.
 */
const NEEDS_PARSING = /bucketID|host|import|\\/
const LITERAL_ID = /^[0-9a-f]{16}$/i

/** What a request asks to run: texts, and syntax trees that it brings itself. */
export interface FluxProgram {
  readonly texts: readonly string[]
  readonly trees?: readonly unknown[]
}

/** Inspects one text. Never throws, whatever the text. */
export function inspectFlux(text: string): FluxFindings {
  return inspectProgram({ texts: [text] })
}

/**
 * Inspects texts and trees that run together, such as a query and its `extern`: each may define a name that another
 * uses.
 */
export function inspectProgram(program: FluxProgram): FluxFindings {
  return inspectWithFacts(program).found
}

/** The same, with the facts from the syntax trees; without facts if no text needed parsing. */
export function inspectWithFacts({ texts, trees = [] }: FluxProgram): {
  readonly found: FluxFindings
  readonly facts: SyntaxFacts
} {
  const facts = noFacts()
  // InfluxDB hands its parser a text that ends at the first NUL.
  if (texts.some((text) => text.includes('\0'))) {
    return { found: refused('syntax', 'the Flux text has a NUL character'), facts }
  }
  for (const tree of trees) collectFacts(tree, NAMES, facts)
  // A text without the argument may still give `from` another meaning for a tree that has it.
  const parsed = texts.filter((text) => facts.uses.length > 0 || NEEDS_PARSING.test(text))
  for (const text of parsed) {
    const tree = parseFlux(text)
    if (tree === undefined) return { found: tooLarge(), facts }
    collectFacts(tree, NAMES, facts)
  }
  return { found: parsed.length + trees.length === 0 ? NOTHING_FOUND : judge(facts), facts }
}

function tooLarge(): FluxFindings {
  return refused('too-large', 'the Flux text is too long or too deeply nested to be inspected')
}

function judge(facts: SyntaxFacts): FluxFindings {
  const named = facts.uses.filter(({ name }) => name === BUCKET_ARGUMENT)
  const literals = named.flatMap(({ callee, value }): BucketUse[] => {
    const id = literalID(value)
    return id ? [{ id, access: accessOf(callee, facts) }] : []
  })
  const found: FluxFindings = {
    bucketIDs: [...new Map(literals.map((use) => [`${use.id} ${use.access}`, use])).values()],
    opens: OUTWARD.filter((argument) => facts.uses.some(({ name }) => name === argument)),
    imports: [...new Set(facts.imports.map(({ path }) => path))],
  }
  if (facts.isFaulty) return refused('syntax', 'the Flux text has a syntax error', found)
  if (facts.renamesArguments) {
    return refused('not-inspectable', 'declare no builtin, and pipe nothing into bucketID or host', found)
  }
  return literals.length === named.length
    ? found
    : refused(
        'computed-bucket',
        'bucketID must be followed by the id itself, as in bucketID: "0123456789abcdef"',
        found,
      )
}

function literalID(value: unknown): string | undefined {
  const { type, value: text } = asNode(value)
  return type === 'StringLiteral' && typeof text === 'string' && LITERAL_ID.test(text)
    ? text.toLowerCase()
    : undefined
}
