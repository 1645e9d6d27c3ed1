/** Rights by bucket before a real InfluxDB 1.x, whose own checks would let more pass. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { INFLUXDB1_ADMIN, INFLUXDB1_PASSWORD } from '../../scripts/engines/influxdb1.ts'
import { basic, send } from '../support/http.ts'
import { PROMETHEUS, remoteRead, remoteWrite } from '../support/prometheus-remote.ts'
import { UNKNOWN_CODINGS } from '../support/unknown-codings.ts'
import { type Influxdb1World, startInfluxdb1World, withoutInfluxdb1 } from './world.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('a server before InfluxDB 1.x', { skip: withoutInfluxdb1, timeout: 120_000 }, () => {
  let world: Influxdb1World
  let readA: string
  let writeA: string
  before(async () => {
    world = await startInfluxdb1World()
    readA = await world.tokenWith(['read:a'])
    writeA = await world.tokenWith(['write:a'])
  })
  after(() => world?.stop())

  /** What each of these callers is answered, and whose marks an answer may have. */
  const allowed: readonly (readonly [q: string, db: string, marks: RegExp])[] = [
    ['SELECT * FROM m', 'a', /mark_a/],
    ['SELECT * FROM a..m', '', /mark_a/],
    ['SELECT * FROM a.autogen./m|x/', 'a', /mark_a/],
    ['SELECT * FROM "second".m', 'a', /mark_second/],
    ['SHOW MEASUREMENTS', 'a', /only_a/],
    ['SHOW TAG VALUES ON a WITH KEY = mark', '', /mark_a/],
    ['SHOW FIELD KEYS FROM a..m', 'a', /secret_a/],
    ['SHOW RETENTION POLICIES ON a', '', /autogen/],
    ['SELECT count(v) FROM m; SELECT count(v) FROM only_a', 'a', /count/],
    ['SHOW DATABASES', '', /"values":\[\["a"\]\]/],
    ['EXPLAIN SELECT v FROM m', 'a', /QUERY PLAN/],
  ]
  for (const [q, db, marks] of allowed) {
    test(`a reader of a gets ${q}`, async () => {
      const { status, text } = await world.query(readA, q, { db })
      assert.equal(status, 200, text)
      assert.match(text, marks)
      assert.doesNotMatch(text, /mark_b|only_b|secret_b|"b"/)
    })
  }

  const refused: readonly (readonly [q: string, db: string, status: number])[] = [
    ['SELECT * FROM b..m', 'a', 403],
    ['SELECT * FROM (SELECT * FROM b..m)', 'a', 403],
    ['SELECT * FROM m, b..m', 'a', 403],
    ['SELECT * FROM b../.*/', 'a', 403],
    ['SELECT * FROM m; SELECT * FROM b..m', 'a', 403],
    ['SHOW SERIES FROM b..m', 'a', 403],
    ['SHOW TAG KEYS FROM b..m', 'a', 403],
    ['SHOW TAG VALUES FROM b..m WITH KEY = mark', 'a', 403],
    ['SHOW FIELD KEYS FROM b..m', 'a', 403],
    ['SHOW SERIES EXACT CARDINALITY ON b', 'a', 403],
    ['SHOW TAG KEY CARDINALITY ON b', 'a', 403],
    ['SHOW MEASUREMENTS ON b', 'a', 403],
    ['SHOW MEASUREMENTS', 'b', 403],
    ['SHOW MEASUREMENTS', 'no_such_database', 403],
    ['SELECT * INTO a..x FROM m', 'a', 403],
    ['DELETE FROM m', 'a', 403],
    ['DROP SERIES FROM m', 'a', 403],
    ['DROP MEASUREMENT m', 'a', 403],
    ['CREATE DATABASE z', 'a', 403],
    ['DROP DATABASE a', 'a', 403],
    ['CREATE RETENTION POLICY p ON a DURATION 1d REPLICATION 1', 'a', 403],
    ['CREATE CONTINUOUS QUERY q ON a BEGIN SELECT v INTO x FROM b..m END', 'a', 403],
    ['SHOW QUERIES', 'a', 403],
    ['SHOW CONTINUOUS QUERIES', 'a', 403],
    ['SHOW STATS', 'a', 403],
    ['KILL QUERY 1', 'a', 403],
    ['SHOW USERS', 'a', 403],
    ["CREATE USER u WITH PASSWORD 'p' WITH ALL PRIVILEGES", 'a', 403],
    ['GRANT ALL PRIVILEGES TO root', 'a', 403],
    ['SELEC * FROM m', 'a', 400],
    ['SELECT * FROM a"b"..m', 'a', 400],
    ['', 'a', 400],
    ['SELECT * FROM m', '', 400],
  ]
  for (const [q, db, status] of refused) {
    test(`a reader of a is refused ${q} with db=${db}`, async () => {
      const answer = await world.query(readA, q, { db })
      assert.equal(answer.status, status, answer.text)
      assert.ok(answer.json.code && answer.json.message, 'in the documented schema')
      assert.equal(answer.json.error, answer.json.message, 'where clients of 1.x look')
    })
  }

  test('SHOW DATABASES beside other statements shows what may be read, and theirs as InfluxDB gave it', async () => {
    const q = 'SELECT * FROM m; SHOW DATABASES; SELECT count(v) FROM m; SHOW DATABASES'
    const own = {
      results: [{ statement_id: 1, series: [{ name: 'databases', columns: ['name'], values: [['a']] }] }],
    }
    for (const options of [{}, { pretty: 'true' }, { chunked: 'true', chunk_size: '1' }, { epoch: 'ns' }]) {
      const { status, json, text, headers } = await world.query(readA, q, { db: 'a', ...options })
      assert.equal(status, 200, text)
      assert.equal(Number(headers['content-length']), Buffer.byteLength(text))
      const direct = await world.influxdb.query('SELECT * FROM m; SHOW DATABASES; SELECT count(v) FROM m', {
        ...{ db: 'a', ...('epoch' in options ? options : {}) },
      })
      assert.deepEqual([json.results[0], json.results[2]], [direct.results[0], direct.results[2]])
      assert.deepEqual(json.results[1], own.results[0])
      assert.deepEqual(json.results[3], { ...own.results[0], statement_id: 3 })
    }
    const failed = await world.query(readA, 'SELECT nonsense(v) FROM m; SHOW DATABASES', { db: 'a' })
    assert.doesNotMatch(failed.text, /"b"/)
    const csv = await send(world.url, {
      ...{ method: 'GET', path: `/query?db=a&q=${encodeURIComponent(q)}` },
      headers: { authorization: `Token ${readA}`, accept: 'application/csv' },
    })
    assert.equal(csv.status, 400, csv.text)
    const refused = await world.query(readA, 'SHOW DATABASES; SELECT * FROM b..m', { db: 'a' })
    assert.equal(refused.status, 403, refused.text)
    const manager = await world.tokenWith(['manage', 'read:a'])
    const made = await world.query(manager, 'CREATE DATABASE fresh; SHOW DATABASES')
    assert.equal(made.status, 200, made.text)
    const operator = world.operator.authorization.slice('Token '.length)
    const all = await world.query(operator, 'SHOW DATABASES; CREATE DATABASE fresher; SHOW DATABASES')
    assert.doesNotMatch(JSON.stringify(all.json.results[0]), /fresher/)
    assert.match(JSON.stringify(all.json.results[2]), /"fresher"/)
  })

  test('SHOW RETENTION POLICIES shows one who may read single policies these', async () => {
    const second = await world.tokenWith(['read:a/second'])
    for (const [q, db] of [
      ['SHOW RETENTION POLICIES ON a', ''],
      ['SHOW RETENTION POLICIES', 'a'],
    ] as const) {
      const { status, json, text } = await world.query(second, q, { db })
      assert.equal(status, 200, text)
      const [{ columns, values }] = json.results[0].series
      assert.deepEqual([columns[0], values.map(([name]: readonly unknown[]) => name)], ['name', ['second']])
    }
    for (const on of ['b', 'no_such', '"a/second"', '""']) {
      const { status, text } = await world.query(second, `SHOW RETENTION POLICIES ON ${on}`, {
        db: 'a/second',
      })
      assert.equal(status, 403, text)
    }
  })

  test('a name with a control character is refused', async () => {
    for (const parameters of ['db=a&rp=%00', 'db=a%0a', 'db=a&rp=x%7f']) {
      assert.equal((await world.write(writeA, parameters, 'm v=1')).status, 400, parameters)
    }
  })

  test('a parameter that names a database is refused, a value passes', async () => {
    const forged = await world.query(readA, 'SELECT * FROM m WHERE v = $x', {
      ...{ db: 'a', params: '{"x": {"identifier": "b"}}' },
    })
    assert.equal(forged.status, 400, forged.text)
    const identifier = await world.query(readA, 'SELECT * FROM $d..m', { db: 'a', params: '{"d": "b"}' })
    assert.equal(identifier.status, 400, identifier.text)
    const value = await world.query(readA, 'SELECT * FROM m WHERE mark = $x', {
      db: 'a',
      params: '{"x": "mark_a"}',
    })
    assert.match(value.text, /mark_a/)
    const large = await world.query(readA, 'SELECT v FROM m WHERE v < $x', {
      db: 'a',
      params: '{"x": 9007199254740993}',
    })
    assert.equal(large.status, 200, large.text)
  })

  test('a database in the form counts as much as one in the query', async () => {
    const ask = (path: string, body: string) =>
      send(world.url, {
        ...{ method: 'POST', path, body },
        headers: { authorization: `Token ${readA}`, 'content-type': FORM },
      })
    assert.equal((await ask('/query?db=a', 'db=b&q=SHOW+MEASUREMENTS')).status, 400)
    assert.equal((await ask('/query?db=a&q=SHOW+MEASUREMENTS', 'q=SHOW+MEASUREMENTS+ON+b')).status, 400)
    assert.equal((await ask('/query', 'db=a&db=b&q=SHOW+MEASUREMENTS')).status, 400)
    assert.match((await ask('/query?db=a', 'q=SHOW+MEASUREMENTS')).text, /only_a/)
  })

  test('a write whose coding is not known is refused', async () => {
    for (const path of ['/write?db=a', '/api/v2/write?bucket=a', '/api/v1/prom/write?db=a']) {
      for (const coding of UNKNOWN_CODINGS) {
        const headers = { authorization: `Token ${writeA}`, 'content-encoding': coding }
        const { status, text } = await send(world.url, { method: 'POST', path, headers, body: 'm v=1' })
        assert.equal(status, 415, `${path} ${coding}: ${text}`)
      }
    }
  })

  test('Prometheus writes and reads, in snappy as it sends them', async () => {
    const both = await world.tokenWith(['write:a', 'read:a'])
    const ask = (token: string, path: string, body: Buffer, headers: Readonly<Record<string, string>> = {}) =>
      send(world.url, {
        ...{ method: 'POST', path, body },
        headers: { authorization: `Bearer ${token}`, ...PROMETHEUS, ...headers },
      })
    const series = remoteWrite('up', { job: 'mark_prom' }, 1)
    for (const db of ['b', 'no_such']) {
      assert.equal((await ask(both, `/api/v1/prom/write?db=${db}`, series)).status, 403)
      assert.equal((await ask(both, `/api/v1/prom/read?db=${db}`, remoteRead('up'))).status, 403)
    }
    const written = await ask(both, '/api/v1/prom/write?db=a', series)
    assert.equal(written.status, 204, written.text)
    assert.match((await world.query(readA, 'SELECT * FROM up', { db: 'a' })).text, /mark_prom/)
    const read = await ask(both, '/api/v1/prom/read?db=a', remoteRead('up'))
    assert.equal(read.status, 200, read.text)
    assert.match(read.text, /mark_prom/)
    // A form names no other database, and no other coding is unpacked.
    await world.influxdb.write('b', 'up,job=mark_b value=1')
    const form = { 'content-type': FORM, 'content-encoding': 'snappy' }
    const forged = await ask(both, '/api/v1/prom/read?db=a', Buffer.from('db=b&rp=autogen'), form)
    assert.equal(forged.status, 400, forged.text)
    assert.doesNotMatch(forged.text, /mark_b/)
    for (const coding of ['gzip', 'snappy, snappy', 'gzip, snappy']) {
      const { status } = await ask(both, '/api/v1/prom/read?db=a', series, { 'content-encoding': coding })
      assert.equal(status, 415, coding)
    }
  })

  test('no other body is taken for a query', async () => {
    for (const contentType of [
      'multipart/mixed; boundary=x',
      'application/json',
      'application/vnd.influxql',
    ]) {
      const { status } = await send(world.url, {
        ...{ method: 'POST', path: '/query?db=a', body: '--x\r\nq=SELECT * FROM b..m' },
        headers: { authorization: `Token ${readA}`, 'content-type': contentType },
      })
      assert.equal(status, 415)
    }
  })

  describe('a form in parts', () => {
    async function partsOf(parts: FormData) {
      const made = new Response(parts)
      const headers = { 'content-type': made.headers.get('content-type') ?? '' }
      return { headers, body: Buffer.from(await made.arrayBuffer()) }
    }
    async function ask(parts: FormData, query = '') {
      const { headers, body } = await partsOf(parts)
      return send(world.url, {
        ...{ method: 'POST', path: `/query${query}`, body },
        headers: { authorization: `Token ${readA}`, ...headers },
      })
    }
    function formOf(...parts: readonly (readonly [name: string, value: string | Blob])[]): FormData {
      const form = new FormData()
      for (const [name, value] of parts) form.append(name, value as string)
      return form
    }
    const file = (text: string) => new File([text], 'queries.txt')

    test('asks as any other form, also with the query in a file, as InfluxDB takes both', async () => {
      for (const q of ['SHOW MEASUREMENTS', file('SHOW MEASUREMENTS\n')]) {
        const answer = await ask(formOf(['db', 'a'], ['q', q]))
        assert.match(answer.text, /only_a/)
        const { headers, body } = await partsOf(formOf(['db', 'a'], ['q', q]))
        const plain = await send(world.influxdb.url, {
          ...{ method: 'POST', path: '/query', body },
          headers: { authorization: basic(INFLUXDB1_ADMIN, INFLUXDB1_PASSWORD), ...headers },
        })
        assert.equal(answer.text, plain.text)
      }
    })

    test('is judged as any other form', async () => {
      for (const [form, query, status] of [
        [formOf(['db', 'b'], ['q', 'SHOW MEASUREMENTS']), '', 403],
        [formOf(['db', 'a'], ['q', file('SELECT * FROM b..m')]), '', 403],
        [formOf(['q', 'SHOW MEASUREMENTS'], ['q', file('SHOW MEASUREMENTS ON b')]), '?db=a', 400],
        [formOf(['db', 'a'], ['db', 'b'], ['q', 'SHOW MEASUREMENTS']), '', 400],
        [formOf(['db', 'b'], ['q', 'SHOW MEASUREMENTS']), '?db=a', 400],
        // InfluxDB takes no database from a file.
        [formOf(['db', file('b')], ['q', 'SHOW MEASUREMENTS']), '?db=a', 200],
        [formOf(['db', 'a']), '', 400],
      ] as const) {
        const answer = await ask(form, query)
        assert.equal(answer.status, status, answer.text)
        assert.doesNotMatch(answer.text, /only_b/)
      }
    })

    test('is refused if it is none', async () => {
      for (const contentType of ['multipart/form-data; boundary=x', 'multipart/form-data']) {
        const { status, json } = await send(world.url, {
          ...{ method: 'POST', path: '/query?db=a', body: '--x\r\nq=SELECT * FROM b..m' },
          headers: { authorization: `Token ${readA}`, 'content-type': contentType },
        })
        assert.equal(status, 400)
        assert.match(json.message, /not multipart\/form-data/)
      }
    })
  })

  test('every credential counts, and none is sent on', async () => {
    const path = '/query?db=a&q=SELECT+*+FROM+m'
    const { status: made } = await world.ask('POST', '/private/legacy/authorizations', {
      ...{ token: 'grafana', orgID: world.orgID },
      permissions: [
        { action: 'read', resource: { type: 'buckets', id: world.buckets.a, orgID: world.orgID } },
      ],
    })
    assert.equal(made, 201)
    const { json } = await world.ask('GET', '/private/legacy/authorizations?token=grafana')
    const password = 'a 1.x password'
    const set = await world.ask(
      'POST',
      `/private/legacy/authorizations/${json.authorizations[0].id}/password`,
      { password },
    )
    assert.equal(set.status, 204, set.text)
    const headers = [
      ...[{ authorization: `Token ${readA}` }, { authorization: `Bearer ${readA}` }],
      ...[{ authorization: `Token any:${readA}` }, { authorization: basic('any', readA) }],
      ...[{ authorization: basic('grafana', password) }, await world.session()],
    ]
    for (const each of headers) {
      const { status, text } = await send(world.url, { method: 'GET', path, headers: each })
      assert.equal(status, 200, text)
      assert.match(text, /mark_a/)
    }
    for (const [u, p] of [['any', readA] as const, ['grafana', password] as const]) {
      const query = `${path}&${new URLSearchParams({ u, p })}`
      assert.equal((await send(world.url, { method: 'GET', path: query })).status, 200)
    }
    for (const each of [{}, { authorization: 'Token wrong' }, { authorization: basic('root', 'wrong') }]) {
      assert.equal((await send(world.url, { method: 'GET', path, headers: each })).status, 401)
    }
  })

  test('a GET by cookie changes nothing, since other sites can send it', async () => {
    const headers = await world.session()
    const path = `/query?${new URLSearchParams({ db: 'a', q: 'SELECT * INTO a..stolen FROM m' })}`
    assert.equal((await send(world.url, { method: 'GET', path, headers })).status, 403)
    const { results } = await world.influxdb.query('SELECT * FROM stolen', { db: 'a' })
    assert.equal(results[0]?.series, undefined)
  })

  test('a writer writes to its database alone, by each way', async () => {
    const ways = [
      ...['/write?db=DB', '/write?db=DB&rp=autogen&precision=s', '/write?db=DB&precision=ns&consistency=one'],
      ...[
        '/api/v2/write?org=analytics&bucket=DB&precision=ns',
        '/api/v2/write?bucket=DB/autogen&precision=us',
      ],
    ]
    for (const way of ways) {
      for (const [db, status] of [['a', 204] as const, ['b', 403] as const]) {
        const { status: answered, text } = await send(world.url, {
          ...{ method: 'POST', path: way.replace('DB', db), body: 'w v=1 7' },
          headers: { authorization: `Token ${writeA}`, 'content-type': FORM },
        })
        assert.equal(answered, status, `${way}: ${text}`)
      }
    }
    const { results } = await world.influxdb.query('SELECT count(v) FROM a..w; SELECT count(v) FROM b..w')
    assert.ok(results[0]?.series)
    assert.equal(results[1]?.series, undefined)
    assert.equal((await world.write(readA, 'db=a', 'w v=2 7')).status, 403)
    assert.equal((await world.write(writeA, 'db=a&db=b', 'w v=2 7')).status, 400)
    assert.equal((await world.write(writeA, '', 'w v=2 7')).status, 400)
    assert.equal((await world.query(writeA, 'SELECT * FROM m', { db: 'a' })).status, 403)
    assert.equal((await world.query(writeA, 'DELETE FROM w', { db: 'a' })).status, 200)
  })

  test('a right to one policy is no right to the database', async () => {
    const token = await world.tokenWith(['read:a/second', 'write:a/second'])
    const second = await world.query(token, 'SELECT * FROM m', { db: 'a', rp: 'second' })
    assert.match(second.text, /mark_second/)
    assert.doesNotMatch(second.text, /mark_a/)
    assert.match((await world.query(token, 'SELECT * FROM a.second.m')).text, /mark_second/)
    assert.equal((await world.write(token, 'db=a&rp=second', 'x v=1')).status, 204)
    for (const [q, parameters] of [
      ['SELECT * FROM m', { db: 'a' }],
      ['SELECT * FROM a.autogen.m', { db: 'a', rp: 'second' }],
      ['SHOW MEASUREMENTS', { db: 'a', rp: 'second' }],
      ['DELETE FROM m', { db: 'a', rp: 'second' }],
      ['SELECT * FROM m', { db: 'a/second' }],
    ] as const) {
      assert.equal((await world.query(token, q, parameters)).status, 403, q)
    }
    assert.equal((await world.write(token, 'db=a', 'x v=1')).status, 403)
  })

  test('what tells of the whole server is not reached', async () => {
    for (const path of [
      '/debug/vars',
      '/debug/pprof/',
      '/status',
      '/%77rite?db=b',
      '//query?q=SHOW+DATABASES',
    ]) {
      const { status, text } = await send(world.url, { method: 'GET', path, headers: world.operator })
      assert.ok(status === 404 || status === 405, `${path} ${status} ${text.slice(0, 100)}`)
    }
  })

  test('an operator asks about the server, and nobody about its users', async () => {
    const { authorization } = world.operator
    const token = authorization.slice('Token '.length)
    assert.match((await world.query(token, 'SHOW QUERIES')).text, /qid/)
    assert.equal((await world.query(token, 'SHOW USERS')).status, 403)
  })
})
