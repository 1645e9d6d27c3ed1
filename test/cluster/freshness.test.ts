/**
 * A change that one node acknowledged is seen by every other at once: some hundred tries to see it otherwise, on
 * three nodes. `npm run torture -- --cluster` makes thousands. SLUICE_FRESHNESS_SEED repeats a run.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../../cluster/cluster.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.mjs'
import { redisProgram } from '../../scripts/engines/redis.mjs'
import { createClient } from '../../torture/cluster/client.ts'
import { freshness } from '../../torture/cluster/freshness.ts'
import { settingUp } from '../../torture/cluster/people.ts'
import { seedOf } from '../../torture/cluster/random.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'

test('no node goes on with what another has changed', { skip, timeout: 120_000 }, async (t) => {
  const seed = seedOf(process.env.SLUICE_FRESHNESS_SEED)
  t.diagnostic(`seed ${seed}`)
  const wrong: string[] = []
  const client = createClient((what) => wrong.push(what))
  const cluster = await startCluster({
    port: false,
    durable: false,
    flags: ['--log-level', 'warn', '--guess-address-limit', '1000000'],
  })
  t.after(async () => {
    client.close()
    await cluster.stop()
  })
  const urls = cluster.nodes.map(({ url }) => url)
  const world = await settingUp(client, urls[0] ?? '', (what) => wrong.push(what))
  const result = await freshness({ client, urls, world, tries: 400, seed, workers: 6 })
  assert.deepEqual(result.stale, [], `seed ${seed}`)
  assert.deepEqual(wrong, [], `seed ${seed}`)
  assert.ok(result.tries >= 400)
  assert.ok(
    result.unavailable < result.requests / 100,
    `${result.unavailable} of ${result.requests} were unavailable, and nothing is away`,
  )
})
