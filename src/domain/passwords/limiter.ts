import { unavailable } from '../base/errors.ts'

export interface Turnstile {
  pass<T>(work: () => Promise<T>): Promise<T>
  /** How many work or wait. */
  pending(): number
}

/**
 * Lets at most `concurrency` work at a time and at most `queue` wait, in the order in which they came;
 * whoever comes when the queue is full gets `unavailable`.
 */
export function createTurnstile(options: { concurrency: number; queue: number; refusal: string }): Turnstile {
  const waiting: (() => void)[] = []
  let working = 0
  return {
    pending: () => working + waiting.length,
    async pass(work) {
      if (working >= options.concurrency) {
        if (waiting.length >= options.queue) throw unavailable(options.refusal, { retryAfterSeconds: 1 })
        // Whoever leaves hands its place on, so the count stays.
        await new Promise<void>((resolve) => waiting.push(resolve))
      } else {
        working += 1
      }
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else working -= 1
      }
    },
  }
}
