/** Tokens that a run of Sluice left upstream, because it was killed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from '../support/server.ts'
import { startGateway } from './scene.ts'

test('tokens that an earlier run left upstream are deleted at the next start, and no other', async (t) => {
  const scene = await startGateway()
  t.after(() => scene.stop())
  const { A } = scene.ids
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: A } }]
  for (const description of [
    'sluice node 1023: left',
    'sluice node 0: left',
    'of somebody, not sluice node',
  ]) {
    const body = { orgID: A, permissions, description }
    assert.equal((await scene.askUpstream('POST', '/api/v2/authorizations', body)).status, 201)
  }
  const { url, operatorToken } = scene.upstream
  const next = await startServer(['--upstream-url', url, '--upstream-token', operatorToken])
  t.after(() => next.stop())
  const descriptions = async (): Promise<string[]> => {
    const { json } = await scene.askUpstream('GET', '/api/v2/authorizations')
    return json.authorizations.map(({ description }: { description: string }) => description)
  }
  const left = async () => (await descriptions()).filter((each) => /^sluice node \d+: left/.test(each))
  for (const end = Date.now() + 10_000; (await left()).length > 0 && Date.now() < end; ) await sleep(50)
  assert.deepEqual(await left(), [])
  assert.ok((await descriptions()).includes('of somebody, not sluice node'))
})
