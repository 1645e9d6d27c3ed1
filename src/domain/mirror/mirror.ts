/** Changes of records that upstream has too: upstream changes first, and then the change is kept here. */
import { SluiceError, unprocessable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Change, Changes } from '../changes.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'
import { createTurns } from './turns.ts'

/**
 * Without an upstream each method is one change. With one, a change is made in three steps:
 *
 * 1. It is rehearsed: made in a transaction that is rolled back. So every refusal (rights, names taken, the last
 *    operator, a recent sign-in) comes before upstream is asked, and no request to upstream holds a transaction.
 * 2. Upstream makes it. If upstream refuses or is away, nothing was changed here.
 * 3. It is made here. If that fails, or the process ends before it, the comparison finds the difference.
 */
export interface Mirror {
  /** Makes records whose ids upstream gives. */
  create<T, G>(step: Creation<T, G>): Promise<T>
  /** Changes or removes a record that exists on both sides. */
  change<T>(step: MirroredChange<T>): Promise<T>
}

export interface Creation<T, G> {
  /** Makes ids for the rehearsal, and for a server without an upstream. */
  alone(): G
  here(change: Change, given: G): Promise<T>
  there(upstream: UpstreamIdentities, planned: T): Promise<G>
  /** Whether the records were kept here although the change threw: it may have failed after the commit. */
  isKept(given: G): Promise<boolean>
  /** Removes upstream what could not be committed here. */
  undo(upstream: UpstreamIdentities, given: G): Promise<void>
}

export interface MirroredChange<T> {
  /**
   * The id of the record. Changes of one record run one at a time, so that Sluice and InfluxDB apply them in the same
   * order.
   */
  readonly about: ID
  here(change: Change): Promise<T>
  there(upstream: UpstreamIdentities, planned: T): Promise<void>
}

export function createMirror(deps: {
  changes: Changes
  upstream: UpstreamIdentities | undefined
  log: Pick<Log, 'warn'>
}): Mirror {
  const { changes, upstream, log } = deps
  const inTurn = createTurns()

  async function takeBack<T, G>(
    { isKept, undo }: Creation<T, G>,
    given: G,
    there: UpstreamIdentities,
  ): Promise<void> {
    try {
      if (!(await isKept(given))) await undo(there, given)
    } catch (error) {
      log.warn('what upstream made could not be kept here, and stays there', { cause: String(error) })
    }
  }

  return {
    async create(step) {
      if (!upstream) return changes((change) => step.here(change, step.alone()))
      const planned = await rehearse(changes, (change) => step.here(change, step.alone()))
      const given = await asking(() => step.there(upstream, planned))
      try {
        return await changes((change) => step.here(change, given))
      } catch (error) {
        await takeBack(step, given, upstream)
        throw error
      }
    },
    async change({ about, here, there }) {
      if (!upstream) return changes(here)
      return inTurn(about, async () => {
        const planned = await rehearse(changes, here)
        await asking(() => there(upstream, planned))
        return changes(here)
      })
    },
  }
}

/** Carries the result of a rehearsal out of the transaction that it rolls back. */
class Rehearsed<T> extends Error {
  readonly planned: T
  constructor(planned: T) {
    super('a rehearsal')
    this.planned = planned
  }
}

/** Returns the result that the change would have; throws what it would throw. */
async function rehearse<T>(changes: Changes, work: (change: Change) => Promise<T>): Promise<T> {
  try {
    return await changes(async (change) => {
      throw new Rehearsed(await work(change))
    })
  } catch (error) {
    if (error instanceof Rehearsed) return error.planned
    throw error
  }
}

/** A record that exists here and not upstream is not the caller's fault, who would take "not found" for a wrong id. */
async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'not found') throw error
    throw unprocessable(
      `the InfluxDB behind this server lacks what is changed (${error.message}); "sluice upstream status" shows what differs`,
    )
  }
}
