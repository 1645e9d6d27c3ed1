/** Tasks, which run with their owner's memberships, whatever the token that made them may do. */
import { membershipPermissions, withPermissions } from '../core/caller.ts'
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, type Sent, sentJSON } from '../core/exchange.ts'
import { mustBeID } from '../core/ids.ts'
import { type Action, permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { byName, type Record_, recordsOf, type State } from '../core/state.ts'
import { runFlux } from '../data/query.ts'
import { parseFlux } from '../flux/parser.ts'
import { orgFilter } from '../identity/organizations.ts'
import { labelsOf } from './labels.ts'

const PATH = '/api/v2/tasks'

export const TASK_ROUTES: readonly Route[] = [
  route('GET', PATH, list),
  route('POST', PATH, create),
  route('GET', `${PATH}/:id`, (exchange) => {
    // A missing permission looks like a missing task, unlike for all other acts.
    const task = mustFind(exchange, 'find task')
    if (!mayDo(exchange, task, 'read'))
      throw new InfluxError('not found', 'failed to find task: unauthorized')
    return json(200, shown(exchange.state, task))
  }),
  route('PATCH', `${PATH}/:id`, change),
  route('DELETE', `${PATH}/:id`, (exchange) => {
    recordsOf(exchange.state, 'tasks').delete(taskFor(exchange, 'write', 'delete task').id)
    return NO_CONTENT
  }),
  route('GET', `${PATH}/:id/runs`, (exchange) => {
    const { id, runs } = taskFor(exchange, 'read', 'find runs')
    return json(200, { links: { self: `${PATH}/${id}/runs`, task: `${PATH}/${id}` }, runs })
  }),
  route('POST', `${PATH}/:id/runs`, force),
  route('GET', `${PATH}/:id/runs/:runID`, (exchange) => json(200, runFor(exchange, 'read', 'find run'))),
  route('DELETE', `${PATH}/:id/runs/:runID`, (exchange) => {
    runFor(exchange, 'write', 'cancel run')
    return NO_CONTENT
  }),
  route('POST', `${PATH}/:id/runs/:runID/retry`, (exchange) => {
    runFor(exchange, 'write', 'retry run')
    return json(200, addRun(exchange.state, taskFor(exchange, 'write', 'retry run')))
  }),
  route('GET', `${PATH}/:id/logs`, (exchange) => {
    const { runs } = taskFor(exchange, 'read', 'find task logs')
    return json(200, { events: runs.flatMap(({ log }: Sent) => log) })
  }),
  route('GET', `${PATH}/:id/runs/:runID/logs`, (exchange) =>
    json(200, { events: runFor(exchange, 'read', 'find task logs').log }),
  ),
]

function shown(state: State, { runs, ...task }: Record_): Sent {
  const self = `${PATH}/${task.id}`
  const below = ['labels', 'logs', 'members', 'owners', 'runs'].map((name) => [name, `${self}/${name}`])
  return {
    links: { ...Object.fromEntries(below), self },
    labels: labelsOf(state, task.id),
    ...task,
    org: state.orgs.get(task.orgID)?.name,
  }
}

function list(exchange: Exchange): Answer {
  const { state, caller, query } = exchange
  const org = orgFilter(exchange)
  const after = query.get('after')
  const [name, user, status] = [query.get('name'), query.get('user'), query.get('status')]
  const limit = Number(query.get('limit') ?? 100)
  const tasks = [...recordsOf(state, 'tasks').values()]
    .filter((each) => (!org || each.orgID === org.id) && (!name || each.name === name))
    // Without an organization InfluxDB lists the tasks of the caller's own user.
    .filter(({ ownerID }) => ownerID === (user ?? (org ? ownerID : caller.userID)))
    .filter(({ id }) => !after || id > after)
    .filter((each) => !status || each.status === status)
    .slice(0, limit)
    .filter(({ id, orgID }) => caller.may(permission('read', 'tasks', { id, orgID })))
  const parameters = new URLSearchParams(query)
  parameters.set('limit', String(limit))
  parameters.sort()
  const self = `${PATH}?${parameters}`
  parameters.set('after', tasks[limit - 1]?.id ?? '')
  parameters.sort()
  return json(200, {
    links: { self, ...(tasks.length >= limit && { next: `${PATH}?${parameters}` }) },
    tasks: tasks.map((each) => shown(state, each)),
  })
}

const failed = (act: string, reason: string) =>
  new InfluxError('internal error', `failed to ${act}: ${reason}`)

function create(exchange: Exchange): Answer {
  const { state, caller } = exchange
  const sent = sentJSON(exchange)
  if (!sent.flux) throw new InfluxError('invalid', 'failed to decode request: missing flux')
  const orgID = sent.orgID ? mustBeID(sent.orgID) : byName(state.orgs, sent.org)?.id
  if (!orgID) throw new InfluxError('invalid', 'failed to create task: organization not found')
  if (!caller.may(permission('write', 'tasks', { orgID }))) throw failed('create task', 'unauthorized')
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  const task: Record_ = {
    id: state.nextID(),
    orgID,
    ownerID: caller.userID,
    status: sent.status ?? 'active',
    ...(sent.description && { description: sent.description }),
    flux: sent.flux,
    ...optionsOf(sent.flux),
    latestCompleted: now,
    createdAt: now,
    runs: [],
  }
  recordsOf(state, 'tasks').set(task.id, task)
  return json(201, shown(state, task))
}

/** `name`, `every`, `cron` and `offset` of the script's `option task`. */
function optionsOf(flux: string): Sent {
  const record = /option\s+task\s*=\s*\{([^}]*)\}/.exec(flux)?.[1]
  if (record === undefined) throw new InfluxError('invalid', 'invalid options: no task options defined')
  const options: Record<string, string> = {}
  for (const [, name = '', value = ''] of record.matchAll(/(\w+)\s*:\s*("[^"]*"|[^,\s]+)/g)) {
    options[name] = value.replaceAll('"', '')
  }
  if (!options.name) throw new InfluxError('invalid', 'invalid options: missing name in task options')
  return options
}

function mustFind(exchange: Exchange, act: string): Record_ {
  const task = recordsOf(exchange.state, 'tasks').get(idOf(exchange))
  if (!task) throw new InfluxError('not found', `failed to ${act}: task not found`)
  return task
}

function mayDo({ caller }: Exchange, { id, orgID }: Record_, action: Action): boolean {
  return caller.may(permission(action, 'tasks', { id, orgID }))
}

function taskFor(exchange: Exchange, action: Action, act: string): Record_ {
  const task = mustFind(exchange, act)
  if (mayDo(exchange, task, action)) return task
  // The two kinds of callers are refused differently.
  if (exchange.caller.kind === 'session') {
    throw new InfluxError('unauthorized', `failed to ${act}: unauthorized`)
  }
  throw failed(act, 'unauthorized')
}

/** The owner stays the same, also if another user edits the script. */
function change(exchange: Exchange): Answer {
  const { flux, status, description, name, every, cron, offset } = sentJSON(exchange)
  const parts = { flux, status, description, name, every, cron, offset }
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length === 0) {
    throw new InfluxError('invalid', 'failed to decode request: cannot update task without content')
  }
  const task = taskFor(exchange, 'write', 'update task')
  Object.assign(task, given, flux ? optionsOf(flux) : {})
  return json(200, shown(exchange.state, task))
}

function runFor(exchange: Exchange, action: Action, act: string): Sent {
  const { runs } = taskFor(exchange, action, act)
  const run = runs.find(({ id }: Sent) => id === exchange.params.runID)
  if (!run) throw new InfluxError('not found', `failed to ${act}: run not found`)
  return run
}

function force(exchange: Exchange): Answer {
  const task = taskFor(exchange, 'write', 'force run')
  if (task.status !== 'active') throw new InfluxError('invalid', 'failed to force run: inactive task')
  const { log, startedAt, finishedAt, ...run } = addRun(exchange.state, task)
  return json(201, { ...run, status: 'scheduled' })
}

/** Runs the script at once. */
function addRun(state: State, task: Record_): Sent {
  const id = state.nextID()
  const self = `${PATH}/${task.id}/runs/${id}`
  const startedAt = new Date().toISOString()
  const reason = failureOf(state, task)
  const entry = (message: string) => ({ runID: id, time: new Date().toISOString(), message })
  const run = {
    links: { logs: `${self}/logs`, retry: `${self}/retry`, self, task: `${PATH}/${task.id}` },
    id,
    taskID: task.id,
    status: reason === undefined ? 'success' : 'failed',
    scheduledFor: `${startedAt.slice(0, 19)}Z`,
    startedAt,
    finishedAt: new Date().toISOString(),
    requestedAt: startedAt,
    log: [
      entry(`Started task from script: ${JSON.stringify(task.flux)}`),
      ...(reason === undefined ? [] : [entry(reason)]),
      entry(`Completed(${reason === undefined ? 'success' : 'failed'})`),
    ],
  }
  task.runs.unshift(run)
  task.lastRunStatus = run.status
  if (reason !== undefined) task.lastRunError = reason
  return run
}

function failureOf(state: State, { orgID, ownerID, flux }: Record_): string | undefined {
  const org = state.orgs.get(orgID)
  if (!org) return 'organization not found'
  const held = membershipPermissions(state.memberships, ownerID)
  const owner = withPermissions(
    { kind: 'session', userID: ownerID, orgID, authorization: undefined },
    () => held,
  )
  try {
    runFlux(state, owner, org, [parseFlux(flux)])
    return undefined
  } catch (error) {
    return `could not execute task run: ${(error as Error).message}`
  }
}
