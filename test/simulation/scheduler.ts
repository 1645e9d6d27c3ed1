/**
 * Virtual time, in milliseconds. Everything is an event, and delays drawn from the seed decide their order, so that a
 * seed determines a run, event by event.
 */
export interface Scheduler {
  now(): number
  /** From 0 to 1, exclusive. */
  random(): number
  chance(probability: number): boolean
  between(low: number, high: number): number
  pick<T>(list: readonly T[]): T
  after(delayMs: number, event: Action): void
  sleep(delayMs: number): Promise<void>
  /** Adds to the trace, if the run is traced. */
  note(text: () => string): void
  /** Runs all events up to that time. */
  runUntil(timeMs: number): Promise<void>
  readonly trace: readonly string[]
}

/** Returns `false` if the event had nothing to do. */
export type Action = () => unknown

interface Event {
  readonly at: number
  readonly run: Action
}

export function createScheduler(seed: number, { traced }: { traced: boolean }): Scheduler {
  const heap: Event[] = []
  const trace: string[] = []
  let time = 0
  let state = seed

  /** Mulberry32. */
  function random(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  for (let i = 0; i < 4; i += 1) random()

  function push(event: Event): void {
    let i = heap.push(event) - 1
    while (i > 0) {
      const up = (i - 1) >> 1
      if ((heap[up] as Event).at <= event.at) break
      heap[i] = heap[up] as Event
      i = up
    }
    heap[i] = event
  }

  function pop(): Event {
    const first = heap[0] as Event
    const last = heap.pop() as Event
    if (heap.length === 0) return first
    let i = 0
    for (let down = 1; down < heap.length; down = 2 * i + 1) {
      if (down + 1 < heap.length && (heap[down + 1] as Event).at < (heap[down] as Event).at) down += 1
      if (last.at <= (heap[down] as Event).at) break
      heap[i] = heap[down] as Event
      i = down
    }
    heap[i] = last
    return first
  }

  const between = (low: number, high: number) => low + random() * (high - low)
  const after = (delayMs: number, run: Action) => push({ at: time + delayMs, run })
  return {
    trace,
    now: () => time,
    random,
    chance: (probability) => random() < probability,
    between,
    pick: <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T,
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    note(text) {
      if (traced) trace.push(`${time.toFixed(2).padStart(9)}  ${text()}`)
    },
    async runUntil(timeMs) {
      while (heap.length > 0 && (heap[0] as Event).at <= timeMs) {
        const { at, run } = pop()
        time = at
        // Lets all promises settle that the event resolved, before the next one.
        if (run() !== false) await new Promise<void>((resolve) => process.nextTick(resolve))
      }
      time = timeMs
    },
  }
}
