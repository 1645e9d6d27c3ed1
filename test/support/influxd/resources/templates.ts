/** Templates and stacks. Applying asks for no permission of its own; each resource is checked on its own type. */
import { InfluxError } from '../core/errors.ts'
import {
  type Answer,
  type Exchange,
  idOf,
  json,
  NO_CONTENT,
  type Sent,
  sentJSON,
  sentOr,
} from '../core/exchange.ts'
import { mustBeID } from '../core/ids.ts'
import { nameOf, permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { nowText, type Record_, recordsOf } from '../core/state.ts'
import { findBucketNamed, makeBucket } from '../identity/buckets.ts'

export const TEMPLATE_ROUTES: readonly Route[] = [
  route('POST', '/api/v2/templates/apply', apply),
  route('POST', '/api/v2/templates/export', exportAll),
  route('GET', '/api/v2/stacks', listStacks),
  route('POST', '/api/v2/stacks', createStack),
  route('GET', '/api/v2/stacks/:id', (exchange) => {
    const stack = mustFindStack(exchange, idOf(exchange))
    exchange.caller.need(permission('read', 'orgs', { id: stack.orgID }))
    return json(200, stack)
  }),
  route('PATCH', '/api/v2/stacks/:id', (exchange) => {
    const stack = mustFindStack(exchange, idOf(exchange))
    needToWrite(exchange, stack.orgID)
    return json(200, Object.assign(stack, sentJSON(exchange), { id: stack.id, orgID: stack.orgID }))
  }),
  route('DELETE', '/api/v2/stacks/:id', removeStack),
  route('POST', '/api/v2/stacks/:id/uninstall', (exchange) => {
    const stack = mustFindStack(exchange, idOf(exchange))
    needToWrite(exchange, stack.orgID)
    return json(200, Object.assign(stack, { eventType: 'uninstall', resources: [] }))
  }),
]

const EMPTY_SUMMARY = {
  buckets: [],
  checks: [],
  dashboards: [],
  notificationEndpoints: [],
  notificationRules: [],
  labels: [],
  labelMappings: [],
  missingEnvRefs: [],
  missingSecrets: [],
  summaryTask: [],
  telegrafConfigs: [],
  variables: [],
}
const EMPTY_DIFF = {
  buckets: [],
  checks: [],
  dashboards: [],
  labels: [],
  labelMappings: [],
  notificationEndpoints: [],
  notificationRules: [],
  tasks: [],
  telegrafConfigs: [],
  variables: [],
}

/** Makes the buckets of the template; other kinds are accepted and ignored. */
function apply(exchange: Exchange): Answer {
  const { state, caller } = exchange
  const sent = sentOr(exchange, 'failed to decode request')
  const orgID = mustBeID(sent.orgID)
  const contents: Sent[] = [sent.template, ...(sent.templates ?? [])].flatMap((each) => each?.contents ?? [])
  const refused = contents.find(({ kind }) => kind === 'Authorization')
  if (refused) throw new InfluxError('unprocessable entity', 'kind=Authorization reason="unsupported kind"')
  const names: string[] = contents
    .filter(({ kind }) => kind === 'Bucket')
    .map(({ metadata, spec }) => spec?.name ?? metadata.name)
  const wanted = permission('write', 'buckets', { orgID })
  if (!sent.dryRun && names.length > 0 && !caller.may(wanted)) {
    throw new InfluxError('internal error', `failed to create bucket: ${nameOf(wanted)} is unauthorized`)
  }
  const buckets = names.map((name) => {
    if (sent.dryRun) return { id: '0000000000000000', orgID, name }
    const bucket =
      findBucketNamed(state, orgID, name) ?? makeBucket(state, { orgID, name, retentionSeconds: 0 })
    return { id: bucket.id, orgID, name }
  })
  const summary = { ...EMPTY_SUMMARY, buckets }
  return json(sent.dryRun ? 200 : 201, { sources: [], stackID: '', diff: EMPTY_DIFF, summary })
}

/** Only the buckets that the caller may read. */
function exportAll(exchange: Exchange): Answer {
  const { state, caller, headers } = exchange
  if (!/^application\/json/.test(headers['content-type'] ?? '')) return { status: 415 }
  const orgIDs: string[] = (sentJSON(exchange).orgIDs ?? []).map(({ orgID }: Sent) => orgID)
  const objects = [...state.buckets.values()]
    .filter(({ orgID, type }) => type === 'user' && orgIDs.includes(orgID))
    .filter(({ id, orgID }) => caller.may(permission('read', 'buckets', { id, orgID })))
    .map(({ id, name }) => ({
      apiVersion: 'influxdata.com/v2alpha1',
      kind: 'Bucket',
      metadata: { name: `bucket-${id}` },
      spec: { name },
    }))
  return json(200, objects)
}

function needToWrite({ caller }: Exchange, orgID: string): void {
  if (caller.may(permission('write', 'orgs', { id: orgID }))) return
  throw new InfluxError('unauthorized', 'not authorized to create stack')
}

function listStacks({ state, caller, query }: Exchange): Answer {
  const orgID = query.get('orgID')
  if (!orgID) throw new InfluxError('invalid', 'the orgID query param is required')
  if (!caller.may(permission('read', 'orgs', { id: orgID }))) {
    throw new InfluxError('unauthorized', `read:orgs/${orgID} is unauthorized`)
  }
  const stacks = [...recordsOf(state, 'stacks').values()].filter((each) => each.orgID === orgID)
  return json(200, { stacks })
}

function createStack(exchange: Exchange): Answer {
  const { state } = exchange
  const { orgID, name = '', description = '', urls = [] } = sentJSON(exchange)
  needToWrite(exchange, mustBeID(orgID))
  const now = nowText()
  const event = { eventType: 'create', name, description, resources: [], sources: [], urls, updatedAt: now }
  const stack = { id: state.nextID(), orgID, createdAt: now, events: [event], ...event }
  recordsOf(state, 'stacks').set(stack.id, stack)
  return json(201, stack)
}

function mustFindStack({ state }: Exchange, id: string): Record_ {
  const stack = recordsOf(state, 'stacks').get(id)
  if (!stack) throw new InfluxError('not found', `stack not found for key "${id}"`)
  return stack
}

function removeStack(exchange: Exchange): Answer {
  const { state, query } = exchange
  const orgID = query.get('orgID')
  if (!orgID) throw new InfluxError('invalid', 'the orgID query param is required')
  needToWrite(exchange, orgID)
  if (recordsOf(state, 'stacks').get(idOf(exchange))?.orgID !== orgID) {
    throw new InfluxError('conflict', 'you do not have access to given stack ID')
  }
  recordsOf(state, 'stacks').delete(idOf(exchange))
  return NO_CONTENT
}
