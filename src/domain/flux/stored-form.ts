/** The Flux in resources that InfluxDB stores and runs later. */
import { combined, type FluxFindings, NOTHING_FOUND, refused } from './findings.ts'
import { inspectFlux, inspectWithFacts } from './inspect-flux.ts'
import { foldKey } from './strict-json.ts'
import { TEMPLATE } from './syntax-facts.ts'

/** Which keys of a resource hold a whole text, and which hold names that are printed without quotes. */
export interface StoredForm {
  /** Paths such as `query.text`, folded; `*` for any index. */
  readonly texts: ReadonlySet<string>
  readonly names: ReadonlySet<string>
  /** Paths whose values, with everything below them, never become part of a Flux text. */
  readonly ignored: ReadonlySet<string>
  /** Whether InfluxDB takes strings from the text and prints them again. */
  readonly isPrintedAgain: boolean
}

const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u

/**
 * Inspects a value of JSON, whose texts InfluxDB prints into the Flux of a task. Keys are compared as Go does, in any
 * case.
 */
export function inspectStored(value: unknown, form: StoredForm): FluxFindings {
  const found: FluxFindings[] = []
  const left: { readonly path: string; readonly value: unknown }[] = [{ path: '', value }]
  for (let next = left.pop(); next; next = left.pop()) {
    const { path, value } = next
    if (form.ignored.has(path)) continue
    if (typeof value === 'string') found.push(inspectString(value, path, form))
    else if (Array.isArray(value)) for (const each of value) left.push({ path: `${path}.*`, value: each })
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        left.push({ path: path === '' ? foldKey(key) : `${path}.${foldKey(key)}`, value: each })
      }
    }
  }
  return combined(found)
}

function inspectString(text: string, path: string, form: StoredForm): FluxFindings {
  if (form.texts.has(path)) return form.isPrintedAgain ? inspectPrintedAgain(text) : inspectFlux(text)
  if (form.names.has(path) && !NAME.test(text)) {
    return refused(
      'not-inspectable',
      'the keys of tags and parameters must be names of letters, digits and _',
    )
  }
  return text.includes(TEMPLATE) ? inspectTemplateText(text) : NOTHING_FOUND
}

/** The value of an escaped `"\${...}"` loses its backslash when InfluxDB prints it. */
function inspectPrintedAgain(text: string): FluxFindings {
  const { found, facts } = inspectWithFacts({ texts: [text] })
  return combined([found, ...facts.templates.map(inspectTemplateText)])
}

/** A string as InfluxDB prints it: only quotes and backslashes are escaped, so a `${` begins an expression. */
export function inspectTemplateText(text: string): FluxFindings {
  return inspectFlux(`"${text.replace(/["\\]/g, '\\$&')}"`)
}
