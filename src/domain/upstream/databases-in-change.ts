import type { DatabasesInChange } from '../records/upstream-databases.ts'

export function createDatabasesInChange(): DatabasesInChange {
  let ended = 0
  const open = new Map<string, number>()
  const endedAt = new Map<string, number>()
  return {
    begin(databases) {
      for (const each of databases) open.set(each, (open.get(each) ?? 0) + 1)
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        ended += 1
        // A look at the databases takes seconds at most, so it asks about recent ends only.
        if (endedAt.size >= MOST_KEPT) endedAt.clear()
        for (const each of databases) {
          const left = (open.get(each) ?? 1) - 1
          if (left > 0) open.set(each, left)
          else open.delete(each)
          endedAt.set(each, ended)
        }
      }
    },
    now: () => ended,
    isChangedSince: (moment, database) => open.has(database) || (endedAt.get(database) ?? 0) > moment,
  }
}

const MOST_KEPT = 10_000
