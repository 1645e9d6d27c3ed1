/** The recorded steps again, on two nodes that share PostgreSQL and Redis: consecutive steps go to different nodes. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import { playStep, readScenarios } from '../conformance/scenario.ts'
import { emptyDatabase, withoutPostgres } from '../support/engines/postgres.ts'
import { ownPrefix, sharedRedis, withoutRedis } from '../support/redis.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const skip = withoutPostgres || withoutRedis.skip || false

/** Two nodes on an empty database. */
async function startNodes(): Promise<RunningServer[]> {
  const url = await emptyDatabase()
  const { host, port } = await sharedRedis()
  const argv = [
    ...['--store', 'postgres', '--postgres-url', url],
    ...[
      '--session-store',
      'redis',
      '--redis-url',
      `redis://${host}:${port}`,
      '--redis-key-prefix',
      ownPrefix(),
    ],
  ]
  const open = () => openPostgresStore({ url, poolSize: 4, timeoutMs: 10_000 })
  const first = await startServer(argv, { open })
  return [first, await startServer(argv, { open })]
}

for (const { name, steps } of readScenarios()) {
  describe(`on two nodes: ${name}`, { skip }, () => {
    let nodes: RunningServer[] = []
    const saved = new Map<string, string>()
    before(async () => {
      nodes = await startNodes()
    })
    after(() => Promise.all(nodes.map((node) => node.stop())))

    for (const [index, step] of steps.entries()) {
      test(`${step.name}: ${step.request.method} ${step.request.path}`, async () => {
        const played = await playStep(nodes[index % 2]?.url ?? '', step, saved)
        assert.deepEqual(played.mismatches, [], played.received.text)
      })
    }
  })
}
