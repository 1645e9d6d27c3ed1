/** Who waits on this node for a place, by key and in the order of coming. Only the first of each asks Redis. */

export interface WaitingTry {
  /** Until it is the first. */
  readonly first: Promise<void>
  /** Its node has a turn at Redis, which stands for it there. */
  hasTurn: boolean
  /** Waits so long, or until `wake`. */
  pause(ms: number): Promise<void>
  leave(): void
}

export interface GuessQueues {
  join(key: string): WaitingTry
  /** How many wait here for whom nobody stands at Redis; `except` is not counted. */
  behind(key: string, except?: WaitingTry): number
  /** A place has become free, so the first should ask now. */
  wake(key: string): void
}

export function createGuessQueues(): GuessQueues {
  const queues = new Map<string, (WaitingTry & { begin(): void; wake(): void })[]>()

  return {
    join(key) {
      const queue = queues.get(key) ?? []
      queues.set(key, queue)
      const { promise: first, resolve: begin } = Promise.withResolvers<void>()
      let wake = () => {}
      const waiting = {
        ...{ first, begin, hasTurn: false },
        wake: () => wake(),
        pause: (ms: number) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms)
            wake = () => {
              clearTimeout(timer)
              resolve()
            }
          }),
        leave() {
          queue.splice(queue.indexOf(waiting), 1)
          if (queue.length === 0) queues.delete(key)
          else queue[0]?.begin()
        },
      }
      queue.push(waiting)
      if (queue.length === 1) begin()
      return waiting
    },
    behind: (key, except) => queues.get(key)?.filter((each) => each !== except && !each.hasTurn).length ?? 0,
    wake: (key) => queues.get(key)?.[0]?.wake(),
  }
}
