/** Writes and deletions of 2.x, with the hole between organizations. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { permission } from './core/permissions.ts'
import { refusal, type Scene, startScene } from './scene.ts'

const ALL_TIME = { start: '1970-01-01T00:00:00Z', stop: '2050-01-01T00:00:00Z' }

describe('writes and deletions', () => {
  let scene: Scene
  let foreignOrg: string
  let foreign: string
  before(async () => {
    scene = await startScene()
    foreignOrg = await scene.makeOrg('o2')
    foreign = await scene.makeBucket(foreignOrg, 'x1')
  })
  after(() => scene?.stop())

  const write = (query: string, body: string | Buffer, more = {}) =>
    scene.ask('POST', `/api/v2/write?${query}`, body, more)
  const read = async (id: string) => (await scene.flux(`from(bucketID: "${id}") |> range(start: 0)`)).text

  test('refusals name their reason', async () => {
    const cases: readonly [string, string, string][] = [
      ['org=o1&bucket=zz', 'm v=1', '404 bucket "zz" not found'],
      ['org=zz&bucket=b1', 'm v=1', '404 organization name "zz" not found'],
      ['orgID=zz&bucket=b1', 'm v=1', '400 id must have a length of 16 bytes'],
      ['org=o1', 'm v=1', '404 bucket not found'],
      [`org=o1&bucketID=${scene.bucketID}`, 'm v=1', '404 bucket not found'],
      ['bucket=b1', 'm v=1', '400 Please provide either orgID or org'],
      ['org=o1&Bucket=b1', 'm v=1', '404 bucket not found'],
      [
        'org=o1&bucket=b1&precision=h',
        'm v=1',
        '400 invalid precision; valid precision units are ns, us, ms, and s',
      ],
      ['org=o1&bucket=b1', 'm,t v=1', "400 unable to parse 'm,t v=1': missing tag value"],
      [
        'org=o1&bucket=b1',
        'm\nm v= 1',
        "400 unable to parse 'm': missing fields\nunable to parse 'm v= 1': missing field value",
      ],
      ['org=o1&bucket=b1', 'm v="x', `400 unable to parse 'm v="x': unbalanced quotes`],
    ]
    for (const [query, body, expected] of cases) assert.equal(refusal(await write(query, body)), expected)
  })

  test('a field keeps its type', async () => {
    await scene.write('b1', 'typed v=1 1')
    const { status, json } = await write('org=o1&bucket=b1', 'typed v="x" 2')
    assert.equal(status, 422)
    const conflict = 'input field "v" on measurement "typed" is type string, already exists as type float'
    const reason = `partial write: field type conflict: ${conflict} dropped=1`
    assert.equal(json.message, `failure writing points to database: ${reason}`)
  })

  test('names and ids are taken, the first of repeated parameters, and parameters are decoded once', async () => {
    const ids = `org=${scene.orgID}&bucket=${scene.bucketID}`
    for (const query of [ids, 'org=o1&bucket=b1&bucket=zz', 'org=o1&bucket=%62%31']) {
      assert.equal((await write(query, 'named v=1 1')).status, 204, query)
    }
    for (const query of ['org=o1&bucket=zz&bucket=b1', 'org=o1&bucket=%2562%2531']) {
      assert.equal((await write(query, 'named v=1 1')).status, 404, query)
    }
  })

  test('gzip is unzipped; other encodings are not known', async () => {
    const gzip = { headers: { 'content-encoding': 'gzip' } }
    assert.equal((await write('org=o1&bucket=b1', gzipSync('zipped v=1 1'), gzip)).status, 204)
    assert.match(await read(scene.bucketID), /zipped/)
    const bad = await write('org=o1&bucket=b1', 'm v=1', gzip)
    assert.equal(refusal(bad), '500 An internal error has occurred - check server logs')
    const deflate = { headers: { 'content-encoding': 'deflate' } }
    assert.equal((await write('org=o1&bucket=b1', 'plain v=1 1', deflate)).status, 204)
  })

  test('the path with a slash at the end redirects', async () => {
    const { status, headers } = await scene.ask('POST', '/api/v2/write/?org=o1&bucket=b1', 'm v=1')
    assert.deepEqual([status, headers.location], [308, '/api/v2/write?org=o1&bucket=b1'])
  })

  test('hole: org-wide permissions write and delete in foreign buckets named by id', async () => {
    const token = await scene.mint([permission('write', 'buckets', { orgID: scene.orgID })])
    const byID = `orgID=${scene.orgID}&bucket=${foreign}`
    assert.equal((await write(byID, 'crossed v=1 1', { token })).status, 204)
    assert.match(await read(foreign), /crossed/)
    const path = `/api/v2/delete?orgID=${scene.orgID}&bucketID=${foreign}`
    assert.equal((await scene.ask('POST', path, ALL_TIME, { token })).status, 204)
    assert.doesNotMatch(await read(foreign), /crossed/)
    const honest = await write(`orgID=${foreignOrg}&bucket=x1`, 'm v=1', { token })
    assert.equal(refusal(honest), '403 insufficient permissions for write')
  })

  test('a permission by id, with or without organization, covers that bucket only', async () => {
    for (const at of [{ id: scene.bucketID, orgID: scene.orgID }, { id: scene.bucketID }]) {
      const token = await scene.mint([permission('write', 'buckets', at)])
      assert.equal((await write('org=o1&bucket=b1', 'own v=1 1', { token })).status, 204)
      const cross = await write(`org=o1&bucket=${foreign}`, 'm v=1', { token })
      assert.equal(refusal(cross), '403 insufficient permissions for write')
      const path = `/api/v2/delete?org=o1&bucketID=${foreign}`
      const gone = await scene.ask('POST', path, ALL_TIME, { token })
      assert.equal(refusal(gone), '403 insufficient permissions to delete')
    }
  })

  test('deletions take a predicate, and the id wins over the name', async () => {
    const bucket = await scene.makeBucket(scene.orgID, 'deletions')
    await scene.write('deletions', 'one v=1 1\ntwo v=1 1')
    const body = { ...ALL_TIME, predicate: '_measurement="one"' }
    const path = `/api/v2/delete?org=o1&bucket=b1&bucketID=${bucket}`
    assert.equal((await scene.ask('POST', path, body)).status, 204)
    const left = await read(bucket)
    assert.match(left, /two/)
    assert.doesNotMatch(left, /one/)
    const nowhere = await scene.ask('POST', '/api/v2/delete?org=o1', ALL_TIME)
    assert.equal(refusal(nowhere), '400 Please provide either bucketID or bucket')
  })
})
