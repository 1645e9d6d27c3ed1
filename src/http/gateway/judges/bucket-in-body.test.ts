import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { arrivalOf } from '../../../../test/support/arrival.ts'
import { bothOf, createGatewayWorld } from '../../../../test/support/gateway-world.ts'
import { refused } from '../../../../test/support/refused.ts'
import { NOBODY } from '../../../../test/support/world.ts'
import { permission } from '../../../domain/records/permission.ts'
import { judgeBucketInBody } from './bucket-in-body.ts'

async function setUp() {
  const { deps, a, b, tokenOf } = await createGatewayWorld()
  const owner = tokenOf(a.orgID, ...bothOf('buckets', a.orgID))
  const send = (body: unknown, { caller = owner, method = 'POST', target = '/api/v2/scrapers' } = {}) =>
    judgeBucketInBody(deps)(
      arrivalOf(caller, method, target, {
        body: typeof body === 'string' || body === undefined ? (body as string) : JSON.stringify(body),
      }),
    )
  return { a, b, tokenOf, send }
}

suite('a scraper or replication', () => {
  test('goes on with its bucket, and its body written anew', async () => {
    const { send, a } = await setUp()
    const fields = { orgID: a.orgID, bucketID: a.bucketID, url: 'http://h/metrics' }
    assert.deepEqual(
      await send(` { "url":"x", ${JSON.stringify(fields).slice(1)}`, {
        target: '/api/v2/scrapers?u=ada&p=secret',
      }),
      {
        ...{ orgID: a.orgID, target: '/api/v2/scrapers', contentType: 'application/json' },
        body: Buffer.from(JSON.stringify({ url: 'http://h/metrics', orgID: a.orgID, bucketID: a.bucketID })),
      },
    )
    const replication = { orgID: a.orgID, localBucketID: a.bucketID.toUpperCase() }
    assert.ok(await send(replication, { target: '/api/v2/replications' }))
    assert.ok(await send({ name: 'x' }, { method: 'PATCH', target: `/api/v2/scrapers/${NOBODY}` }))
    assert.equal((await send(undefined)).body, undefined)
  })

  test('is refused with a bucket of another organization, which InfluxDB would take', async () => {
    const { send, a, b } = await setUp()
    for (const name of ['bucketID', 'localBucketID']) {
      for (const target of [
        '/api/v2/scrapers',
        '/api/v2/replications',
        `/api/v2/scrapers?orgID=${a.orgID}`,
      ]) {
        await refused(
          () => send({ orgID: a.orgID, [name]: b.bucketID }, { target }),
          'not found',
          'bucket not found',
        )
      }
      await refused(() => send({ orgID: b.orgID, [name]: a.bucketID }), 'not found')
      await refused(() => send({ orgID: a.orgID, [name]: NOBODY }), 'not found')
    }
  })

  test('is refused with a bucket that the caller may not use so: a scraper writes, a replication reads', async () => {
    const { send, a, tokenOf } = await setUp()
    const reader = tokenOf(a.orgID, permission('read', 'buckets', { orgID: a.orgID }))
    const writer = tokenOf(a.orgID, permission('write', 'buckets', { orgID: a.orgID }))
    const scraper = { orgID: a.orgID, bucketID: a.bucketID }
    const replication = { orgID: a.orgID, localBucketID: a.bucketID }
    await refused(() => send(scraper, { caller: reader }), 'not found')
    await refused(() => send(replication, { caller: writer }), 'not found')
    assert.ok(await send(scraper, { caller: writer }))
    assert.ok(await send(replication, { caller: reader }))
  })

  test('is refused with a decisive field in another spelling, which Go reads as the field', async () => {
    const { send, a, b } = await setUp()
    for (const name of [
      'bucketid',
      'BUCKETID',
      'BucketID',
      'bucKetID',
      'buc\u212aetID',
      'orgid',
      'ORG',
      'localBuc\u212aetid',
    ]) {
      const body = { orgID: a.orgID, bucketID: a.bucketID, [name]: b.bucketID }
      await refused(() => send(body), 'invalid', /must be spelled as documented/)
    }
  })

  test('has of a field that is there twice the last one, as it was judged', async () => {
    const { send, a, b } = await setUp()
    const twice = (first: string, last: string) =>
      `{"orgID":"${a.orgID}","bucketID":"${first}","bucketID":"${last}"}`
    await refused(() => send(twice(a.bucketID, b.bucketID)), 'not found')
    assert.ok(!String((await send(twice(b.bucketID, a.bucketID))).body).includes(b.bucketID))
  })

  test('is refused where the bucket is no id, or the body no object', async () => {
    const { send, a } = await setUp()
    for (const bucketID of [null, 7, '', 'points', ['x'], {}]) {
      await refused(() => send({ orgID: a.orgID, bucketID }), 'invalid', /must be the id of a bucket/)
    }
    for (const body of ['[]', 'x', '{}{}', '']) {
      if (body !== '') await refused(() => send(body), 'invalid')
    }
  })
})
