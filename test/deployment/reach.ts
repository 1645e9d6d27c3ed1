/**
 * What sessions can list, read and change, with the outcome in each deployment. A list of names is a response with
 * exactly these; a number is a status. The rows run in order: later ones see the effects of earlier ones.
 */
export type Outcome = number | readonly string[]

export interface Reach {
  /** A user, optionally with `@` and the organization of the session in `cloud`. */
  readonly who: string
  readonly method: string
  readonly path: string
  readonly json?: unknown
  readonly oss: Outcome
  readonly cloud: Outcome
}

function row(who: string, request: string, oss: Outcome, cloud: Outcome, json?: unknown): Reach {
  const [method = '', path = ''] = request.split(' ')
  return { who, method, path: `/api/v2/${path}`, oss, cloud, ...(json ? { json } : {}) }
}

const BOTH = ['analytics', 'second']
const ALL = ['analytics', 'second', 'third']
const EVERYBODY = ['ada', 'bob', 'dora', 'eve', 'frank', 'mia']
const ANALYTICS = ['_monitoring', '_tasks', 'engine']
const BUCKETS = ['_monitoring', '_tasks', 'engine', 'metrics']

/** Bob's session is for `analytics`, where he is a member; it has no access to `second`, which he owns. */
const organizations = [
  row('bob', 'GET me', 200, 200),
  row('bob', 'GET orgs', BOTH, ['analytics']),
  row('bob', 'GET orgs?org=second', ['second'], 404),
  row('bob', 'GET orgs?orgID={{second}}', ['second'], 404),
  row('bob', 'GET orgs?userID={{bob}}', BOTH, ['analytics']),
  row('bob', 'GET orgs/{{analytics}}', 200, 200),
  row('bob', 'GET orgs/{{second}}', 200, 401),
  row('bob', 'GET orgs/{{second}}/members', [], 404),
  row('bob', 'GET orgs/{{second}}/owners', ['ada', 'bob'], 404),
  row('bob', 'GET orgs/{{analytics}}/members', ['bob', 'dora', 'mia'], ['bob', 'dora', 'mia']),
  row('bob', 'GET users/{{bob}}/permissions', BOTH, ['analytics']),
  row('bob@second', 'GET users/{{bob}}/permissions', BOTH, ['second']),
  row('bob@second', 'GET orgs', BOTH, ['second']),
  row('bob@second', 'GET orgs/{{analytics}}', 200, 401),
  row('bob', 'PATCH orgs/{{second}}', 200, 401, { description: 'mine' }),
  row('bob', 'PATCH orgs/{{analytics}}', 401, 401, { description: 'mine' }),
  row('bob@second', 'PATCH orgs/{{second}}', 200, 200, { description: 'mine' }),
  row('bob', 'POST orgs/{{second}}/members', 201, 401, { id: '{{eve}}' }),
  row('bob', 'POST orgs/{{second}}/owners', 201, 401, { id: '{{frank}}' }),
  row('bob', 'DELETE orgs/{{second}}/members/{{eve}}', 204, 401),
  row('bob', 'DELETE orgs/{{second}}/owners/{{frank}}', 204, 401),
  row('bob', 'POST orgs', 401, 401, { name: 'fourth' }),
]

const buckets = [
  row('bob', 'GET buckets', BUCKETS, ANALYTICS),
  row('bob@second', 'GET buckets', BUCKETS, ['_monitoring', '_tasks', 'metrics']),
  row('bob', 'GET buckets?orgID={{second}}', ['_monitoring', '_tasks', 'metrics'], []),
  row('bob', 'GET buckets?org=second', ['_monitoring', '_tasks', 'metrics'], 404),
  row('bob', 'GET buckets?name=metrics', ['metrics'], []),
  row('bob', 'GET buckets?org=second&name=_tasks', ['_tasks'], 404),
  row('bob', 'GET buckets?id={{metrics}}', ['metrics'], 404),
  row('bob', 'GET buckets/{{metrics}}', 200, 401),
  row('bob', 'GET buckets/{{engine}}', 200, 200),
  row('bob@second', 'GET buckets/{{engine}}', 200, 401),
  row('dora', 'GET buckets', [...ANALYTICS, 'metrics'], ANALYTICS),
  row('dora', 'GET buckets/{{metrics}}', 200, 401),
  row('dora', 'GET buckets/{{metrics}}/members', ['dora', 'frank'], 404),
  row('bob', 'GET buckets/{{metrics}}/members', ['dora', 'frank'], 404),
  row('bob', 'GET buckets/{{metrics}}/owners', [], 404),
  row('bob@second', 'GET buckets/{{metrics}}/members', ['dora', 'frank'], ['dora', 'frank']),
  row('bob', 'POST buckets/{{metrics}}/members', 201, 401, { id: '{{eve}}' }),
  row('bob', 'POST buckets/{{metrics}}/owners', 201, 401, { id: '{{mia}}' }),
  row('bob', 'DELETE buckets/{{metrics}}/members/{{eve}}', 204, 401),
  row('bob', 'PATCH buckets/{{metrics}}', 200, 401, { description: 'mine' }),
  row('bob', 'POST buckets', 201, 401, { orgID: '{{second}}', name: 'events' }),
  row('bob', 'POST buckets', 401, 401, { orgID: '{{analytics}}', name: 'events' }),
  row('bob@second', 'POST buckets', 201, 201, { orgID: '{{second}}', name: 'more' }),
]

const read = (type: string, scope: object) => ({ action: 'read', resource: { type, ...scope } })
const write = (type: string, scope: object) => ({ action: 'write', resource: { type, ...scope } })
const tokenIn = (org: string, ...permissions: object[]) => ({ orgID: `{{${org}}}`, permissions })
const IN_SECOND = { orgID: '{{second}}' }

const authorizations = [
  row('bob', 'GET authorizations', ['token in analytics', 'token in second'], ['token in analytics']),
  row('bob@second', 'GET authorizations', ['token in analytics', 'token in second'], ['token in second']),
  row('bob', 'GET authorizations?orgID={{second}}', ['token in second'], []),
  row('bob', 'GET authorizations?org=second', ['token in second'], 404),
  row('bob', 'GET authorizations?id={{tokeninsecond}}', ['token in second'], 404),
  row(
    'bob',
    'GET authorizations?user=bob',
    ['token in analytics', 'token in second'],
    ['token in analytics'],
  ),
  row('bob', 'GET authorizations/{{tokeninsecond}}', 200, 401),
  row('bob', 'PATCH authorizations/{{tokeninsecond}}', 200, 401, { description: 'mine' }),
  row('bob', 'POST authorizations', 201, 401, tokenIn('second', read('buckets', IN_SECOND))),
  row('bob@second', 'POST authorizations', 201, 201, tokenIn('second', read('buckets', IN_SECOND))),
  // A token created by the session may grant nothing outside the session's organization.
  row(
    'bob@second',
    'POST authorizations',
    400,
    403,
    tokenIn('second', read('buckets', { orgID: '{{analytics}}' })),
  ),
  row(
    'bob@second',
    'POST authorizations',
    201,
    403,
    tokenIn('second', read('orgs', { id: '{{analytics}}' })),
  ),
  row('bob@second', 'POST authorizations', 201, 201, tokenIn('second', read('orgs', { id: '{{second}}' }))),
  row('bob@second', 'POST authorizations', 201, 201, tokenIn('second', write('users', { id: '{{bob}}' }))),
  row('bob@second', 'POST authorizations', 403, 403, tokenIn('second', read('buckets', {}))),
  row('ada', 'POST authorizations', 201, 401, tokenIn('second', read('buckets', IN_SECOND))),
  row('ada', 'POST authorizations', 400, 403, tokenIn('analytics', read('buckets', IN_SECOND))),
  row('ada', 'POST authorizations', 201, 403, tokenIn('analytics', read('buckets', {}))),
  row('ada', 'POST authorizations', 201, 403, tokenIn('analytics', read('instance', {}))),
  row(
    'ada',
    'POST authorizations',
    201,
    403,
    tokenIn('analytics', read('instance', { orgID: '{{analytics}}' })),
  ),
  row('ada', 'POST authorizations', 201, 403, tokenIn('analytics', write('users', { id: '{{bob}}' }))),
  row('ada', 'POST authorizations', 201, 401, {
    ...tokenIn('analytics', read('users', {})),
    userID: '{{bob}}',
  }),
]

/** Owning the instance, or an all-access token, gives a session in `cloud` no more access. */
function mighty(who: string): Reach[] {
  return [
    row(who, 'GET orgs', ALL, ['analytics']),
    row(who, 'GET orgs/{{third}}', 200, 401),
    row(who, 'GET orgs/{{third}}/owners', [], 404),
    row(who, 'GET orgs?org=third', ['third'], 404),
    row(who, 'GET buckets?orgID={{third}}', ['_monitoring', '_tasks'], []),
    row(who, 'GET buckets/{{metrics}}', 200, 401),
    row(who, 'GET buckets/{{engine}}', 200, 200),
    row(who, 'GET buckets/{{metrics}}/members', ['dora', 'frank'], 404),
    row(who, 'GET users', EVERYBODY, [who]),
    row(who, 'GET users?name=eve', ['eve'], 404),
    row(who, 'GET users/{{eve}}', 200, 401),
    row(who, 'GET users/{{bob}}/permissions', BOTH, 401),
    row(who, 'GET authorizations/{{tokeninsecond}}', 200, 401),
    row(who, 'PATCH users/{{eve}}', 200, 401, { name: 'eve' }),
    row(who, 'POST users/{{eve}}/password', 204, 401, { password: 'password of eve' }),
    row(who, 'POST users', 201, 401, { name: `friend of ${who}` }),
    row(who, 'DELETE users/00000000000000ff', 404, 401),
    row(who, 'POST orgs', 201, 401, { name: `place of ${who}` }),
    row(who, 'PATCH orgs/{{third}}', 200, 401, { description: 'mine' }),
    row(who, 'POST orgs/{{third}}/members', 201, 401, { id: '{{eve}}' }),
    row(who, 'DELETE orgs/{{third}}/members/{{eve}}', 204, 401),
    row(who, 'POST buckets', 201, 401, { orgID: '{{third}}', name: `bucket of ${who}` }),
    row(who, 'PATCH authorizations/{{tokeninsecond}}', 200, 401, { description: 'mine' }),
    row(who, 'POST authorizations', 201, 401, tokenIn('third', read('buckets', { orgID: '{{third}}' }))),
    // Access inside the organization is unchanged.
    row(who, 'PATCH buckets/{{engine}}', 200, 200, { description: 'ours' }),
    row(who, 'POST orgs/{{analytics}}/members', 201, 201, { id: '{{eve}}' }),
    row(who, 'DELETE orgs/{{analytics}}/members/{{eve}}', 204, 204),
  ]
}

const removals = [
  row('bob', 'DELETE authorizations/{{tokeninsecond}}', 204, 401),
  row('bob', 'DELETE buckets/{{metrics}}', 204, 401),
  row('bob', 'DELETE orgs/{{second}}', 204, 401),
]

export const reaches: readonly Reach[] = [
  ...organizations,
  ...buckets,
  ...authorizations,
  ...mighty('ada'),
  ...removals,
]
/** The same with the all-access token, in a separate world. */
export const reachesByToken: readonly Reach[] = mighty('mia')
