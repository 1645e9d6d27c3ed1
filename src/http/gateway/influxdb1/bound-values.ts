import { invalid } from '../../../domain/base/errors.ts'

/** What is used of the platform's JSON, whose newest functions TypeScript does not have yet. */
const EXACT_JSON = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
}

/**
 * The values of `params`, written anew; undefined without any. InfluxDB takes objects too, some of which name a database
 * (`{"identifier": "b"}`), so only numbers, texts, true and false pass. Throws `invalid` for anything else.
 */
export function boundValues(params: string | undefined): string | undefined {
  if (!params) return undefined
  let parsed: unknown
  try {
    parsed = parseExactly(params)
  } catch (error) {
    throw invalid('params is no JSON', { cause: error })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('params must be a JSON object of names and values')
  }
  for (const [name, value] of Object.entries(parsed)) {
    const isPlain = ['string', 'boolean'].includes(typeof value) || EXACT_JSON.isRawJSON(value)
    if (!isPlain || !NAME.test(name)) {
      throw invalid('each value of params must be a number, a text, true or false, with a plain name')
    }
  }
  return JSON.stringify(parsed)
}

/** JSON whose numbers are written as they were sent, since InfluxDB's have more digits than those of JavaScript. */
export function parseExactly(text: string): unknown {
  return EXACT_JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? EXACT_JSON.rawJSON(source) : value,
  )
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
