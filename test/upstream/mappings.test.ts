/** DBRP mappings are changed upstream alone, and are the same here soon. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startUpstream } from '../support/influxd/upstream.ts'
import { type MirroredServer, startMirrored } from './world.ts'

const DEADLINE_MS = 20_000

suite('DBRP mappings', () => {
  let server: MirroredServer
  before(async () => {
    server = await startMirrored(await startUpstream())
  })
  after(async () => {
    await server?.stop()
    await server?.upstream.stop()
  })

  const here = async () =>
    (await server.store.dbrpMappings.list({}))
      .map(({ database, retentionPolicy, isDefault }) => `${database}/${retentionPolicy} ${isDefault}`)
      .sort()

  async function until(expected: readonly string[]): Promise<void> {
    const begun = performance.now()
    while (JSON.stringify(await here()) !== JSON.stringify(expected)) {
      assert.ok(performance.now() - begun < DEADLINE_MS, `${await here()}`)
      await sleep(20)
    }
  }

  test('follow each forwarded change, without those that stand for a bucket by its name', async () => {
    const { ask, orgID, bucketID } = server
    const mapping = { orgID, bucketID, database: 'db', retention_policy: 'one', default: true }
    const { status, json, text } = await ask('POST', '/api/v2/dbrps', mapping)
    assert.equal(status, 201, text)
    await until(['db/one true'])
    const [found] = await server.store.dbrpMappings.list({})
    assert.deepEqual([found?.id, found?.orgID, found?.bucketID], [json.id, orgID, bucketID])
    await ask('POST', '/api/v2/dbrps', { ...mapping, retention_policy: 'two' })
    await until(['db/one false', 'db/two true'])
    await ask('PATCH', `/api/v2/dbrps/${json.id}?orgID=${orgID}`, { retention_policy: 'renamed' })
    await until(['db/renamed false', 'db/two true'])
    await ask('DELETE', `/api/v2/dbrps/${json.id}?orgID=${orgID}`)
    await until(['db/two true'])
  })
})
