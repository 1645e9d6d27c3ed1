/** Runs one piece of work when those before it are done. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** Work that took longer leaves as much time to other requests before the next begins. */
const SHORT_MS = 5

/**
 * Lets requests for answers without a bound, such as all tokens, be answered one after the other. Such an answer takes
 * up to a fifth of a second, in which nothing else is done.
 */
export function createTurns(): InTurn {
  let last = Promise.resolve()
  return async (work) => {
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    await before
    const begun = performance.now()
    try {
      return await work()
    } finally {
      // When this callback runs, the answer has been written too.
      setImmediate(() => {
        const tookMs = performance.now() - begun
        if (tookMs < SHORT_MS) resolve()
        else setTimeout(resolve, tookMs)
      })
    }
  }
}
