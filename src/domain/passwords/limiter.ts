import { unavailable } from '../base/errors.ts'

export interface Limiter<Lane extends string> {
  /** Does the work when its turn has come; throws `unavailable` where its lane is full. */
  pass<T>(lane: Lane, work: () => Promise<T>): Promise<T>
  /** How many work or wait. */
  pending(): number
}

interface Waiting {
  /** Counts up, in the order of coming. */
  readonly number: number
  readonly begin: () => void
}

/** One of this number of starts goes to the work that has waited longest, so that no lane waits for ever. */
const TURNS_FOR_THE_OLDEST = 4

/**
 * Lets at most `concurrency` work at a time. Others wait in lanes, of which each has room for a number of its own, and
 * the first lane in which somebody waits goes first; within a lane the order is that of coming.
 */
export function createLimiter<Lane extends string>(options: {
  concurrency: number
  /** How many may wait in each lane; the first lane goes first. */
  lanes: Readonly<Record<Lane, number>>
  refusal: string
}): Limiter<Lane> {
  const lanes = new Map<string, Waiting[]>(Object.keys(options.lanes).map((lane) => [lane, []]))
  let working = 0
  let came = 0
  let begun = 0

  function next(): Waiting | undefined {
    begun += 1
    const occupied = [...lanes.values()].filter(({ length }) => length > 0)
    const isForOldest = begun % TURNS_FOR_THE_OLDEST === 0
    const lane = isForOldest
      ? occupied.reduce<Waiting[]>((oldest, each) => (numberOf(each) < numberOf(oldest) ? each : oldest), [])
      : occupied[0]
    return lane?.shift()
  }

  return {
    pending: () => working + [...lanes.values()].reduce((sum, { length }) => sum + length, 0),
    async pass(lane, work) {
      if (working >= options.concurrency) {
        const waiting = lanes.get(lane) as Waiting[]
        if (waiting.length >= options.lanes[lane]) {
          throw unavailable(options.refusal, { retryAfterSeconds: 1 })
        }
        came += 1
        const number = came
        // Finished work hands its place on, so the number at work stays.
        await new Promise<void>((begin) => waiting.push({ number, begin }))
      } else {
        working += 1
      }
      try {
        return await work()
      } finally {
        const waiting = next()
        if (waiting) waiting.begin()
        else working -= 1
      }
    },
  }
}

const numberOf = (lane: readonly Waiting[]) => lane[0]?.number ?? Number.POSITIVE_INFINITY
