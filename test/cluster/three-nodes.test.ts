/** A short run of what `npm run torture -- --cluster` does for minutes. FRESHNESS_SEED repeats a run. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'
import { createClient } from '../../torture/cluster/client.ts'
import { freshness } from '../../torture/cluster/freshness.ts'
import { settingUp, type World } from '../../torture/cluster/people.ts'
import { seedOf } from '../../torture/cluster/random.ts'
import { basic } from '../support/http.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'
const wrong: string[] = []
const client = createClient((what) => wrong.push(what))
let cluster: Cluster
let world: World
let urls: string[]

suite('three nodes', { skip, timeout: 150_000 }, () => {
  before(async () => {
    const flags = ['--log-level', 'warn', '--guess-address-limit', '1000000']
    cluster = await startCluster({ port: false, durable: false, flags })
    urls = cluster.nodes.map(({ url }) => url)
    world = await settingUp(client, urls[0] ?? '', (what) => wrong.push(what))
  })
  after(async () => {
    client.close()
    await cluster?.stop()
  })

  test('no node uses data from before a change on another node', async (t) => {
    const seed = seedOf(process.env.FRESHNESS_SEED)
    t.diagnostic(`seed ${seed}`)
    const result = await freshness({ client, urls, world, tries: 400, seed, workers: 6 })
    assert.deepEqual(result.stale, [], `seed ${seed}`)
    assert.deepEqual(wrong, [], `seed ${seed}`)
    assert.ok(result.tries >= 400)
    const calm = result.unavailable < result.requests / 100
    assert.ok(calm, `${result.unavailable} of ${result.requests} were unavailable, and nothing is away`)
  })

  test('wrong passwords are counted across all nodes', async () => {
    const guesses = Array.from({ length: 60 }, (_, i) =>
      client.ask(urls[i % urls.length] ?? '', 'POST', '/api/v2/signin', {
        headers: { authorization: basic('ada', `wrong ${i}`) },
      }),
    )
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    const of = (status: number) => statuses.filter((each) => each === status).length
    assert.deepEqual([of(401), of(429)], [5, 55], `${statuses}`)
  })
})
