/** What is forwarded, and how each of it is judged. What is not in this table is not forwarded. */

/** Each has time and size limits of its own. */
export type RequestClass = 'write' | 'query' | 'other'

/**
 * What decides about a request besides the rights of its token upstream:
 * - `write`, `delete`: the bucket that the query names
 * - `flux`: the buckets that the text names by id
 * - `legacy-write`, `legacy-query`: the 1.x API, with its own credentials
 * - `runs-flux`: a task, check or notification rule, which upstream runs with its owner's memberships; of a rule also
 *   its endpoint
 * - `text-of-flux`: a notification endpoint, whose text becomes part of the Flux of rules
 * - `template`: a template, which can hold all of that
 * - `label`: the resource and the label, since InfluxDB asks for no right to them
 * - `bucket-in-body`: a scraper or replication, whose body names a bucket by id, and a remote
 * - `member`: that the user belongs to the organization, since InfluxDB shows the name of any
 * - `remote`: that the caller may read what is replicated to it
 * - `dbrp-mapping`: nothing more; after a change the mappings are taken over
 * - `operator`: only operators
 * - `refused`: always, with a message that says where to send it
 * - `resource`: nothing more than that a change leaves it in its organization, which holds for all
 */
export type Judgement =
  | 'write'
  | 'delete'
  | 'flux'
  | 'legacy-write'
  | 'legacy-query'
  | 'runs-flux'
  | 'text-of-flux'
  | 'template'
  | 'bucket-in-body'
  | 'label'
  | 'member'
  | 'remote'
  | 'dbrp-mapping'
  | 'operator'
  | 'refused'
  | 'resource'

/** Where the organization of a request stands, if its query does not name one. */
export type OrganizationPlace = 'path' | 'bucket' | 'resource' | 'body' | 'caller'

export interface GatewayRoute {
  readonly class: RequestClass
  readonly judgement: Judgement
  readonly organization: OrganizationPlace
  /** For metrics and the audit log: the path with names for its ids. */
  readonly name: string
  /** The kind of resource, as it stands in the path; `id` is its own. */
  readonly type: string
  readonly id: string | undefined
}

export type Methods = Readonly<Record<string, Judgement>>

const READ: Methods = { GET: 'resource' }
const LIST: Methods = { GET: 'resource', POST: 'resource' }
const ONE: Methods = { GET: 'resource', PATCH: 'resource', PUT: 'resource', DELETE: 'resource' }
const ADD: Methods = { POST: 'resource' }
const REMOVE: Methods = { DELETE: 'resource' }

/** Members, owners and labels of a resource. */
function attached(path: string): readonly (readonly [string, Methods])[] {
  return [
    ...['members', 'owners'].flatMap((kind) => [
      [`${path}/${kind}`, { GET: 'resource', POST: 'member' }] as const,
      [`${path}/${kind}/:id`, REMOVE] as const,
    ]),
    ...labels(path),
  ]
}

function labels(path: string): readonly (readonly [string, Methods])[] {
  return [
    [`${path}/labels`, { GET: 'resource', POST: 'label' }],
    [`${path}/labels/:id`, { DELETE: 'label' }],
  ]
}

/** A resource that upstream runs later: reading it is plain, writing it is not. */
const RUNS_LIST: Methods = { GET: 'resource', POST: 'runs-flux' }
const RUNS_ONE: Methods = { GET: 'resource', PATCH: 'runs-flux', PUT: 'runs-flux', DELETE: 'resource' }
const TEXT_LIST: Methods = { GET: 'resource', POST: 'text-of-flux' }
const TEXT_ONE: Methods = {
  ...{ GET: 'resource', PATCH: 'text-of-flux', PUT: 'text-of-flux', DELETE: 'resource' },
}
const BUCKET_LIST: Methods = { GET: 'resource', POST: 'bucket-in-body' }
const BUCKET_ONE: Methods = {
  ...{ GET: 'resource', PATCH: 'bucket-in-body', PUT: 'bucket-in-body', DELETE: 'resource' },
}
const REMOTE_ONE: Methods = { GET: 'resource', PATCH: 'remote', PUT: 'remote', DELETE: 'resource' }
const REFUSED: Methods = { GET: 'refused', POST: 'refused' }

export const ROUTES: readonly (readonly [path: string, methods: Methods])[] = [
  ['/api/v2/write', { POST: 'write' }],
  ['/api/v2/delete', { POST: 'delete' }],
  ['/api/v2/query', { POST: 'flux' }],
  ['/api/v2/query/ast', ADD],
  ['/api/v2/query/analyze', ADD],
  ['/api/v2/query/suggestions', READ],
  ['/api/v2/query/suggestions/:name', READ],
  ['/write', { POST: 'legacy-write' }],
  ['/query', { GET: 'legacy-query', POST: 'legacy-query' }],

  ['/api/v2/tasks', RUNS_LIST],
  ['/api/v2/tasks/:id', RUNS_ONE],
  ['/api/v2/tasks/:id/runs', { GET: 'resource', POST: 'runs-flux' }],
  ['/api/v2/tasks/:id/runs/:runID', { GET: 'resource', DELETE: 'resource' }],
  ['/api/v2/tasks/:id/runs/:runID/retry', { POST: 'runs-flux' }],
  ['/api/v2/tasks/:id/runs/:runID/logs', READ],
  ['/api/v2/tasks/:id/logs', READ],
  ...attached('/api/v2/tasks/:id'),
  ['/api/v2/checks', RUNS_LIST],
  ['/api/v2/checks/:id', RUNS_ONE],
  ['/api/v2/checks/:id/query', READ],
  ...attached('/api/v2/checks/:id'),
  ['/api/v2/notificationRules', RUNS_LIST],
  ['/api/v2/notificationRules/:id', RUNS_ONE],
  ['/api/v2/notificationRules/:id/query', READ],
  ...attached('/api/v2/notificationRules/:id'),
  ['/api/v2/notificationEndpoints', TEXT_LIST],
  ['/api/v2/notificationEndpoints/:id', TEXT_ONE],
  ...attached('/api/v2/notificationEndpoints/:id'),

  ['/api/v2/dashboards', LIST],
  ['/api/v2/dashboards/:id', ONE],
  ['/api/v2/dashboards/:id/cells', { POST: 'resource', PUT: 'resource' }],
  ['/api/v2/dashboards/:id/cells/:cellID', { PATCH: 'resource', DELETE: 'resource' }],
  ['/api/v2/dashboards/:id/cells/:cellID/view', { GET: 'resource', PATCH: 'resource' }],
  ...attached('/api/v2/dashboards/:id'),
  ['/api/v2/labels', LIST],
  ['/api/v2/labels/:id', ONE],
  ['/api/v2/variables', LIST],
  ['/api/v2/variables/:id', ONE],
  ...attached('/api/v2/variables/:id'),
  ['/api/v2/telegrafs', LIST],
  ['/api/v2/telegrafs/:id', ONE],
  ['/api/v2/telegraf/plugins', READ],
  ...attached('/api/v2/telegrafs/:id'),
  ['/api/v2/scrapers', BUCKET_LIST],
  ['/api/v2/scrapers/:id', BUCKET_ONE],
  ...attached('/api/v2/scrapers/:id'),
  ['/api/v2/dbrps', { GET: 'resource', POST: 'dbrp-mapping' }],
  [
    '/api/v2/dbrps/:id',
    { GET: 'resource', PATCH: 'dbrp-mapping', PUT: 'dbrp-mapping', DELETE: 'dbrp-mapping' },
  ],
  ['/api/v2/remotes', LIST],
  ['/api/v2/remotes/:id', REMOTE_ONE],
  ['/api/v2/replications', BUCKET_LIST],
  ['/api/v2/replications/:id', BUCKET_ONE],
  ['/api/v2/replications/:id/validate', ADD],
  ['/api/v2/documents/templates', READ],
  ['/api/v2/templates/apply', { POST: 'template' }],
  ['/api/v2/templates/export', ADD],
  ['/api/v2/stacks', { GET: 'resource', POST: 'template' }],
  ['/api/v2/stacks/:id', { GET: 'resource', PATCH: 'template', DELETE: 'resource' }],
  ['/api/v2/stacks/:id/uninstall', ADD],
  ['/api/v2private/notebooks', LIST],
  ['/api/v2private/notebooks/:id', ONE],
  ['/api/v2private/annotations', { GET: 'resource', POST: 'resource', DELETE: 'resource' }],
  ['/api/v2private/annotations/:id', ONE],
  ['/api/v2private/streams', { GET: 'resource', PUT: 'resource', DELETE: 'resource' }],
  ['/api/v2private/streams/:id', ONE],

  ['/api/v2/orgs/:orgID/secrets', { GET: 'resource', PATCH: 'resource' }],
  ['/api/v2/orgs/:orgID/secrets/delete', ADD],
  ['/api/v2/orgs/:orgID/secrets/:key', REMOVE],
  ...labels('/api/v2/orgs/:orgID'),
  ['/api/v2/orgs/:orgID/logs', READ],
  ...labels('/api/v2/buckets/:bucketID'),
  ['/api/v2/buckets/:bucketID/logs', READ],
  ['/api/v2/users/:userID/logs', READ],

  ['/api/v2/config', { GET: 'operator' }],
  ['/api/v2/backup/:kind', REFUSED],
  ['/api/v2/backup/shards/:shardID', REFUSED],
  ['/api/v2/restore/:kind', REFUSED],
  ['/api/v2/restore/:kind/:id', REFUSED],
]

/** The paths that a kind of upstream has, and how each method is judged. */
export type Routes = readonly (readonly [path: string, methods: Methods])[]

interface Known {
  readonly path: string
  readonly segments: readonly string[]
  /** The routes of the path by method, without the id. */
  readonly routes: ReadonlyMap<string, GatewayRoute>
}

function keyOf(segments: readonly string[]): string {
  return `${segments.length} ${segments[3] ?? segments[1] ?? ''}`
}

export interface Match {
  readonly known: Known
  readonly path: string
  readonly segments: readonly string[]
}

/** The entry of a plain path; undefined if it is not forwarded, or is the API's own. */
export type FindMatch = (path: string) => Match | undefined

export function createFindMatch(routes: Routes): FindMatch {
  const all: readonly Known[] = routes.map(([path, methods]) => {
    const segments = path.split('/')
    const byMethod = Object.entries(methods).map(
      ([method, judgement]) => [method, routeFor(path, segments, method, judgement)] as const,
    )
    return { path, segments, routes: new Map(byMethod) }
  })
  /** Known routes by the number of segments and the most telling ones, so that a look-up compares few routes. */
  const known: ReadonlyMap<string, readonly Known[]> = Map.groupBy(all, ({ segments }) => keyOf(segments))
  /** The paths without a part that takes any text, looked up directly. */
  const literal: ReadonlyMap<string, Match> = new Map(
    all
      .filter(({ path }) => !path.includes(':'))
      .map((each) => [each.path, { known: each, path: each.path, segments: each.segments }]),
  )
  return (path) => {
    const found = literal.get(path)
    if (found) return found
    const segments = path.split('/')
    // Literal segments win over those that take any text, as in `/backup/shards` and `/backup/:kind`.
    const entry = known.get(keyOf(segments))?.find((each) => fits(each.segments, segments))
    return entry && { known: entry, path, segments }
  }
}

/** Finds the route of a path of InfluxDB 2. */
export const matchPath: FindMatch = createFindMatch(ROUTES)

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((each, at) => each.startsWith(':') || each === segments[at])
}

/** The methods of an entry, for `Allow`. */
export const methodsOf = ({ known }: Match): readonly string[] => [...known.routes.keys()]

/** How a request is judged; undefined if the path has no such method. */
export function routeOf({ known, segments }: Match, method: string): GatewayRoute | undefined {
  const route = known.routes.get(method)
  return route && known.segments[4]?.startsWith(':') ? { ...route, id: segments[4] } : route
}

function routeFor(
  path: string,
  segments: readonly string[],
  method: string,
  judgement: Judgement,
): GatewayRoute {
  return {
    judgement,
    class: classOf(judgement),
    name: path,
    type: segments[3] ?? segments[1] ?? '',
    organization: placeOf(segments, method),
    id: undefined,
  }
}

function classOf(judgement: Judgement): RequestClass {
  if (judgement === 'write' || judgement === 'legacy-write') return 'write'
  return judgement === 'flux' || judgement === 'legacy-query' ? 'query' : 'other'
}

function placeOf(segments: readonly string[], method: string): OrganizationPlace {
  if (segments.includes(':orgID')) return 'path'
  if (segments.includes(':bucketID')) return 'bucket'
  if (segments[4] === ':id') return 'resource'
  return method === 'GET' ? 'caller' : 'body'
}
