/** The 1.x paths: credentials, mappings, InfluxQL. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { basic } from '../http.ts'
import { permission } from './core/permissions.ts'
import { refusal, type Scene, startScene } from './scene.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

describe('1.x', () => {
  let scene: Scene
  let reads: string
  let writes: string
  let foreign: string
  before(async () => {
    scene = await startScene()
    foreign = await scene.makeBucket(await scene.makeOrg('o2'), 'x1')
    await scene.makeBucket(scene.orgID, 'b2')
    await scene.makeBucket(scene.orgID, 'd3/short')
    await scene.write('b1', 'm,t=a v=1 1700000000000000000')
    await scene.write('b2', 's v=1 1700000000000000000')
    const { bucketID: id, orgID } = scene
    reads = await scene.mint([permission('read', 'buckets', { id, orgID })])
    writes = await scene.mint([permission('write', 'buckets', { id, orgID })])
  })
  after(() => scene?.stop())

  const query = (q: string, token = reads, more = 'db=b1') =>
    scene.ask('GET', `/query?${more}&q=${encodeURIComponent(q)}`, undefined, { token })
  const results = async (q: string, token = reads, more = 'db=b1') =>
    (await query(q, token, more)).json.results

  test('credentials: Token in this case only, Basic, u and p; no Bearer, no cookie', async () => {
    const path = '/query?q=SHOW+DATABASES'
    const ask = (authorization: string, target = path) =>
      scene.ask('GET', target, undefined, { token: null, headers: { authorization } })
    for (const header of [`Token ${reads}`, `Token any:${reads}`, basic('any', reads)]) {
      assert.equal((await ask(header)).status, 200, header)
    }
    for (const header of [`Bearer ${reads}`, `token ${reads}`]) {
      assert.equal(refusal(await ask(header)), '401 unauthorized access')
    }
    assert.equal(refusal(await ask(`Token wrong`)), '401 Unauthorized')
    const inURL = await scene.ask('GET', `${path}&u=any&p=${reads}`, undefined, { token: null })
    assert.equal(inURL.status, 200)
    assert.equal(refusal(await ask(`Token ${reads}`, `${path}&u=bad&p=bad`)), '401 Unauthorized')
    const signIn = { token: null, headers: { authorization: basic('root', 'correct horse') } }
    const session = await scene.ask('POST', '/api/v2/signin', undefined, signIn)
    const cookie = session.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const withCookie = await scene.ask('GET', path, undefined, { token: null, headers: { cookie } })
    assert.equal(refusal(withCookie), '401 unauthorized access')
  })

  test('a 1.x user signs in with a password', async () => {
    const body = {
      token: 'ada',
      orgID: scene.orgID,
      permissions: [permission('read', 'buckets', { id: scene.bucketID, orgID: scene.orgID })],
    }
    const { status, json } = await scene.ask('POST', '/private/legacy/authorizations', body)
    assert.deepEqual([status, json.token], [201, 'ada'])
    const path = `/private/legacy/authorizations/${json.id}`
    const ask = (password: string) =>
      scene.ask('GET', '/query?db=b1&q=SHOW+DATABASES', undefined, {
        token: null,
        headers: { authorization: basic('ada', password) },
      })
    assert.equal((await ask('right password')).status, 401)
    const set = await scene.ask('POST', `${path}/password`, { password: 'right password' })
    assert.equal(set.status, 204)
    assert.equal((await ask('right password')).status, 200)
    assert.equal((await ask('wrong password')).status, 401)
  })

  test('writes find the bucket through the mapping, and only if the token may write', async () => {
    const write = (target: string, token = writes) => scene.ask('POST', target, 'w v=1 1', { token })
    assert.equal((await write('/write?db=b1')).status, 204)
    assert.equal((await write('/%77rite?db=b1')).status, 204)
    assert.equal(refusal(await write('/write?db=b2')), '404 no dbrp mapping found')
    assert.equal(refusal(await write('/write?db=b1&rp=x')), '404 no dbrp mapping found')
    assert.equal(refusal(await write('/write')), '400 missing db')
    assert.equal(refusal(await write('/write?db=b1', reads)), '403 insufficient permissions for write')
    assert.equal((await write('/write?db=d3&rp=short', scene.operatorToken)).status, 204)
    assert.equal((await write('/write?db=d3', scene.operatorToken)).status, 404)
  })

  test('InfluxQL answers what the token may read', async () => {
    const row = ['2023-11-14T22:13:20Z', 'a', 1]
    const series = [{ name: 'm', columns: ['time', 't', 'v'], values: [row] }]
    assert.deepEqual(await results('SELECT * FROM m'), [{ statement_id: 0, series }])
    const databases = [{ name: 'databases', columns: ['name'], values: [['b1']] }]
    assert.deepEqual(await results('show databases'), [{ statement_id: 0, series: databases }])
    const epoch = await results('SELECT v FROM m', reads, 'db=b1&epoch=s')
    assert.deepEqual(epoch[0].series[0].values, [[1700000000, 1]])
    const keys = await results('SHOW TAG KEYS')
    assert.deepEqual(keys[0].series, [{ name: 'm', columns: ['tagKey'], values: [['t']] }])
    const values = await results('SHOW TAG VALUES FROM m WITH KEY = t')
    assert.deepEqual(values[0].series, [{ name: 'm', columns: ['key', 'value'], values: [['t', 'a']] }])
    assert.deepEqual(await results('SELECT * FROM nothing'), [{ statement_id: 0 }])
  })

  test('InfluxQL refuses foreign databases inside the answer, and unparsable text outside of it', async () => {
    const missing = { statement_id: 0, error: 'database not found: b2' }
    for (const q of [
      'SELECT * FROM b2..s',
      'SELECT * FROM (SELECT * FROM b2..s)',
      'SELECT * FROM m, b2..s',
    ]) {
      assert.deepEqual(await results(q), [missing], q)
    }
    const second = await results('SHOW MEASUREMENTS; SELECT * FROM b2..s')
    assert.deepEqual(second[1], { ...missing, statement_id: 1 })
    const nameless = [{ statement_id: 0, error: 'database name required' }]
    assert.deepEqual(await results('SELECT * FROM m', reads, 'x=1'), nameless)
    for (const q of ['CREATE DATABASE x', 'SELECT * INTO x FROM m', 'SHOW USERS', 'DROP SERIES FROM m']) {
      assert.match((await results(q))[0].error, /^not implemented: /, q)
    }
    const deletion = [{ statement_id: 0, error: 'insufficient permissions' }]
    for (const q of ['DELETE FROM m', 'DROP MEASUREMENT m']) assert.deepEqual(await results(q), deletion)
    const starts = 'SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL'
    const wrong = await query('SELEC')
    assert.equal(
      refusal(wrong),
      `400 failed to parse query: found SELEC, expected ${starts} at line 1, char 1`,
    )
    assert.equal(refusal(await scene.ask('GET', '/query?db=b1')), '400 mime: no media type')
  })

  test('hole: a multipart request reads a file of the server', async () => {
    writeFileSync(join(scene.workingDirectory, 'leak.txt'), 'topsecret text')
    const ask = (filename: string) => {
      const disposition = `Content-Disposition: form-data; name="q"; filename="${filename}"`
      const body = `--x\r\n${disposition}\r\n\r\nSHOW DATABASES\r\n--x--\r\n`
      return scene.ask('POST', '/query?db=b1', body, {
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      })
    }
    assert.match(refusal(await ask('leak.txt')), /^400 failed to parse query: found topsecret, expected/)
    assert.match(refusal(await ask('elsewhere/leak.txt')), /found topsecret/)
    assert.equal(refusal(await ask('missing.txt')), '500 An internal error has occurred - check server logs')
  })

  test('the form wins over the URL', async () => {
    const { json } = await scene.ask('POST', '/query?db=b1&q=SHOW+DATABASES', 'db=b2&q=SHOW+MEASUREMENTS', {
      headers: FORM,
    })
    assert.deepEqual(json.results[0].series[0].values, [['s']])
  })

  test('mappings are checked as buckets, in the bucket’s own organization', async () => {
    const body = { orgID: scene.orgID, bucketID: scene.bucketID, database: 'db1', retention_policy: 'rp1' }
    const post = (more: object, token = scene.operatorToken) =>
      scene.ask('POST', '/api/v2/dbrps', { ...body, ...more }, { token })
    const made = await post({})
    assert.equal(made.status, 201)
    assert.deepEqual([made.json.default, made.json.virtual], [true, false])
    assert.equal((await post({})).status, 422)
    const name = `write:orgs/${scene.orgID}/buckets/${scene.bucketID}`
    assert.equal(refusal(await post({ database: 'x' }, reads)), `401 ${name} is unauthorized`)
    const { orgID } = scene
    const wide = await scene.mint([
      permission('write', 'buckets', { orgID }),
      permission('read', 'buckets', { orgID }),
    ])
    assert.equal((await post({ bucketID: foreign, database: 'y' }, wide)).status, 401)
    const listed = await scene.ask('GET', `/api/v2/dbrps?orgID=${orgID}&db=db1`)
    assert.deepEqual(
      listed.json.content.map(({ database, bucketID }: Record<string, string>) => [database, bucketID]),
      [['db1', scene.bucketID]],
    )
    assert.equal((await scene.ask('POST', '/write?db=db1', 'mapped v=1 1')).status, 204)
    assert.match(JSON.stringify(await results('SHOW MEASUREMENTS', reads, 'db=db1')), /mapped/)
    const path = `/api/v2/dbrps/${made.json.id}?orgID=${orgID}`
    assert.equal((await scene.ask('DELETE', path)).status, 204)
    assert.equal(refusal(await scene.ask('GET', path)), '404 unable to find DBRP')
  })
})
