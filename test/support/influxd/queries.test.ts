/** Flux: answers, refusals, and the reads by id that InfluxDB does not authorize. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { permission } from './core/permissions.ts'
import { refusal, type Scene, startScene } from './scene.ts'

describe('queries', () => {
  let scene: Scene
  let foreign: string
  let labelsOnly: string
  let readsB1: string
  before(async () => {
    scene = await startScene()
    foreign = await scene.makeBucket(await scene.makeOrg('o2'), 'x1')
    await scene.makeBucket(scene.orgID, 'b2')
    await scene.write('b1', 'm,t=a v=1.5 1700000000000000000\nm,t=a i=2i 1700000000000000000')
    await scene.write('b2', 'second v=1 1')
    await scene.ask('POST', '/api/v2/write?org=o2&bucket=x1', 'hidden v=1 1')
    labelsOnly = await scene.mint([permission('read', 'labels', { orgID: scene.orgID })])
    const { bucketID: id, orgID } = scene
    readsB1 = await scene.mint([permission('read', 'buckets', { id, orgID })])
  })
  after(() => scene?.stop())

  const json = (body: object | string, token?: string) =>
    scene.ask('POST', '/api/v2/query?org=o1', body, {
      headers: { 'content-type': 'application/json' },
      ...(token !== undefined && { token }),
    })
  const array =
    'import "array"\narray.from(rows: [{_time: now(), _measurement: "m", _field: "v", _value: 1.0}])'

  test('answers are CSV, with the annotations that the dialect names', async () => {
    const script = 'from(bucket: "b1") |> range(start: 0, stop: 2030-01-01T00:00:00Z)'
    const { status, headers, text } = await scene.flux(script)
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'text/csv; charset=utf-8')
    const start = '1970-01-01T00:00:00Z,2030-01-01T00:00:00Z,2023-11-14T22:13:20Z'
    const head = ',result,table,_start,_stop,_time,_value,_field,_measurement,t\r\n'
    const [integer, float] = [`,_result,0,${start},2,i,m,a\r\n`, `,_result,1,${start},1.5,v,m,a\r\n`]
    assert.equal(text, `${head}${integer}\r\n${head}${float}\r\n`)
    const annotated = await json({
      query: script,
      dialect: { annotations: ['datatype', 'group', 'default'] },
    })
    const times = 'dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339'
    assert.deepEqual(annotated.text.split('\r\n').slice(0, 5), [
      `#datatype,string,long,${times},long,string,string,string`,
      '#group,false,false,true,true,false,false,true,true,true',
      '#default,_result,,,,,,,,',
      ',result,table,_start,_stop,_time,_value,_field,_measurement,t',
      `,,0,${start},2,i,m,a`,
    ])
  })

  test('answers are zipped for clients that ask for it', async () => {
    const response = await fetch(`${scene.url}/api/v2/query?org=o1`, {
      method: 'POST',
      headers: {
        authorization: `Token ${scene.operatorToken}`,
        'content-type': 'application/vnd.flux',
        'accept-encoding': 'gzip',
      },
      body: `import "array"\narray.from(rows: [{v: "${'long '.repeat(1000)}"}])`,
    })
    assert.equal(response.headers.get('content-encoding'), 'gzip')
    assert.match(await response.text(), /long long/)
  })

  test('refusals name their reason', async () => {
    const start = 'error in query specification while starting program: '
    const cases: readonly [string, string][] = [
      [
        'from(bucket: "zz") |> range(start: 0)',
        '404 failed to initialize execute state: could not find bucket "zz"',
      ],
      [
        'from(bucket: "b1")',
        `400 error in building plan while starting program: cannot submit unbounded read to "b1"; try bounding 'from' with a call to 'range'`,
      ],
      ['x', '400 error @1:1-1:2: undefined identifier x'],
      [
        'x =',
        '400 compilation failed: error @1:4-1:4: invalid expression: invalid token for primary expression: EOF',
      ],
      [
        'x = 1',
        `400 ${start}this Flux script returns no streaming data. Consider adding a "yield" or invoking streaming functions directly, without performing an assignment`,
      ],
      ['', '400 failed to decode request body: request body requires either query or AST'],
      [`${array} |> to(bucket: "zz")`, '404 failed to initialize execute state: could not find bucket "zz"'],
    ]
    for (const [script, expected] of cases) assert.equal(refusal(await scene.flux(script)), expected, script)
    const other = await scene.ask('POST', '/api/v2/query?org=zz', 'buckets()', {
      headers: { 'content-type': 'application/vnd.flux' },
    })
    assert.equal(refusal(other), '400 failed to decode request body: organization name "zz" not found')
    const sql = await json({ query: 'buckets()', type: 'sql' })
    assert.equal(refusal(sql), '400 failed to decode request body: unknown query type: sql')
  })

  test('names need the right to read, and a missing right looks like a missing bucket', async () => {
    assert.match((await scene.flux('from(bucket: "b1") |> range(start: 0)', readsB1)).text, /,m,a/)
    const hidden = await scene.flux('from(bucket: "b2") |> range(start: 0)', readsB1)
    assert.equal(refusal(hidden), '404 failed to initialize execute state: could not find bucket "b2"')
    const { text } = await scene.flux('buckets() |> keep(columns: ["name"])', readsB1)
    assert.deepEqual(text.trim().split('\r\n').slice(1), [',_result,0,b1'])
  })

  test('hole: any token reads any bucket by its id, however the argument is written', async () => {
    const scripts = [
      `from(bucketID: "${foreign}") |> range(start: 0)`,
      `from("bucketID": "${foreign}") |> range(start: 0)`,
      `from("bucket\\x49D": "${foreign}") |> range(start: 0)`,
      `bucketID = "${foreign}"\nfrom(bucketID) |> range(start: 0)`,
      `f = from\nf(bucketID: "${foreign}") |> range(start: 0)`,
      `from(bucketID: "${foreign.slice(0, 8)}" + "${foreign.slice(8)}") |> range(start: 0)`,
    ]
    for (const script of scripts) assert.match((await scene.flux(script, labelsOnly)).text, /hidden/, script)
    const script = `import i "influxdata/influxdb"\ni.cardinality(bucketID: "${foreign}", start: -100y)`
    assert.match((await scene.flux(script, labelsOnly)).text, /,1\r\n/)
  })

  test('hole: the body as a tree, keys in another case, and text after the first value', async () => {
    const script = `from(bucketID: "${foreign}") |> range(start: 0)`
    const { ast } = (await scene.ask('POST', '/api/v2/query/ast', { query: script })).json
    assert.match((await json({ ast }, labelsOnly)).text, /hidden/)
    assert.match((await json({ query: 'buckets()', QUERY: script }, labelsOnly)).text, /hidden/)
    assert.match((await json(`${JSON.stringify({ query: script })}{"query":"x"}`, labelsOnly)).text, /hidden/)
    const extern = (await scene.ask('POST', '/api/v2/query/ast', { query: `id = "${foreign}"` })).json.ast
    const withExtern = { query: 'from(bucketID: id) |> range(start: 0)', extern: extern.files[0] }
    assert.match((await json(withExtern, labelsOnly)).text, /hidden/)
  })

  test('to() checks writing, in the organization of the request', async () => {
    const refused = await scene.flux(`${array} |> to(bucket: "b1")`, readsB1)
    assert.equal(refusal(refused), '403 failed to initialize execute state: user not authorized to write')
    const { orgID } = scene
    const both = [permission('read', 'buckets', { orgID }), permission('write', 'buckets', { orgID })]
    const token = await scene.mint(both)
    assert.equal((await scene.flux(`${array} |> to(bucket: "b2")`, token)).status, 200)
    const cross = `${array} |> to(bucketID: "${foreign}", orgID: "${orgID}")`
    assert.equal((await scene.flux(cross, token)).status, 200)
    const narrow = await scene.mint([permission('write', 'buckets', { id: scene.bucketID, orgID })])
    const stopped = await scene.flux(cross, narrow)
    assert.equal(refusal(stopped), '403 failed to initialize execute state: user not authorized to write')
    const elsewhere = await scene.flux(`${array} |> to(bucketID: "${foreign}", org: "o2")`, token)
    assert.equal(refusal(elsewhere), '404 failed to initialize execute state: could not find org "o2"')
  })

  test('secrets need the right to read them', async () => {
    const script =
      'import "influxdata/influxdb/secrets"\nimport "array"\narray.from(rows: [{v: secrets.get(key: "k")}])'
    const secrets = `/api/v2/orgs/${scene.orgID}/secrets`
    assert.equal((await scene.ask('PATCH', secrets, { k: 'kept' })).status, 204)
    assert.deepEqual((await scene.ask('GET', secrets)).json.secrets, ['k'])
    const reader = await scene.mint([permission('read', 'secrets', { orgID: scene.orgID })])
    assert.match((await scene.flux(script, reader)).text, /kept/)
    const refused = await scene.flux(script, readsB1)
    assert.equal(refused.status, 401)
    assert.match(refused.json.message, /^error calling function "get" .*secrets is unauthorized$/)
    const missing = await scene.flux(script.replace('"k"', '"other"'))
    assert.equal(missing.status, 404)
    const hidden = await scene.ask('GET', secrets, undefined, { token: readsB1 })
    assert.equal(refusal(hidden), '404 404 page not found')
  })
})
