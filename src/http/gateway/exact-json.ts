/** JSON whose numbers stay as they were sent, since InfluxDB's have more digits than those of JavaScript. */

/** Functions of ECMAScript that TypeScript's library does not have yet. */
const EXACT_JSON = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
}

/** Parses JSON so that `JSON.stringify` writes each number as it was. Throws SyntaxError for what is no JSON. */
export function parseExactly(text: string): unknown {
  return EXACT_JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? EXACT_JSON.rawJSON(source) : value,
  )
}

/** Whether a value that `parseExactly` gave is a number. */
export function isExactNumber(value: unknown): boolean {
  return EXACT_JSON.isRawJSON(value)
}
