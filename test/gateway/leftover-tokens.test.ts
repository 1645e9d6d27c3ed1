/** Tokens that a run of Sluice left upstream, because it was killed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createStoreMark } from '../../src/compose/store-mark.ts'
import { openMemoryStore } from '../../src/store/sqlite/open.ts'
import { startServer } from '../support/server.ts'
import { startGateway } from './scene.ts'

test('tokens that an earlier run left upstream are deleted at the next start, and no other', async (t) => {
  const scene = await startGateway()
  t.after(() => scene.stop())
  const { A } = scene.ids
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: A } }]
  const store = await openMemoryStore()
  const mark = await createStoreMark(store.sessionKey)()
  const others = ['of somebody, not sluice node', 'sluice node 1 of 0123456789ab: of another Sluice']
  for (const description of [
    `sluice node 1023 of ${mark}: left`,
    `sluice node 0 of ${mark}: left`,
    ...others,
  ]) {
    const body = { orgID: A, permissions, description }
    assert.equal((await scene.askUpstream('POST', '/api/v2/authorizations', body)).status, 201)
  }
  const descriptions = async (): Promise<string[]> => {
    const { json } = await scene.askUpstream('GET', '/api/v2/authorizations')
    return json.authorizations.map(({ description }: { description: string }) => description)
  }
  const ofMark = async () => (await descriptions()).filter((each) => each.includes(` of ${mark}: `))
  assert.equal((await scene.ask('GET', '/api/v2/labels')).status, 200)
  const before = await descriptions()
  const { url, operatorToken } = scene.upstream
  const next = await startServer(['--upstream-url', url, '--upstream-token', operatorToken], {
    open: async () => store,
  })
  t.after(() => next.stop())
  for (const end = Date.now() + 10_000; (await ofMark()).length > 0 && Date.now() < end; ) await sleep(50)
  assert.deepEqual(await ofMark(), [])
  const kept = before.filter((each) => !each.includes(` of ${mark}: `))
  assert.ok(
    kept.filter((each) => each.startsWith('sluice node')).length >= 2,
    'the first Sluice has one, too',
  )
  assert.deepEqual((await descriptions()).toSorted(), kept.toSorted())
})
