import { createFreshCache } from '../../src/domain/access/fresh-cache.ts'
import type { ID } from '../../src/domain/base/id.ts'
import { type Changes, createChanges } from '../../src/domain/changes.ts'
import { createFence, type Fence } from '../../src/domain/cluster/fence.ts'
import { createFencedStamps } from '../../src/domain/cluster/fenced-stamps.ts'
import type { EpochStore } from '../../src/domain/records/epoch.ts'
import type { ChangeMark, Stamp, Stamps } from '../../src/domain/records/stamps.ts'
import { createRedisConnection } from './connection.ts'
import type { Machine } from './machine.ts'
import { PARTS, type Postgres, type Transaction } from './postgres.ts'
import type { Redis } from './redis.ts'
import type { Scheduler } from './scheduler.ts'
import { RENEW_EVERY_MS } from './settings.ts'
import { createSharedStamps } from './shared-stamps.ts'
import type { Variant } from './variants.ts'

/** A user as loaded by a node: the lowest version among its parts. */
export interface Loaded {
  readonly userID: ID
  readonly version: number
}

/** A Sluice node with the real fence, stamps, cache and changes. */
export interface SimulatedNode {
  readonly machine: Machine
  /** The data from which a request of this user is answered. */
  read(userID: ID): Promise<Loaded | undefined>
  /** Changes the users and returns their new versions after the commit. */
  change(userIDs: readonly ID[], everybody: boolean): Promise<ReadonlyMap<ID, number>>
  /** The number of loads so far. */
  loads(): number
}

interface World {
  readonly scheduler: Scheduler
  readonly postgres: Postgres
  readonly redis: Redis
  readonly variant: Variant
}

export function createNode(world: World, machine: Machine): SimulatedNode {
  const { scheduler, postgres, redis, variant } = world
  let loads = 0
  const epochs = createEpochStore(world, machine)
  const fence = createVariantFence(epochs, machine, variant)
  const connection = createRedisConnection({
    scheduler,
    redis,
    machine,
    identityOf: ({ name, run, history }) =>
      variant.runAlone ? `${name}.${run}` : `${name}.${run}.${history}`,
    onConnected: (id) => fence.connected(id),
  })
  const shared = createSharedStamps({ scheduler, redis, machine, variant, command: connection.command })
  const stamps = createFencedStamps({ shared, fence, wait: machine.wait, log: { warn() {} } })

  async function load(userID: string): Promise<Loaded> {
    loads += 1
    const versions: number[] = []
    for (const part of PARTS) versions.push(await postgres.version(machine, userID, part))
    scheduler.note(() => `${machine.name}        loads ${userID}: ${versions.join(' and ')}`)
    return { userID: userID as ID, version: Math.min(...versions) }
  }

  const cache = createFreshCache<Loaded>({
    limit: 100,
    isValid: () => true,
    userOf: (value) => value.userID,
    load: variant.joined ? joined(load) : load,
  })

  const changesWith = (stamps: Stamps) =>
    createChanges({
      store: { transaction: (work) => postgres.transaction(machine, (records) => work(recordsOf(records))) },
      principals: cache,
      sessionStore: {} as never,
      audit: { eventOf: () => ({}) as never, written() {} },
      stamps,
    })
  const changes = changesWith(stamps)

  const settlingAnyway: Changes = async (work) => {
    let mark: ChangeMark | undefined
    const mark_ = async (...args: Parameters<Stamps['mark']>) => (mark = await stamps.mark(...args))
    try {
      return await changesWith({ ...stamps, mark: mark_ })(work)
    } catch (error) {
      await mark?.settle()
      throw error
    }
  }

  async function renew(): Promise<void> {
    for (;;) {
      await fence.renew().catch(() => {})
      if (fence.isOvertaken()) connection.drop()
      await machine.wait(RENEW_EVERY_MS)
    }
  }
  renew()

  const stampOf = async (userID: ID): Promise<Stamp> => {
    try {
      return await stamps.read(userID)
    } catch (error) {
      // Like a request by session, which is refused; one by token continues without a stamp.
      if (scheduler.chance(0.5)) throw error
      return null
    }
  }
  const late = new Map<ID, { readonly value: Loaded; readonly stamp: Stamp }>()

  async function readLate(userID: ID): Promise<Loaded> {
    const kept = late.get(userID)
    const stamp = await stampOf(userID)
    if (kept && stamp !== null && kept.stamp === stamp) return kept.value
    const value = await load(userID)
    late.set(userID, { value, stamp: await stampOf(userID) })
    return value
  }

  return {
    machine,
    loads: () => loads,
    async read(userID) {
      if (variant.stampAfterLoad) return await readLate(userID)
      const stamp = await stampOf(userID)
      scheduler.note(() => `${machine.name}        reads the stamp ${stamp} of ${userID}`)
      return await cache.get(userID, stamp)
    },
    change: (userIDs, everybody) =>
      (variant.settledWhenUnknown ? settlingAnyway : changes)(async (change) => {
        const { version, setVersion } = change as unknown as Transaction
        const versions = new Map<ID, number>()
        for (const userID of userIDs) {
          const next = (await version(userID)) + 1
          await setVersion(userID, next)
          versions.set(userID, next)
          if (!everybody) change.affects(userID)
        }
        if (everybody) change.affectsEverybody()
        return versions
      }),
  }
}

function createEpochStore({ postgres, variant }: World, machine: Machine): EpochStore {
  return {
    read: () => postgres.epoch(machine),
    begin(sessionStoreID) {
      const next = (present: { number: number; sessionStoreID: string | undefined }) =>
        present.sessionStoreID === sessionStoreID ? present : { number: present.number + 1, sessionStoreID }
      if (variant.unlocked) return postgres.setEpochBeside(machine, next)
      return postgres.transaction(machine, async ({ epoch, setEpoch }) => {
        const begun = next(await epoch())
        await setEpoch(begun)
        return begun
      })
    },
    advance: () => {
      throw new Error('only with a change')
    },
  }
}

function recordsOf(transaction: Transaction): never {
  return {
    ...transaction,
    audit: { async append() {} },
    epochs: {
      read: transaction.epoch,
      async advance() {
        const { number, sessionStoreID } = await transaction.epoch()
        await transaction.setEpoch({ number: number + 1, sessionStoreID })
      },
    },
  } as never
}

function createVariantFence(epochs: EpochStore, machine: Machine, variant: Variant): Fence {
  const fence = createFence({ epochs, steady: machine.steady })
  if (variant.noEpoch)
    return { ...fence, tag: (stamp, from) => (fence.tag(stamp, from) === null ? null : stamp) }
  if (variant.noQuarantine) return { ...fence, quarantineMs: () => 0 }
  if (variant.anyEpoch) return { ...fence, require: () => '' }
  if (!variant.noLease) return fence
  const timeless = createFence({ epochs, steady: () => 0 })
  const both = (does: (fence: Fence) => Promise<void>) => Promise.all([does(fence), does(timeless)])
  return {
    ...fence,
    tag: timeless.tag,
    connected: async (id) => void (await both((each) => each.connected(id))),
    renew: async () => void (await both((each) => each.renew())),
  }
}

function joined(load: (key: string) => Promise<Loaded>): (key: string) => Promise<Loaded> {
  const loading = new Map<string, Promise<Loaded>>()
  return (key) => {
    const pending = loading.get(key) ?? load(key).finally(() => loading.delete(key))
    loading.set(key, pending)
    return pending
  }
}
