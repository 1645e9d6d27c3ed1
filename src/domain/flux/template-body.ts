/**
 * Bodies of POST /api/v2/templates/apply (pkger of InfluxDB 2.9). Of a template's resources only those that become
 * tasks hold Flux that InfluxDB runs by itself.
 */
import { combined, type FluxFindings, NOTHING_FOUND, refused } from './findings.ts'
import { inspectFlux } from './inspect-flux.ts'
import { inspectStored, inspectTemplateText, type StoredForm } from './stored-form.ts'
import { foldKey } from './strict-json.ts'
import { asNode, TEMPLATE } from './syntax-facts.ts'

const WITHOUT_TASKS = new Set(['Bucket', 'Dashboard', 'Label', 'Telegraf', 'Variable'])
const WITH_TASKS = new Set([
  'Task',
  'CheckDeadman',
  'CheckThreshold',
  'NotificationRule',
  'NotificationEndpointHTTP',
  'NotificationEndpointPagerDuty',
  'NotificationEndpointSlack',
])

const FORM: StoredForm = {
  texts: new Set(['spec.query']),
  names: new Set(['spec.tags.*.key', 'spec.params.*.key', 'spec.task.*.key']),
  ignored: new Set(['spec.description', 'spec.associations']),
  isPrintedAgain: true,
}

/** An import alone on its line, as everybody writes it. InfluxDB's pattern ends a line at a line feed alone. */
const IMPORT_LINE = /(?:^|\n)[ \t]*import[ \t]+(?:[A-Za-z_]\w*[ \t]+)?"([\w./-]+)"[ \t]*\r?(?=\n|$)/g

/** Expects the parsed body, in which no object has a key twice. */
export function inspectTemplates(body: unknown): FluxFindings {
  const request = fields(body)
  if (listOf(request.get('remotes')).some((remote) => fields(remote).get('url'))) {
    return notInspectable('InfluxDB would fetch remote templates itself; send their contents')
  }
  if (request.get('stackid')) return notInspectable('InfluxDB would fetch the templates of a stack itself')
  const templates = [...listOf(request.get('templates')), request.get('template')].map(fields)
  return combined([
    ...templates.map(inspectTemplate),
    // These values replace names and parameters in the template.
    ...stringsIn(request.get('envrefs'))
      .filter((text) => text.includes(TEMPLATE))
      .map(inspectTemplateText),
  ])
}

function inspectTemplate(template: ReadonlyMap<string, unknown>): FluxFindings {
  const contents = template.get('contents')
  if (contents === undefined || contents === null) return NOTHING_FOUND
  // Without a content type InfluxDB goes by the source's name, and reads JSON as YAML if that says so.
  const contentType = String(template.get('contenttype') || (template.has('sources') ? 'source' : 'json'))
  const sources = stringsIn(template.get('sources'))
  const isJson = contentType.toLowerCase() === 'json' || (contentType === 'source' && !sources.some(isOther))
  if (!isJson || !Array.isArray(contents))
    return notInspectable('the contents of a template must be a list in JSON')
  return combined(contents.map(inspectObject))
}

const isOther = (source: string): boolean => /ya?ml|jsonnet/i.test(source)

function inspectObject(object: unknown): FluxFindings {
  const { kind } = asNode(Object.fromEntries(fields(object)))
  if (typeof kind === 'string' && WITHOUT_TASKS.has(kind)) return NOTHING_FOUND
  if (typeof kind !== 'string' || !WITH_TASKS.has(kind)) {
    return notInspectable(`the kind ${JSON.stringify(kind)} is not known`)
  }
  const stored = inspectStored(object, FORM)
  const { query } = asNode(Object.fromEntries(fields(fields(object).get('spec'))))
  return typeof query === 'string' && kind === 'Task' ? combined([stored, inspectSplit(query)]) : stored
}

/**
 * InfluxDB cuts the text of a task behind the last `import "..."` that a pattern finds, also in comments and strings,
 * and puts lines of its own there, by which the rest of a comment becomes code.
 */
function inspectSplit(text: string): FluxFindings {
  const paths = [...text.matchAll(IMPORT_LINE)].map(([, path = '']) => path)
  const count = text.match(/import/g)?.length ?? 0
  return count === paths.length && inspectFlux(text).imports.every((path) => paths.includes(path))
    ? NOTHING_FOUND
    : notInspectable(
        'in the query of a task, each import must stand alone on its line, and the word nowhere else',
      )
}

const notInspectable = (message: string): FluxFindings => refused('not-inspectable', message)

/** The fields of an object by their folded keys, since Go takes them in any case. */
function fields(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(asNode(value)).map(([key, each]) => [foldKey(key), each]))
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}
