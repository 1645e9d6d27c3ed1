import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type ArrivalOptions, arrivalOf } from '../../../../test/support/arrival.ts'
import { createGatewayWorld } from '../../../../test/support/gateway-world.ts'
import { refused } from '../../../../test/support/refused.ts'
import { permission } from '../../../domain/records/permission.ts'
import { judgeDelete, judgeWrite } from './write.ts'

async function setUp() {
  const { deps, tokenOf, a, b } = await createGatewayWorld()
  const caller = tokenOf(a.orgID, permission('write', 'buckets', { orgID: a.orgID }))
  const line = { body: 'm v=1' }
  const ask =
    (judge: typeof judgeWrite, path: string) =>
    (query: string, options: ArrivalOptions = line) =>
      judge(deps.buckets)(arrivalOf(caller, 'POST', `${path}?${query}`, options))
  return {
    ...{ deps, tokenOf, a, b, caller },
    write: ask(judgeWrite, '/api/v2/write'),
    remove: ask(judgeDelete, '/api/v2/delete'),
  }
}

suite('a write', () => {
  test('goes to the bucket by its id, in its organization, whatever named it', async () => {
    const { write, a } = await setUp()
    const target = `/api/v2/write?org=${a.orgID}&bucket=${a.bucketID}`
    for (const query of [
      'org=a&bucket=points',
      `orgID=${a.orgID}&bucket=points`,
      `org=${a.orgID}&bucket=${a.bucketID}`,
      'org=a&bucket=%70oint%73',
      `org=a&orgID=${a.orgID}&bucket=points`,
      'org=a&bucket=points&bucketID=ffffffffffff0001&x=y&u=ada&p=secret&consistency=any',
    ]) {
      const { body, ...rest } = await write(query)
      assert.deepEqual(rest, { orgID: a.orgID, bucketID: a.bucketID, target }, query)
      assert.equal(body, 'as-sent')
    }
    assert.equal((await write('org=a&bucket=points&precision=n%26s')).target, `${target}&precision=n%26s`)
    assert.equal((await write('org=a&bucket=points', {})).body, undefined)
  })

  test('is not read: a large one, or one that is packed, passes as it comes', async () => {
    const { deps, caller } = await setUp()
    const headers = { 'content-encoding': 'GZIP' }
    const arrival = arrivalOf(caller, 'POST', '/api/v2/write?org=a&bucket=points', { body: 'x', headers })
    await judgeWrite(deps.buckets)(arrival)
    assert.equal(arrival.reads, 0)
  })

  test('is refused without permission, in InfluxDB’s words', async () => {
    const { write, deps, tokenOf, a } = await setUp()
    await refused(() => write('org=b&bucket=points'), 'forbidden', 'insufficient permissions for write')
    const reader = tokenOf(a.orgID, permission('read', 'buckets', { orgID: a.orgID }))
    const arrival = arrivalOf(reader, 'POST', '/api/v2/write?org=a&bucket=points', { body: 'x' })
    await refused(() => judgeWrite(deps.buckets)(arrival), 'forbidden', 'insufficient permissions for write')
  })

  test('is refused into a bucket of another organization, by its id', async () => {
    const { write, a, b } = await setUp()
    for (const query of [
      `org=a&bucket=${b.bucketID}`,
      `orgID=${a.orgID}&bucket=${b.bucketID.toUpperCase()}`,
      `org=a&bucketID=${a.bucketID}`,
      'org=a&Bucket=points',
      'org=a&bucket=%2570oints',
      'org=a',
      'bucket=points',
      '',
    ]) {
      await refused(() => write(query), 'not found', undefined)
    }
  })

  test('is refused where it is packed in a way that InfluxDB would take for plain text', async () => {
    const { write } = await setUp()
    for (const coding of ['gzip, gzip', 'deflate', 'br', 'x-gzip', 'gzip ', '', 'identity, gzip']) {
      const headers = { 'content-encoding': coding }
      await refused(
        () => write('org=a&bucket=points', { body: 'x', headers }),
        'unsupported media type',
        /gzip, identity or left out/,
      )
    }
  })
})

suite('a delete', () => {
  const predicate = JSON.stringify({ start: '2020-01-01T00:00:00Z', stop: '2020-01-02T00:00:00Z' })

  test('goes to the bucket by its id, and is kept for the audit log', async () => {
    const { remove, a } = await setUp()
    for (const query of ['org=a&bucket=points', `orgID=${a.orgID}&bucketID=${a.bucketID}`]) {
      assert.deepEqual(await remove(query, { body: predicate }), {
        ...{ orgID: a.orgID, bucketID: a.bucketID, body: Buffer.from(predicate), statement: predicate },
        target: `/api/v2/delete?orgID=${a.orgID}&bucketID=${a.bucketID}`,
      })
    }
  })

  test('is refused in a bucket of another organization, by its id, and with two buckets', async () => {
    const { remove, a, b } = await setUp()
    const body = { body: predicate }
    await refused(() => remove(`orgID=${a.orgID}&bucketID=${b.bucketID}`, body), 'not found')
    await refused(() => remove(`org=a&bucket=${b.bucketID}`, body), 'not found')
    await refused(() => remove(`org=a&bucket=points&bucketID=${b.bucketID}`, body), 'not found')
    const other = `org=a&bucket=other&bucketID=${a.bucketID}`
    await refused(() => remove(other, body), 'invalid', /two different/)
    await refused(
      () => remove('org=b&bucket=points', body),
      'forbidden',
      'insufficient permissions to delete',
    )
  })

  test('is refused before its body is asked for', async () => {
    const { deps, caller } = await setUp()
    const arrival = arrivalOf(caller, 'POST', '/api/v2/delete?org=b&bucket=points', { body: predicate })
    await refused(() => judgeDelete(deps.buckets)(arrival), 'forbidden')
    assert.equal(arrival.reads, 0)
  })

  test('is refused where its body is large', async () => {
    const { remove } = await setUp()
    await refused(() => remove('org=a&bucket=points', { body: 'x'.repeat(1_048_577) }), 'request too large')
  })
})
