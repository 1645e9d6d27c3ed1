/** For tests: a world with an upstream in memory, what compares the two, and both set up by one setup. */
import { createComparison } from '../../src/domain/upstream/comparison.ts'
import { createRepair } from '../../src/domain/upstream/repair.ts'
import { createMemoryUpstream } from './memory-upstream.ts'
import { createWorld, ORIGIN, type WorldOptions } from './world.ts'

export async function createMirroredWorld(options: WorldOptions = {}) {
  const upstream = createMemoryUpstream()
  const world = await createWorld({ ...options, upstream })
  const parts = { records: world.store, upstream: upstream.identities, changes: world.changes }
  const comparison = createComparison({ ...parts, log: world.log, wait: async () => {} })
  const repair = createRepair({ ...parts, setup: upstream.setup, comparison })
  const names = { username: 'ada', password: 'correct horse', org: 'works', bucket: 'points' }
  const made = await world.setup.run(names, ORIGIN)
  upstream.calls.length = 0
  const operator = await world.asUser(made.user.id)
  return {
    ...{ ...world, upstream, comparison, repair, operator },
    ...{ userID: made.user.id, orgID: made.organization.id, bucketID: made.bucket.id },
    /** Kinds and types of what differs, sorted. */
    async differing() {
      return (await comparison.differences()).map(({ type, kind }) => `${type} ${kind}`).sort()
    },
  }
}
