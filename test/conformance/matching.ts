/** Compares responses with recorded ones, in which placeholders stand for varying parts. */

/** Values saved by earlier steps, by name. */
export type Saved = ReadonlyMap<string, string>

const PLACEHOLDER = /\{\{(\w+)\}\}/g

/** Placeholders for values of which only the form is known. */
const FORMS: Readonly<Record<string, string>> = {
  id: '[0-9a-f]{16}',
  time: '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z',
  token: '[\\w-]{40,}={0,2}',
  any: '[^]*',
}

/** Replaces names with saved values in every string of a JSON value. */
export function fillIn<T>(value: T, saved: Saved): T {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === 'string' ? each.replaceAll(PLACEHOLDER, (whole, name) => saved.get(name) ?? whole) : each,
  )
}

/** The differences between a recorded and an actual value, each with its path; empty if they agree. */
export function mismatches(
  expected: unknown,
  actual: unknown,
  { saved, unordered = false }: { saved: Saved; unordered?: boolean },
): string[] {
  function compare(expected: unknown, actual: unknown, at: string): string[] {
    const differs = [`${at || 'the value'} is ${shown(actual)} and not ${shown(fillIn(expected, saved))}`]
    if (typeof expected === 'string') {
      if (expected === '{{any}}') return []
      return typeof actual === 'string' && patternOf(expected, saved).test(actual) ? [] : differs
    }
    if (Array.isArray(expected)) {
      if (!Array.isArray(actual) || actual.length !== expected.length) return differs
      return unordered
        ? compareSets(expected, actual, at)
        : expected.flatMap((each, index) => compare(each, actual[index], `${at}/${index}`))
    }
    if (isObject(expected)) {
      if (!isObject(actual)) return differs
      const unexpected = Object.keys(actual).filter((key) => !(key in expected))
      return [
        ...Object.entries(expected).flatMap(([key, each]) => compare(each, actual[key], `${at}/${key}`)),
        ...unexpected.map((key) => `${at}/${key} is ${shown(actual[key])} and was not recorded`),
      ]
    }
    return expected === actual ? [] : differs
  }

  function compareSets(expected: readonly unknown[], actual: readonly unknown[], at: string): string[] {
    const left = [...actual]
    return expected.flatMap((each) => {
      const index = left.findIndex((candidate) => compare(each, candidate, '').length === 0)
      if (index < 0) return [`${at} lacks ${shown(fillIn(each, saved))}`]
      left.splice(index, 1)
      return []
    })
  }

  return compare(expected, actual, '')
}

function patternOf(text: string, saved: Saved): RegExp {
  const parts = text.split(PLACEHOLDER).map((part, index) => {
    if (index % 2 === 0) return RegExp.escape(part)
    const value = saved.get(part)
    return value === undefined ? (FORMS[part] ?? RegExp.escape(`{{${part}}}`)) : RegExp.escape(value)
  })
  return new RegExp(`^${parts.join('')}$`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
