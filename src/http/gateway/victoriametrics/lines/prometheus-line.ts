import { invalid } from '../../../../domain/base/errors.ts'
import { skipBlanks } from './blanks.ts'
import { MOST_LABELS, tooManyLabels } from './labels.ts'
import type { LineFormat } from './line-format.ts'

export const PROMETHEUS_LINES: LineFormat = { check: checkPrometheusLine, keepsLength: true }

/** A line of Prometheus' text. */
export function checkPrometheusLine(line: string): string {
  const text = line.trim()
  const begin = text.indexOf('{')
  if (text.startsWith('#') || begin < 0) return text
  let labels = 0
  let own = text.slice(0, begin + 1)
  let kept = begin + 1
  for (let at = skipBlanks(text, begin + 1); text[at] !== '}'; ) {
    const [found, key] = LABEL.exec(text.slice(at, at + LONGEST_LABEL)) ?? []
    if (found === undefined)
      throw invalid('the labels of a line cannot be read; send NAME{LABEL="VALUE"} NUMBER')
    labels += 1
    if (labels > MOST_LABELS) throw tooManyLabels()
    if (key === 'db') {
      own += text.slice(kept, at)
      kept = at + found.length
    }
    at = skipBlanks(text, at + found.length)
  }
  return own + text.slice(kept)
}

/** No quoted name: VictoriaMetrics 1.79 knows none, and would take such a line apart in another way. */
const LABEL = /^([A-Za-z_:.][\w:.-]*)[ \t]*=[ \t]*"([^"\\]*(?:\\[\s\S][^"\\]*)*)"[ \t]*(?:,|(?=\}))/
const LONGEST_LABEL = 65_536
