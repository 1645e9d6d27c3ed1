/**
 * Bodies of the routes whose Flux InfluxDB stores and runs later: tasks, checks, notification rules and endpoints, and
 * templates that make these. Dashboards and variables are not among them: clients send their queries to be run.
 *
 * InfluxDB builds the Flux of checks and rules as a tree, prints it, and parses the text again. So a `${` in any of
 * their strings begins an expression, and a tag's key, which is printed as a name, can be any text.
 */
import { type FluxFindings, refused } from './findings.ts'
import { inspectStored, type StoredForm } from './stored-form.ts'
import { parseStrictJson } from './strict-json.ts'
import { inspectTemplates } from './template-body.ts'

export type FluxResource = 'tasks' | 'checks' | 'notificationRules' | 'notificationEndpoints' | 'templates'

const NONE: ReadonlySet<string> = new Set()
const IN_NO_TEXT = ['description', 'labels', 'status', 'links']

const FORMS: Readonly<Record<Exclude<FluxResource, 'templates'>, StoredForm>> = {
  // A change of a task may set its name and its schedule, which are written into its text.
  tasks: { texts: new Set(['flux']), names: NONE, ignored: new Set(IN_NO_TEXT), isPrintedAgain: false },
  checks: {
    texts: new Set(['query.text']),
    names: new Set(['tags.*.key']),
    ignored: new Set([...IN_NO_TEXT, 'query.builderconfig']),
    isPrintedAgain: true,
  },
  notificationRules: { texts: NONE, names: NONE, ignored: new Set(IN_NO_TEXT), isPrintedAgain: true },
  // The URL is part of the text of each rule that uses the endpoint. Secrets are not; their keys are.
  notificationEndpoints: { texts: NONE, names: NONE, ignored: new Set(IN_NO_TEXT), isPrintedAgain: true },
}

/**
 * Inspects the JSON body of a request that creates or changes such a resource. It never throws on account of the body.
 * Templates must be sent on as `application/json`, since InfluxDB would read another type as YAML.
 */
export function inspectResource(type: FluxResource, body: Uint8Array): FluxFindings {
  const parsed = parseStrictJson(body)
  if (!parsed) return refused('malformed-body', 'the body is not JSON with each key once')
  return type === 'templates' ? inspectTemplates(parsed.value) : inspectStored(parsed.value, FORMS[type])
}
