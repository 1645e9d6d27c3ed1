/** Two callers with different buckets before a real VictoriaMetrics, which has no users. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { basic, send } from '../support/http.ts'
import { UNKNOWN_CODINGS } from '../support/unknown-codings.ts'
import {
  STRANGE,
  startVictoriaMetricsWorld,
  type VictoriaMetricsWorld,
  withoutVictoriaMetrics,
} from './world.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const ALL = encodeURIComponent('{__name__=~".+"}')
/** What no reader of a may see. */
const FOREIGN = /mark_b|only_b|host_b|mark_c|only_c|"b"|evil/

describe('a server before VictoriaMetrics', { skip: withoutVictoriaMetrics, timeout: 180_000 }, () => {
  let world: VictoriaMetricsWorld
  let a: string
  let b: string
  before(async () => {
    world = await startVictoriaMetricsWorld()
    a = await world.tokenWith(['read:a', 'write:a'])
    b = await world.tokenWith(['read:b', 'write:b'])
  })
  after(() => world?.stop())

  const reads: readonly (readonly [path: string, marks: RegExp])[] = [
    ['/api/v1/query?query=cpu_v', /mark_a/],
    ['/prometheus/api/v1/query?query=cpu_v', /mark_a/],
    [`/api/v1/query_range?query=count(cpu_v)&start=-1h&step=60`, /"matrix"/],
    [`/api/v1/series?match[]=${ALL}`, /only_a_v/],
    [`/api/v1/labels`, /mark/],
    ['/api/v1/label/mark/values', /mark_a/],
    ['/api/v1/label/db/values', /\["a"\]/],
    ['/api/v1/label/__name__/values', /only_a/],
    [`/api/v1/export?match[]=${ALL}`, /only_a/],
    [`/api/v1/export/csv?format=__name__,db,mark&match[]=${ALL}`, /cpu_v,a,mark_a/],
    [`/federate?match[]=${ALL}`, /only_a/],
    ['/query?q=SHOW+DATABASES', /\[\["a"\]\]/],
  ]
  for (const [path, marks] of reads) {
    for (const method of ['GET', 'POST']) {
      test(`a reader of a gets ${method} ${path}`, async () => {
        const [target = '', query = ''] = path.split('?')
        const { status, text } =
          method === 'GET'
            ? await world.send(a, 'GET', path)
            : await world.send(a, 'POST', target, query, FORM)
        assert.equal(status, 200, text)
        assert.match(text, marks)
        assert.doesNotMatch(text, FOREIGN)
      })
    }
  }

  test('a reader of two buckets sees both, also one whose name means something in a filter', async () => {
    const token = await world.tokenWith(['read:a', 'read:b', `read:${STRANGE}`])
    const { text } = await world.send(token, 'GET', `/api/v1/series?match[]=${ALL}`)
    for (const mark of [/mark_a/, /mark_b/, /mark_c/]) assert.match(text, mark)
    const one = await world.send(token, 'GET', `/api/v1/series?match[]=${ALL}&db=b`)
    assert.match(one.text, /mark_b/)
    assert.doesNotMatch(one.text, /mark_a|mark_c/)
    const strange = await world.tokenWith([`read:${STRANGE}`])
    const only = await world.send(strange, 'GET', `/api/v1/series?match[]=${ALL}`)
    assert.match(only.text, /mark_c/)
    assert.doesNotMatch(only.text, /mark_a|mark_b/)
    assert.equal((await world.send(a, 'GET', `/api/v1/series?match[]=${ALL}&db=b`)).status, 403)
  })

  /** Asks until the answer matches; it takes VictoriaMetrics some seconds to find a new series. */
  async function untilFound(
    expected: RegExp,
    ask: (look: number) => Promise<{ readonly text: string }>,
  ): Promise<void> {
    for (let look = 0; !expected.test((await ask(look)).text); look += 1) {
      assert.ok(look < 150, 'what was written is not found')
      await new Promise((resolve) => setTimeout(resolve, 100))
      await world.flush()
    }
  }

  test('what is written has the label of its bucket, whatever it says itself', async () => {
    const line = 'forged,db=b,mark=evil v=1'
    const json = JSON.stringify({
      metric: { __name__: 'forged', db: 'b', mark: 'evil' },
      values: [1],
      timestamps: [Date.now()],
    })
    const writes = [
      ...[
        ['/write?db=a', line],
        ['/influx/write?db=a&precision=ns', line],
        ['/api/v2/write?bucket=a', line],
      ],
      ...[
        ['/influx/api/v2/write?bucket=a&org=analytics', line],
        ['/api/v1/import?db=a', json],
      ],
      ...[['/api/v1/import/prometheus?db=a', 'forged{db="b",mark="evil"} 1\n']],
      ...[['/api/v1/import/csv?db=a&format=1:metric:forged,2:label:db,3:label:mark', '5,b,evil\n']],
      ...[['/prometheus/api/v1/import/prometheus?db=a', 'forged{db="b",mark="evil"} 1\n']],
    ] as const
    for (const [path, body] of writes) {
      const { status, text } = await world.send(a, 'POST', path as string, body as string, FORM)
      assert.equal(status, 204, `${path} ${text}`)
      const other = await world.send(a, 'POST', (path as string).replace('=a', '=b'), body as string)
      assert.equal(other.status, 403, `${path} ${other.text}`)
    }
    const found = (db: string, look: number) => {
      const filter = encodeURIComponent(`{db="${db}",mark="evil",look!="${look}"}`)
      return world.metrics.ask('GET', `/api/v1/export?match[]=${filter}`)
    }
    await untilFound(/"forged.*evil/, (look) => found('a', look))
    assert.equal((await found('b', -1)).text, '')
    for (const path of [
      '/write?db=a&extra_label=db=b',
      '/write?db=a&db=b',
      '/write',
      '/write?db=a&bucket=b',
    ]) {
      assert.equal((await world.send(a, 'POST', path, line)).status, 400, path)
    }
    for (const path of ['/write?db=none', '/write?db=', '/api/v2/write?bucket=b']) {
      assert.ok((await world.send(a, 'POST', path, line)).status >= 400, path)
    }
  })

  test('a line with so many labels that db could be dropped is refused, whatever brings it', async () => {
    const tags = (count: number, tag: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => tag(at)).join()
    const line = `dropped,db=a,mark=evil,${tags(30, (at) => `t${at}=x`)} v=666`
    const repeated = `dropped,${tags(29, () => 'mark=evil')},db=a,db=a v=666`
    const text = `dropped{db="a",mark="evil",${tags(30, (at) => `t${at}="x"`)}} 666`
    const metric = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t${at}`, 'x']))
    const json = JSON.stringify({
      metric: { __name__: 'dropped', db: 'a', mark: 'evil', ...metric },
      values: [666],
      timestamps: [Date.now()],
    })
    const columns = `1:metric:dropped,2:label:dc,3:label:mark,${tags(30, (at) => `${at + 4}:label:t${at}`)}`
    const many = `ok v=1\n`.repeat(20_000)
    const bodies = [
      ...['/write?db=a', '/influx/write?db=a', '/api/v2/write?bucket=a'].flatMap((path) => [
        ...([
          [path, line],
          [path, repeated],
          [path, `ok v=1\n${repeated}\nok v=2`],
          [path, many + line],
        ] as const),
        ...([
          [path, gzipSync(line)],
          [path, gzipSync(many + line)],
        ] as const),
      ]),
      ...([
        ['/api/v1/import/prometheus?db=a', text],
        ['/api/v1/import?db=a', json],
      ] as const),
      ...([[`/api/v1/import/csv?db=a&format=${columns}`, `666,b,evil,${tags(30, () => 'x')}`]] as const),
    ] as const
    for (const [path, body] of bodies) {
      const headers: Record<string, string> = typeof body === 'string' ? {} : { 'content-encoding': 'gzip' }
      const { status, json: told } = await world.send(a, 'POST', path, body, headers)
      assert.equal(status, 400, path)
      assert.match(told.message, /^a line has /)
    }
    // VictoriaMetrics knows no quoted names, and would take two labels for each of them.
    const pairs = ['"x="=",x="', ...Array(20).fill('",x="=",x="')].join(',')
    const quoted = await world.send(
      a,
      'POST',
      '/api/v1/import/prometheus?db=a',
      `dropped_v{${pairs}} 1 "} 666\n`,
    )
    assert.equal(quoted.status, 400, quoted.text)
    for (const path of ['/api/v1/write?db=a', '/api/v1/import/native?db=a']) {
      assert.equal((await world.send(a, 'POST', path, 'x')).status, 403, path)
    }
    const kept = await world.send(
      a,
      'POST',
      '/write?db=a',
      gzipSync(`${many}zipped,${tags(28, (at) => `t${at}=x`)} v=1`),
      {
        'content-encoding': 'gzip',
      },
    )
    assert.equal(kept.status, 204, kept.text)
    const found = (name: string) =>
      world.metrics.ask('GET', `/api/v1/export?match[]=${encodeURIComponent(`{__name__="${name}_v"}`)}`)
    await untilFound(/"db":"a"/, () => found('zipped'))
    assert.equal((await found('dropped')).text, '')
  })

  test('a body whose coding is not known is refused, also one that is coded twice', async () => {
    const twice = gzipSync(gzipSync('packed_twice v=1'))
    const csv = encodeURIComponent('1:metric:m,2:label:host')
    for (const path of [
      ...['/write?db=a', '/influx/write?db=a', '/api/v1/import?db=a', '/api/v1/import/prometheus?db=a'],
      `/api/v1/import/csv?db=a&format=${csv}`,
    ]) {
      for (const coding of UNKNOWN_CODINGS) {
        const headers = { authorization: `Token ${a}`, 'content-encoding': coding }
        const { status, text } = await send(world.url, { method: 'POST', path, headers, body: twice })
        assert.equal(status, 415, `${path} ${coding}: ${text}`)
      }
    }
    // Sluice unpacks one layer and sends no Content-Encoding, so VictoriaMetrics does not unpack the other one.
    await world.send(a, 'POST', '/write?db=a', twice, { 'content-encoding': 'gzip' })
    await world.send(a, 'POST', '/write?db=a', gzipSync('packed_once v=1'), { 'content-encoding': 'gzip' })
    const found = (name: string) => world.metrics.ask('GET', `/api/v1/export?match[]=${name}_v`)
    await untilFound(/./, () => found('packed_once'))
    assert.equal((await found('packed_twice')).text, '')
  })

  test('what tells of all series is for operators, and the rest is closed', async () => {
    const ofOperators = [
      ...['/api/v1/series/count', '/api/v1/status/tsdb', '/api/v1/status/active_queries'],
      ...['/api/v1/status/top_queries', '/snapshot/list', '/snapshot/create'],
    ]
    for (const path of ofOperators) {
      assert.equal((await world.send(a, 'POST', path)).status, 403, path)
      assert.equal((await world.ask('POST', path)).status, 200, path)
    }
    const deletion = `/api/v1/admin/tsdb/delete_series?match[]=${ALL}`
    assert.equal((await world.send(a, 'GET', deletion)).status, 403)
    assert.equal((await world.ask('GET', deletion, undefined, await world.session())).status, 403)
    const closed = [
      ...[
        '/tags',
        '/tags/mark',
        '/metrics/find?query=*',
        '/graphite/metrics/find?query=*',
        '/internal/force_flush',
      ],
      ...['/-/reload', '/flags', '/config', '/targets', '/debug/pprof/', '/vmalert/', '/api/v1/rules'],
      ...['/%61pi/v1/query?query=cpu_v', '//api/v1/query?query=cpu_v', '/api/v1/../v1/query?query=cpu_v'],
      ...['/api/v1/query/x?query=cpu_v', '/tags/tagSeries', '/metrics/expand?query=*', '/render?target=*'],
    ]
    for (const path of closed) {
      const { text } = await world.send(a, 'GET', path)
      assert.doesNotMatch(text, /mark_[abc]|only_[abc]/, path)
    }
    const operators = await world.ask('POST', '/internal/force_merge')
    assert.ok(operators.status >= 400)
  })

  test('every credential counts', async () => {
    const path = '/api/v1/query?query=cpu_v'
    for (const headers of [
      ...[{ authorization: `Bearer ${a}` }, { authorization: basic('x', a) }, await world.session()],
    ]) {
      assert.equal((await send(world.url, { method: 'GET', path, headers })).status, 200)
    }
    assert.equal((await send(world.url, { method: 'GET', path })).status, 401)
    const writer = await world.tokenWith(['write:a'])
    assert.equal((await world.send(writer, 'GET', path)).status, 403)
  })

  test('databases are adopted from the label', async () => {
    await world.metrics.ask('POST', '/write?extra_label=db=found', 'm v=1')
    await world.flush()
    const shown = await world.ask('POST', '/api/v2/upstream/adopt', { dryRun: true })
    assert.deepEqual(
      shown.json.databases.map(({ name }: { name: string }) => name),
      ['found'],
    )
    assert.equal((await world.ask('POST', '/api/v2/upstream/adopt', {})).status, 200)
    const { json } = await world.ask('GET', '/api/v2/buckets?name=found')
    assert.equal(json.buckets.length, 1)
  })

  test('200 hostile requests show nothing of another bucket, and change nothing there', async () => {
    const requests = hostileRequests()
    assert.ok(requests.length >= 200, `${requests.length}`)
    // VictoriaMetrics remembers for some seconds which series a filter finds, so each look has one of its own.
    const content = async (look: string) => {
      const filter = encodeURIComponent(`{db="b",look!="${look}"}`)
      const { text } = await world.metrics.ask('GET', `/api/v1/export?match[]=${filter}`)
      return text.split('\n').toSorted()
    }
    await world.flush()
    const before = await content('first')
    assert.ok(before.length > 2)
    let answered = 0
    for (const { method, path, body, headers } of requests) {
      const { status, text } = await world.send(a, method, path, body, headers)
      assert.doesNotMatch(text, /mark_b|only_b|host_b/, `${method} ${path} ${body ?? ''}`)
      assert.notEqual(status, 500, `${method} ${path} ${text}`)
      if (status === 200) answered += 1
    }
    assert.ok(answered > 20, `${answered} were answered`)
    await world.flush()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    assert.deepEqual(await content('second'), before)
    const own = await world.send(b, 'GET', `/api/v1/series?match[]=${ALL}`)
    assert.match(own.text, /mark_b/)
  })
})

interface Hostile {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Every way that was found to name another bucket: in selectors, parameters, forms, paths and headers. */
function hostileRequests(): readonly Hostile[] {
  const selectors = [
    ...[
      '{db="b"}',
      'cpu_v{db="b"}',
      '{db=~".*"}',
      '{db!="a"}',
      '{db=""}',
      '{__name__=~".+",db=~"a|b"}',
      'cpu_v or {db="b"}',
    ],
    ...[
      '{db="a" or db="b"}',
      '{db="a"} or cpu_v{db="b"}',
      'label_set(cpu_v, "db", "b")',
      'count({db="b"}) by (mark)',
    ],
    ...[
      'WITH (x = {db="b"}) x',
      'label_values({db="b"}, "mark")',
      'absent(cpu_v{db="b"})',
      'union(cpu_v{db="b"}, cpu_v)',
    ],
    ...[
      '{db="b"}[1h]',
      'last_over_time({db="b"}[1h])',
      'cpu_v offset -5m',
      '{"db"="b"}',
      '{__name__="cpu_v",db="b\\"}',
    ],
  ]
  const overrides = [
    'extra_filters[]',
    'extra_filters',
    'extra_label',
    'Extra_Filters[]',
    'extra_filters%5B%5D',
    'extra%5Ffilters',
  ].flatMap((name) =>
    ['{db="b"}', '{db=~".+"}', 'db=b', 'db='].map((value) => `${name}=${encodeURIComponent(value)}`),
  )
  const reading = [
    '/api/v1/query?query=',
    '/api/v1/query_range?step=60&query=',
    '/api/v1/series?match[]=',
    '/api/v1/export?match[]=',
    '/federate?match[]=',
  ]
  const inSelectors = reading.flatMap((path) =>
    selectors.map((each) => ({ method: 'GET', path: path + encodeURIComponent(each) })),
  )
  const inQuery = overrides.flatMap((each) => [
    { method: 'GET', path: `/api/v1/series?match[]=${ALL}&${each}` },
    { method: 'GET', path: `/api/v1/label/mark/values?${each}` },
    { method: 'POST', path: `/api/v1/query?${each}`, body: 'query=cpu_v', headers: FORM },
    { method: 'POST', path: '/api/v1/query', body: `query=cpu_v&${each}`, headers: FORM },
    { method: 'POST', path: '/prometheus/api/v1/labels', body: each, headers: FORM },
    { method: 'POST', path: `/write?db=a&${each}`, body: 'forged,db=b v=1' },
  ])
  const paths = [
    ...[
      '/tags/mark',
      '/tags',
      '/metrics/find?query=*',
      '/metrics/index.json',
      '/graphite/tags/mark',
      '/api/v1/status/tsdb?db=b',
    ],
    ...[
      '/%61pi/v1/series?match[]=cpu_v',
      '//api/v1/series?match[]=cpu_v',
      '/api//v1/series?match[]=cpu_v',
      '/./api/v1/series?match[]=cpu_v',
    ],
    ...[
      '/api/v1/series/?match[]=cpu_v',
      '/API/v1/series?match[]=cpu_v',
      '/api/v1/label/mark%2Fvalues',
      '/select/0/prometheus/api/v1/series?match[]=cpu_v',
    ],
    ...[
      '/api/v1/series/count',
      '/snapshot/list',
      '/api/v1/export/native?match[]=cpu_v;extra_filters[]=x',
      '/api/v1/query?query=cpu_v#&extra_filters[]={db="b"}',
    ],
    ...[
      '/metrics',
      '/flags',
      '/vmui/',
      '/render?target=*',
      '/tags/autoComplete/values?tag=mark',
      '/api/v1/metadata',
      '/targets',
    ],
    ...[
      '/api/v1/query?query=cpu_v&query=%7Bdb="b"%7D',
      '/api/v1/query?db=b&query=cpu_v',
      '/api/v1/query?db=a&db=b&query=cpu_v',
      '/query?q=SHOW+DATABASES&db=b',
    ],
  ].map((path) => ({ method: 'GET', path }))
  const bodies = [
    {
      method: 'POST',
      path: '/api/v1/query',
      body: '{"query":"cpu_v","extra_filters[]":"x"}',
      headers: { 'content-type': 'application/json' },
    },
    {
      method: 'POST',
      path: '/api/v1/query',
      body: '--x\r\nContent-Disposition: form-data; name="extra_filters[]"\r\n\r\n{db="b"}\r\n--x--',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    },
    {
      method: 'POST',
      path: '/api/v1/query?query=cpu_v',
      body: 'extra_filters[]={db="b"}',
      headers: { 'content-type': 'text/plain' },
    },
    { method: 'GET', path: '/api/v1/query?query=cpu_v', body: 'extra_filters[]={db="b"}', headers: FORM },
    { method: 'POST', path: '/api/v1/admin/tsdb/delete_series', body: 'match[]={db="b"}', headers: FORM },
    { method: 'GET', path: '/api/v1/admin/tsdb/delete_series?match[]={db="b"}' },
    { method: 'POST', path: '/write?db=a', body: 'db=b&extra_label=db=b', headers: FORM },
  ]
  const headers = [
    'x-forwarded-uri',
    'x-original-url',
    'x-http-method-override',
    'x-rewrite-url',
    'accountid',
    'x-scope-orgid',
  ].map((name) => ({
    method: 'GET',
    path: '/api/v1/series?match[]=cpu_v',
    headers: { [name]: '/api/v1/series?match[]={db="b"}' },
  }))
  return [...inSelectors, ...inQuery, ...paths, ...bodies, ...headers]
}
