/** The predicate of a delete: comparisons of tags and of the measurement, joined by `and`. */
import { InfluxError } from '../core/errors.ts'
import type { Point } from '../core/state.ts'

const COMPARISON = /^\s*"?([^"=!\s]+)"?\s*(=|!=)\s*(?:"([^"]*)"|'([^']*)')\s*$/

export function predicateOf(text: string): (point: Point) => boolean {
  if (text.trim() === '') return () => true
  const tests = text.split(/\s+and\s+/i).map((part) => {
    const [, name = '', operator, double, single] = COMPARISON.exec(part) ?? []
    if (operator === undefined) {
      throw new InfluxError('invalid', 'invalid request; error parsing predicate')
    }
    const value = double ?? single
    return (point: Point) => {
      const found = name === '_measurement' ? point.measurement : (point.tags[name] ?? '')
      return (found === value) === (operator === '=')
    }
  })
  return (point) => tests.every((holds) => holds(point))
}
