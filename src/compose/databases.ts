/** What watches over the upstreams that have databases. */
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createDatabaseKeeper, type DatabaseKeeper } from '../domain/upstream/database-keeper.ts'
import type { DatabaseLink } from './database-links.ts'

export type ComposedDatabases = ReturnType<typeof composeDatabases>

/** The background work for upstreams that have databases. */
export function composeDatabases(
  links: readonly DatabaseLink[],
  parts: {
    readonly store: Pick<IdentityStore, 'organizations' | 'buckets'>
    readonly changes: Changes
    readonly ids: IDGenerator
    readonly now: Clock
    readonly log: Log
    readonly onChange: (listener: () => void) => void
  },
) {
  const keepers: readonly DatabaseKeeper[] = links.map(({ upstream }) =>
    createDatabaseKeeper({ ...parts, ...parts.store, upstream }),
  )
  if (keepers.length > 0) {
    parts.onChange(() => {
      for (const keeper of keepers) keeper.soon()
    })
  }
  return {
    keepers,
    problem: (): string | undefined =>
      keepers.map((each) => each.problem()).find((each) => each !== undefined),
    begin: async () => void (await Promise.all(keepers.map((each) => each.look()))),
    async stop() {
      await Promise.all(keepers.map((each) => each.stop()))
      await Promise.all(links.map((each) => each.close()))
    },
  }
}
