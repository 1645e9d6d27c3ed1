import type { ID } from '../../src/domain/base/id.ts'
import type { SharedStamps } from '../../src/domain/cluster/fenced-stamps.ts'
import type { Machine } from './machine.ts'
import type { Redis, Server, StampRecord } from './redis.ts'
import type { Scheduler } from './scheduler.ts'
import { MARK_MS } from './settings.ts'
import type { Variant } from './variants.ts'

interface SimulatedMark {
  readonly name: string
  readonly userIDs: readonly ID[]
}

/** The rules of `src/store/redis/sessions/stamps.ts`, on simulated servers. */
export function createSharedStamps(deps: {
  scheduler: Scheduler
  redis: Redis
  machine: Machine
  variant: Variant
  command: <T>(script: (server: Server) => T, on?: string) => Promise<T>
}): SharedStamps<SimulatedMark> {
  const { scheduler, redis, machine, variant, command } = deps
  const { note } = scheduler
  const unique = () => Math.floor(scheduler.random() * 2 ** 30).toString(36)

  function change(
    userIDs: readonly ID[],
    what: (server: Server, userID: ID, found: StampRecord) => StampRecord,
    on?: string,
  ) {
    const fresh = unique()
    return command((server) => {
      for (const userID of userIDs) {
        redis.write(
          server,
          userID,
          what(server, userID, server.stamps[userID] ?? { stamp: fresh, marks: {} }),
        )
      }
    }, on)
  }

  return {
    read(userID, on) {
      const fresh = unique()
      const at = machine.wall()
      return command((server) => {
        const found = server.stamps[userID]
        const marks = Object.entries(found?.marks ?? {})
        const live = marks.filter(([, deadline]) => deadline > at)
        const stamp = found && live.length === marks.length ? found.stamp : fresh
        if (stamp !== found?.stamp) redis.write(server, userID, { stamp, marks: Object.fromEntries(live) })
        return live.length > 0 ? undefined : stamp
      }, on)
    },
    async mark(userIDs, on) {
      const name = variant.oneFlag ? 'flag' : unique()
      const deadline = machine.wall() + MARK_MS
      if (variant.unmarked) return { name, userIDs }
      await change(
        userIDs,
        (server, userID, found) => {
          note(() => `${server.name}        mark ${name} of ${userID} by ${machine.name}`)
          return { ...found, marks: { ...found.marks, [name]: deadline } }
        },
        variant.anyEpoch ? undefined : on,
      )
      return { name, userIDs }
    },
    settle({ name, userIDs }) {
      const stamp = unique()
      return change(userIDs, (server, userID, found) => {
        note(() => `${server.name}        mark ${name} of ${userID} is settled`)
        const { [name]: _, ...marks } = found.marks
        return { stamp, marks }
      })
    },
  }
}
