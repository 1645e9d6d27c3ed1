/** Runs work about the same thing one after the other, in the order in which it was asked for. */
export type Turns = <T>(about: string, work: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (about, work) => {
    const turn = (last.get(about) ?? Promise.resolve()).then(work)
    // The next one waits for the end, however it ends.
    const end = turn.catch(() => undefined)
    last.set(about, end)
    try {
      return await turn
    } finally {
      if (last.get(about) === end) last.delete(about)
    }
  }
}
