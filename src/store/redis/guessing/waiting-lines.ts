/**
 * Attempts that wait in this process for a place, by key, first come, first served. Only the first of a line asks
 * Redis.
 */

export interface WaitingTry {
  /** Resolves when the try is the first of its line. */
  readonly first: Promise<void>
  /** Waits about `ms` milliseconds, so that nodes do not ask at the same moment, or until `wake`. */
  pause(ms: number): Promise<void>
  leave(): void
}

export interface WaitingLines {
  /** Whether an attempt already waits for this key. */
  has(key: string): boolean
  join(key: string): WaitingTry
  /** Called when this process has freed a place: the first of the line asks at once. */
  wake(key: string): void
}

export function createWaitingLines(): WaitingLines {
  const lines = new Map<string, (WaitingTry & { begin(): void; wake(): void })[]>()

  return {
    has: (key) => lines.has(key),
    join(key) {
      const line = lines.get(key) ?? []
      lines.set(key, line)
      const { promise: first, resolve: begin } = Promise.withResolvers<void>()
      let wake = () => {}
      const waiting = {
        ...{ first, begin },
        wake: () => wake(),
        pause: (ms: number) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms * (0.5 + Math.random()))
            wake = () => {
              clearTimeout(timer)
              resolve()
            }
          }),
        leave() {
          line.splice(line.indexOf(waiting), 1)
          if (line.length === 0) lines.delete(key)
          else line[0]?.begin()
        },
      }
      line.push(waiting)
      if (line.length === 1) begin()
      return waiting
    },
    wake: (key) => lines.get(key)?.[0]?.wake(),
  }
}
