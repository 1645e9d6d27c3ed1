import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { createMirroredWorld } from '../../../test/support/mirrored-world.ts'
import type { ID } from '../base/id.ts'
import { createComparison } from './comparison.ts'

const PAGE = { limit: 100, offset: 0, descending: false }
const MINUTE = 60_000

/** A world whose timers the test moves. */
async function timed(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const world = await createMirroredWorld()
  t.after(() => world.comparison.stop())
  return {
    ...world,
    async pass(ms: number) {
      t.mock.timers.tick(ms)
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    },
    names: async () => (await world.store.buckets.list({}, PAGE)).map(({ name }) => name).sort(),
  }
}

suite('the comparison', () => {
  test('a bucket made upstream is here within a minute, and is recorded', async (t) => {
    const { upstream, orgID, pass, names, audited } = await timed(t)
    const { id } = upstream.addBucket(orgID, 'made there')
    await pass(MINUTE)
    assert.deepEqual(await names(), ['_monitoring', '_tasks', 'made there', 'points'])
    const event = (await audited()).at(-1)
    assert.deepEqual(
      [event?.event, event?.target.id, event?.userAgent],
      ['bucket.create', id, 'sluice upstream'],
    )
  })

  test('description and retention of a bucket follow upstream, its name does not', async (t) => {
    const { upstream, bucketID, pass, store, differing } = await timed(t)
    const bucket = upstream.buckets.get(bucketID)
    assert.ok(bucket)
    upstream.buckets.set(bucketID, { ...bucket, description: 'by a template', retentionSeconds: 7200 })
    await pass(MINUTE)
    const { description, retentionSeconds } = (await store.buckets.byID(bucketID)) ?? {}
    assert.deepEqual([description, retentionSeconds], ['by a template', 7200])
    upstream.buckets.set(bucketID, {
      ...bucket,
      name: 'renamed',
      description: 'by a template',
      retentionSeconds: 7200,
    })
    await pass(MINUTE)
    assert.equal((await store.buckets.byID(bucketID))?.name, 'points')
    assert.deepEqual(await differing(), ['bucket other-name'])
  })

  test('DBRP mappings are upstream’s after ten minutes, and soon if asked for', async (t) => {
    const { upstream, orgID, bucketID, pass, store, comparison } = await timed(t)
    const mapping = { orgID, bucketID, database: 'db', retentionPolicy: 'rp', isDefault: true }
    const [one, other] = ['0000000000000f01' as ID, '0000000000000f02' as ID]
    const ids = async () => (await store.dbrpMappings.list({})).map(({ id }) => id)
    upstream.mappings.set(one, { ...mapping, id: one })
    // To a bucket that is not here.
    upstream.mappings.set(other, { ...mapping, id: other, database: 'x', bucketID: other })
    await pass(MINUTE)
    assert.deepEqual(await ids(), [])
    for (let minute = 0; minute < 10; minute++) await pass(MINUTE)
    assert.deepEqual(await ids(), [one])
    upstream.mappings.delete(one)
    comparison.soon()
    await pass(0)
    assert.deepEqual(await ids(), [])
  })

  test('nothing else is added, and nothing is removed', async (t) => {
    const { upstream, bucketID, pass, store, comparison, lines } = await timed(t)
    upstream.addUser({ name: 'there', status: 'active' })
    const { id } = upstream.addOrganization({ name: 'there', description: '' })
    upstream.buckets.delete(bucketID)
    for (let count = 0; count < 3; count++) await pass(MINUTE)
    assert.ok(await store.buckets.byID(bucketID))
    assert.equal(await store.users.count(), 1)
    assert.deepEqual(await store.buckets.idsOfOrganization(id), [])
    assert.equal(comparison.latest().length, 3)
    const said = lines.filter(({ message }) => message.includes('sluice upstream status'))
    assert.equal(said.length, 1)
  })

  test('a name that another bucket has here stays a difference', async (t) => {
    const { upstream, orgID, changes, ids, pass, differing, store } = await timed(t)
    const { id, ...bucket } = upstream.addBucket(orgID, 'twice')
    await changes((change) => change.buckets.add({ ...bucket, id: ids.next() }))
    await pass(MINUTE)
    assert.equal(await store.buckets.byID(id), undefined)
    assert.deepEqual(await differing(), ['bucket other-id'])
  })

  test('it asks no more than a few lists, and memberships every tenth minute', async (t) => {
    const { upstream, pass } = await timed(t)
    let [lists, members] = [0, 0]
    const { list, membershipsOf } = upstream.identities
    upstream.identities.list = () => {
      lists += 1
      return list()
    }
    upstream.identities.membershipsOf = (resources) => {
      members += 1
      return membershipsOf(resources)
    }
    for (let count = 0; count < 40; count++) await pass(30_000)
    assert.deepEqual([lists, members], [40, 2])
  })

  test('what is being changed just now is neither a difference nor added twice', async (t) => {
    const world = await timed(t)
    const { upstream, buckets, operator, orgID, comparison, names, differing } = world
    const given = Promise.withResolvers<void>()
    const { createBucket } = upstream.identities
    upstream.identities.createBucket = async (bucket) => {
      const id = await createBucket(bucket)
      // The comparison runs while the answer is under way, twice: upstream is slow.
      await comparison.run(false)
      given.resolve()
      return id
    }
    const bucket = await buckets.create(operator, { orgID, name: 'slow' })
    await given.promise
    assert.equal(bucket.name, 'slow')
    assert.deepEqual(await names(), ['_monitoring', '_tasks', 'points', 'slow'])
    assert.deepEqual(await differing(), [])
  })

  test('a bucket that is deleted meanwhile does not come back', async (t) => {
    const { upstream, buckets, operator, bucketID, comparison, store } = await timed(t)
    const { list } = upstream.identities
    upstream.identities.list = async () => {
      const records = await list()
      if (await store.buckets.byID(bucketID)) await buckets.remove(operator, bucketID)
      return records
    }
    await comparison.run(false)
    assert.equal(await store.buckets.byID(bucketID), undefined)
  })

  test('two nodes that compare at the same time add it once', async (t) => {
    const { upstream, orgID, comparison, store, changes, log, audited } = await timed(t)
    const parts = { records: store, upstream: upstream.identities, changes, log }
    const other = createComparison({ ...parts, wait: async () => {} })
    t.after(() => other.stop())
    const { id } = upstream.addBucket(orgID, 'made there')
    await Promise.all([comparison.run(false), other.run(false)])
    assert.deepEqual([comparison.latest(), other.latest()], [[], []])
    assert.equal((await audited()).filter(({ target }) => target.id === id).length, 1)
  })

  test('asked to, it runs soon, once for many questions, and not after the end', async (t) => {
    const { upstream, orgID, comparison, names, pass } = await timed(t)
    upstream.addBucket(orgID, 'from a template')
    for (let count = 0; count < 5; count++) comparison.soon()
    await pass(0)
    assert.ok((await names()).includes('from a template'))
    await comparison.stop()
    upstream.addBucket(orgID, 'later')
    comparison.soon()
    await pass(MINUTE)
    assert.ok(!(await names()).includes('later'))
  })

  test('an upstream that is away ends nothing, and is no error', async (t) => {
    const { upstream, orgID, pass, names, lines } = await timed(t)
    upstream.state.isAway = true
    await pass(MINUTE)
    assert.ok(lines.every(({ level }) => level !== 'error'))
    upstream.state.isAway = false
    upstream.addBucket(orgID, 'back')
    await pass(MINUTE)
    assert.ok((await names()).includes('back'))
  })
})
