import { unavailable } from '../base/errors.ts'

export interface Limiter<Lane extends string> {
  /** Runs the work when its turn comes; throws `unavailable` if its lane is full. */
  pass<T>(lane: Lane, work: () => Promise<T>): Promise<T>
  /** The number of works that run or wait. */
  pending(): number
}

interface Waiting {
  /** Increases in order of arrival. */
  readonly number: number
  readonly begin: () => void
}

/** One of this many starts goes to the work that has waited longest, so that no lane waits forever. */
const TURNS_FOR_THE_OLDEST = 4

/**
 * Runs at most `concurrency` works at a time. Others wait in lanes, each with its own number of places. The first
 * lane that is not empty goes first; within a lane the order is that of arrival.
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
