import type { Epoch } from '../../src/domain/records/epoch.ts'
import { lost, type Machine } from './machine.ts'
import type { Network } from './network.ts'
import type { Scheduler } from './scheduler.ts'
import {
  IDLE_IN_TRANSACTION_MS,
  LOCK_TIMEOUT_MS,
  LONGEST_COMMIT_MS,
  STATEMENT_TIMEOUT_MS,
} from './settings.ts'

/** One row in each of two tables; a change writes both, a load reads one after the other. */
export const PARTS = ['record', 'memberships'] as const
type Part = (typeof PARTS)[number]

interface Data {
  readonly versions: Readonly<Record<string, number>>
  readonly epoch: Epoch
}

export interface Transaction {
  readonly version: (userID: string) => Promise<number>
  readonly setVersion: (userID: string, version: number) => Promise<void>
  readonly epoch: () => Promise<Epoch>
  readonly setEpoch: (epoch: Epoch) => Promise<void>
}

/**
 * The behaviour of PostgreSQL that matters here: transactions run one at a time under a lock, reads see committed data,
 * and a commit may succeed or fail without its client learning which.
 */
export interface Postgres {
  version(machine: Machine, userID: string, part: Part): Promise<number>
  epoch(machine: Machine): Promise<Epoch>
  transaction<T>(machine: Machine, work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Changes the epoch without waiting for transactions in progress. */
  setEpochBeside(machine: Machine, change: (epoch: Epoch) => Epoch): Promise<Epoch>
  /** The last version committed before that time. */
  versionBefore(userID: string, time: number): number
  /** Cuts all connections and rolls back open transactions. */
  restart(): void
  /** Makes commits slow, or fast again. */
  slowCommits(slow: boolean): void
}

interface ServerTransaction {
  readonly name: string
  state: 'waiting' | 'open' | 'committing' | 'over'
  readonly writes: ((data: Data) => Data)[]
  busy: number
  granted: () => void
}

export function createPostgres(scheduler: Scheduler, network: Network): Postgres {
  let data: Data = { versions: {}, epoch: { number: 0, sessionStoreID: undefined } }
  const history: { readonly at: number; readonly data: Data }[] = []
  let holder: ServerTransaction | undefined
  let queue: ServerTransaction[] = []
  let isSlow = false
  let run = 0

  function finish(transaction: ServerTransaction, why: string): void {
    if (transaction.state === 'over') return
    transaction.state = 'over'
    scheduler.note(() => `postgres  ${transaction.name} is over: ${why}`)
    queue = queue.filter((other) => other !== transaction)
    if (holder === transaction) holder = undefined
    grantNext()
  }

  function grantNext(): void {
    if (holder) return
    holder = queue.shift()
    if (!holder) return
    holder.state = 'open'
    watchIdle(holder)
    holder.granted()
  }

  function watchIdle(transaction: ServerTransaction): void {
    transaction.busy += 1
    const { busy } = transaction
    scheduler.after(IDLE_IN_TRANSACTION_MS, () => {
      if (transaction.state !== 'open' || transaction.busy !== busy) return false
      return finish(transaction, 'it said nothing')
    })
  }

  function commit(transaction: ServerTransaction, done: () => void): void {
    transaction.state = 'committing'
    const long = isSlow && scheduler.chance(0.5)
    const begun = run
    scheduler.after(long ? scheduler.between(500, LONGEST_COMMIT_MS) : scheduler.between(0.2, 4), () => {
      if (begun !== run) return
      apply(transaction)
      done()
    })
  }

  function apply(transaction: ServerTransaction): void {
    for (const write of transaction.writes) data = write(data)
    history.push({ at: scheduler.now(), data })
    finish(transaction, 'committed')
  }

  /** One message there and one back. */
  function ask<T>(machine: Machine, answer: (reply: (value: T) => void, fail: () => void) => void) {
    return machine.call<T>(STATEMENT_TIMEOUT_MS, (reply) => {
      const sent = run
      network.send(machine, 'postgres', () => {
        const back = (outcome: Parameters<typeof reply>[0]) =>
          network.send(machine, 'postgres', () => reply(outcome))
        const fail = () => back({ error: lost('postgres refuses') })
        if (sent !== run) fail()
        else answer((value) => back({ value }), fail)
      })
    })
  }

  const read = <T>(machine: Machine, what: (data: Data) => T) => ask<T>(machine, (reply) => reply(what(data)))

  let count = 0
  return {
    version: (machine, userID, part) => read(machine, ({ versions }) => versions[`${userID} ${part}`] ?? 0),
    epoch: (machine) => read(machine, ({ epoch }) => epoch),
    setEpochBeside: (machine, change) =>
      ask(machine, (reply) => {
        data = { ...data, epoch: change(data.epoch) }
        reply(data.epoch)
      }),
    async transaction(machine, work) {
      count += 1
      const mine: ServerTransaction = {
        name: `t${count} of ${machine.name}`,
        state: 'waiting',
        writes: [],
        busy: 0,
        granted: () => {},
      }
      const statement = <T>(what: () => T) =>
        ask<T>(machine, (reply, fail) => {
          if (mine.state !== 'open') return fail()
          watchIdle(mine)
          reply(what())
        })
      const present = () => mine.writes.reduce((before, write) => write(before), data)
      const write = (change: (data: Data) => Data) => statement<void>(() => void mine.writes.push(change))
      try {
        await ask<void>(machine, (reply, fail) => {
          if (mine.state !== 'waiting') return
          mine.granted = () => reply()
          queue.push(mine)
          scheduler.after(LOCK_TIMEOUT_MS, () => {
            if (mine.state !== 'waiting') return false
            finish(mine, 'it waited too long')
            return fail()
          })
          grantNext()
        })
        const result = await work({
          version: (userID) => statement(() => present().versions[`${userID} record`] ?? 0),
          setVersion: async (userID, version) => {
            for (const part of PARTS) {
              await write((before) => ({
                ...before,
                versions: { ...before.versions, [`${userID} ${part}`]: version },
              }))
            }
          },
          epoch: () => statement(() => present().epoch),
          setEpoch: (epoch) => write((before) => ({ ...before, epoch })),
        })
        await machine.pause()
        await ask<void>(machine, (reply, fail) => {
          if (mine.state === 'open') commit(mine, reply)
          else fail()
        })
        return result
      } catch (error) {
        // The connection is cut; PostgreSQL may notice late or never, and a commit in progress continues.
        network.send(machine, 'postgres', () => {
          if (mine.state === 'open' || mine.state === 'waiting') finish(mine, 'rolled back')
        })
        throw error
      }
    },
    versionBefore(userID, time) {
      const last = history.findLast(({ at }) => at < time)
      return last?.data.versions[`${userID} record`] ?? 0
    },
    restart() {
      run += 1
      for (const each of [...queue, ...(holder ? [holder] : [])]) {
        if (each.state === 'committing' && scheduler.chance(0.5)) apply(each)
        else finish(each, 'postgres restarts')
      }
    },
    slowCommits(slow) {
      isSlow = slow
    },
  }
}
