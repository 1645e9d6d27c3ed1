import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { registeredRoutes } from '../../../test/security/registered-routes.ts'
import { type GatewayRoute, matchPath, methodsOf, ROUTES, routeOf } from './route-table.ts'

const ID = '00000000000000a1'

function judged(method: string, path: string): GatewayRoute | undefined {
  const match = matchPath(path)
  return match && routeOf(match, method)
}

/** A path of that pattern. */
const example = (pattern: string) => pattern.replaceAll(/:\w+/g, ID)

const ONE = 'GET PATCH PUT DELETE'
const attached = (path: string) => [
  ...['members', 'owners', 'labels'].flatMap((kind): [string, string][] => [
    [`${path}/${kind}`, 'GET POST'],
    [`${path}/${kind}/ID`, 'DELETE'],
  ]),
]

/** What InfluxDB 2 answers and the gateway forwards; written independently of the table. */
const FORWARDED: readonly (readonly [path: string, methods: string])[] = [
  ...([
    ['/api/v2/write', 'POST'],
    ['/api/v2/delete', 'POST'],
    ['/api/v2/query', 'POST'],
    ['/api/v2/query/ast', 'POST'],
    ['/api/v2/query/analyze', 'POST'],
    ['/api/v2/query/suggestions', 'GET'],
    ['/api/v2/query/suggestions/range', 'GET'],
    ['/write', 'POST'],
    ['/query', 'GET POST'],
    ['/api/v2/tasks', 'GET POST'],
    ['/api/v2/tasks/ID', ONE],
    ['/api/v2/tasks/ID/runs', 'GET POST'],
    ['/api/v2/tasks/ID/runs/ID', 'GET DELETE'],
    ['/api/v2/tasks/ID/runs/ID/retry', 'POST'],
    ['/api/v2/tasks/ID/runs/ID/logs', 'GET'],
    ['/api/v2/tasks/ID/logs', 'GET'],
    ['/api/v2/dashboards/ID/cells', 'POST PUT'],
    ['/api/v2/dashboards/ID/cells/ID', 'PATCH DELETE'],
    ['/api/v2/dashboards/ID/cells/ID/view', 'GET PATCH'],
    ['/api/v2/checks/ID/query', 'GET'],
    ['/api/v2/notificationRules/ID/query', 'GET'],
    ['/api/v2/telegraf/plugins', 'GET'],
    ['/api/v2/replications/ID/validate', 'POST'],
    ['/api/v2/documents/templates', 'GET'],
    ['/api/v2/templates/apply', 'POST'],
    ['/api/v2/templates/export', 'POST'],
    ['/api/v2/stacks', 'GET POST'],
    ['/api/v2/stacks/ID', 'GET PATCH DELETE'],
    ['/api/v2/stacks/ID/uninstall', 'POST'],
    ['/api/v2private/notebooks', 'GET POST'],
    ['/api/v2private/notebooks/ID', ONE],
    ['/api/v2private/annotations', 'GET POST DELETE'],
    ['/api/v2private/annotations/ID', ONE],
    ['/api/v2private/streams', 'GET PUT DELETE'],
    ['/api/v2private/streams/ID', ONE],
    ['/api/v2/orgs/ID/secrets', 'GET PATCH'],
    ['/api/v2/orgs/ID/secrets/delete', 'POST'],
    ['/api/v2/orgs/ID/secrets/key', 'DELETE'],
    ['/api/v2/orgs/ID/labels', 'GET POST'],
    ['/api/v2/orgs/ID/labels/ID', 'DELETE'],
    ['/api/v2/orgs/ID/logs', 'GET'],
    ['/api/v2/buckets/ID/labels', 'GET POST'],
    ['/api/v2/buckets/ID/labels/ID', 'DELETE'],
    ['/api/v2/buckets/ID/logs', 'GET'],
    ['/api/v2/users/ID/logs', 'GET'],
    ['/api/v2/config', 'GET'],
    ['/api/v2/backup/kv', 'GET POST'],
    ['/api/v2/backup/metadata', 'GET POST'],
    ['/api/v2/backup/shards/ID', 'GET POST'],
    ['/api/v2/restore/kv', 'GET POST'],
    ['/api/v2/restore/sql', 'GET POST'],
    ['/api/v2/restore/bucketMetadata', 'GET POST'],
    ['/api/v2/restore/bucket-metadata', 'GET POST'],
    ['/api/v2/restore/buckets/ID', 'GET POST'],
    ['/api/v2/restore/shards/ID', 'GET POST'],
  ] as const),
  ...['labels', 'dbrps', 'remotes', 'replications'].flatMap((type): [string, string][] => [
    [`/api/v2/${type}`, 'GET POST'],
    [`/api/v2/${type}/ID`, ONE],
  ]),
  ...[
    ...['checks', 'notificationRules', 'notificationEndpoints', 'dashboards', 'variables'],
    ...['telegrafs', 'scrapers'],
  ].flatMap((type): [string, string][] => [
    [`/api/v2/${type}`, 'GET POST'],
    [`/api/v2/${type}/ID`, ONE],
    ...attached(`/api/v2/${type}/ID`),
  ]),
  ...attached('/api/v2/tasks/ID'),
]

/** What Sluice answers itself, or what is closed. */
const NOT_FORWARDED = [
  ...[
    '/',
    '/api',
    '/api/v2',
    '/api/v3/write',
    '/api/v1/write',
    '/v1/write',
    '/metrics',
    '/metrics/x',
    '/health',
  ],
  ...[
    '/ready',
    '/ping',
    '/debug/pprof/heap',
    '/debug/pprof/cmdline',
    '/docs',
    '/writes',
    '/write/x',
    '/query/x',
  ],
  ...[
    '/api/v2/me',
    '/api/v2/setup',
    '/api/v2/signin',
    '/api/v2/signout',
    '/api/v2/flags',
    '/api/v2/resources',
  ],
  ...['/api/v2/users', '/api/v2/orgs', '/api/v2/buckets', '/api/v2/authorizations', '/api/v2/swagger.json'],
  ...['users', 'orgs', 'buckets', 'authorizations'].map((type) => `/api/v2/${type}/${ID}`),
  ...[`/api/v2/orgs/${ID}/members`, `/api/v2/orgs/${ID}/owners`, `/api/v2/buckets/${ID}/owners/${ID}`],
  ...[
    `/api/v2/users/${ID}/password`,
    '/private/legacy/authorizations',
    `/private/legacy/authorizations/${ID}`,
  ],
  // A source says where else InfluxDB reads from, with whose credentials.
  ...[
    '/api/v2/sources',
    `/api/v2/sources/${ID}`,
    `/api/v2/sources/${ID}/query`,
    '/api/v2private',
    '/api/v2/scrape',
  ],
  ...[
    '/API/v2/write',
    '/api/V2/write',
    '/Write',
    '/api/v2/Write',
    '/api/v2private/write',
    '/api/v2/notebooks',
  ],
  ...[`/api/v2/tasks/${ID}/runs/${ID}/logs/x`, '/api/v2/backup', '/api/v2/restore', '/api/v2/restore/a/b/c'],
]

suite('the routes', () => {
  test('are those of InfluxDB, with its methods', () => {
    const found = new Map<string, string>()
    for (const [path] of FORWARDED) {
      const match = matchPath(path.replaceAll('ID', ID))
      found.set(path, match ? methodsOf(match).toSorted().join(' ') : 'nothing')
    }
    const expected = FORWARDED.map(([path, methods]) => [path, methods.split(' ').toSorted().join(' ')])
    assert.deepEqual([...found], expected)
  })

  test('are no others', () => {
    const known = new Set(FORWARDED.map(([path]) => matchPath(path.replaceAll('ID', ID))?.known.path))
    assert.deepEqual(
      ROUTES.map(([path]) => path).filter((path) => !known.has(path)),
      [],
    )
    for (const path of NOT_FORWARDED) assert.equal(matchPath(path), undefined, path)
  })

  test('can all be reached', () => {
    for (const [path] of ROUTES) {
      // Text that no earlier pattern has as a literal.
      assert.equal(matchPath(example(path))?.known.path, path)
    }
  })

  test('take nothing that the API answers', () => {
    const routes = registeredRoutes()
    assert.ok(routes.length > 60)
    const taken = routes.filter(({ url }) => matchPath(example(url)) !== undefined)
    // Every unknown path below /api.
    assert.deepEqual(
      taken.filter(({ url }) => !url.includes('*')).map(({ url }) => url),
      [],
    )
  })

  test('have no method but those of the table: HEAD and OPTIONS are not forwarded', () => {
    for (const [path] of ROUTES) {
      for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'QUERY', '']) {
        assert.equal(judged(method, example(path)), undefined)
      }
    }
  })
})

suite('a route', () => {
  test('is judged by what it can do', () => {
    const judgements = {
      'POST /api/v2/write': 'write',
      'POST /api/v2/delete': 'delete',
      'POST /api/v2/query': 'flux',
      'POST /write': 'legacy-write',
      'GET /query': 'legacy-query',
      'POST /query': 'legacy-query',
      'POST /api/v2/tasks': 'runs-flux',
      [`PATCH /api/v2/tasks/${ID}`]: 'runs-flux',
      [`GET /api/v2/tasks/${ID}`]: 'resource',
      [`POST /api/v2/tasks/${ID}/runs`]: 'runs-flux',
      [`POST /api/v2/tasks/${ID}/runs/${ID}/retry`]: 'runs-flux',
      'POST /api/v2/checks': 'runs-flux',
      [`PUT /api/v2/checks/${ID}`]: 'runs-flux',
      [`PATCH /api/v2/checks/${ID}`]: 'runs-flux',
      'POST /api/v2/notificationRules': 'runs-flux',
      [`PUT /api/v2/notificationRules/${ID}`]: 'runs-flux',
      'POST /api/v2/notificationEndpoints': 'text-of-flux',
      [`PUT /api/v2/notificationEndpoints/${ID}`]: 'text-of-flux',
      [`PATCH /api/v2/notificationEndpoints/${ID}`]: 'text-of-flux',
      'POST /api/v2/templates/apply': 'template',
      'POST /api/v2/stacks': 'template',
      [`PATCH /api/v2/stacks/${ID}`]: 'template',
      'POST /api/v2/scrapers': 'bucket-in-body',
      [`PATCH /api/v2/scrapers/${ID}`]: 'bucket-in-body',
      'POST /api/v2/replications': 'bucket-in-body',
      [`PATCH /api/v2/replications/${ID}`]: 'bucket-in-body',
      [`PATCH /api/v2/remotes/${ID}`]: 'remote',
      [`GET /api/v2/remotes/${ID}`]: 'resource',
      'POST /api/v2/remotes': 'resource',
      'GET /api/v2/config': 'operator',
      'GET /api/v2/backup/kv': 'refused',
      [`GET /api/v2/backup/shards/${ID}`]: 'refused',
      'POST /api/v2/restore/kv': 'refused',
      [`POST /api/v2/restore/shards/${ID}`]: 'refused',
      'POST /api/v2/restore/bucketMetadata': 'refused',
      'GET /api/v2/dashboards': 'resource',
    }
    for (const [request, judgement] of Object.entries(judgements)) {
      const [method = '', path = ''] = request.split(' ')
      assert.equal(judged(method, path)?.judgement, judgement, request)
    }
  })

  test('has its class, its kind of resource, its id and the place of its organization', () => {
    const routes: [string, string, Omit<GatewayRoute, 'judgement'>][] = [
      [
        ...(['POST', '/api/v2/write'] as const),
        { class: 'write', name: '/api/v2/write', type: 'write', id: undefined, organization: 'body' },
      ],
      [
        'POST',
        '/write',
        { class: 'write', name: '/write', type: 'write', id: undefined, organization: 'body' },
      ],
      [
        'GET',
        '/query',
        { class: 'query', name: '/query', type: 'query', id: undefined, organization: 'caller' },
      ],
      [
        ...(['DELETE', `/api/v2/tasks/${ID}/labels/x`] as const),
        {
          ...{ class: 'other', name: '/api/v2/tasks/:id/labels/:id', type: 'tasks', id: ID },
          organization: 'resource',
        },
      ],
      [
        ...(['PATCH', `/api/v2/orgs/${ID}/secrets`] as const),
        { class: 'other', name: '/api/v2/orgs/:orgID/secrets', type: 'orgs', id: ID, organization: 'path' },
      ],
      [
        ...(['GET', `/api/v2/buckets/${ID}/labels`] as const),
        {
          ...{ class: 'other', name: '/api/v2/buckets/:bucketID/labels', type: 'buckets', id: ID },
          organization: 'bucket',
        },
      ],
      [
        ...(['GET', `/api/v2/users/${ID}/logs`] as const),
        { class: 'other', name: '/api/v2/users/:userID/logs', type: 'users', id: ID, organization: 'caller' },
      ],
    ]
    for (const [method, path, expected] of routes) {
      const { judgement: _, ...route } = judged(method, path) as GatewayRoute
      assert.deepEqual(route, expected)
    }
  })
})
