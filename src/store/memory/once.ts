import type { Clock } from '../../domain/base/clock.ts'
import type { OnceStore } from '../../domain/records/once.ts'

/**
 * One-time entries of one process. Each comes from a text that this server sealed or a provider signed, so floods add
 * none.
 */
export function createMemoryOnce({ now }: { now: Clock }): OnceStore {
  const until = new Map<string, number>()
  let sweptAt = 0

  function sweep(at: number): void {
    if (at - sweptAt < SWEEP_MS && at >= sweptAt) return
    sweptAt = at
    for (const [what, end] of until) if (end <= at) until.delete(what)
  }

  return {
    async claim(what, forMs) {
      const at = now()
      sweep(at)
      if ((until.get(what) ?? 0) > at) return false
      until.set(what, at + forMs)
      return true
    },
  }
}

const SWEEP_MS = 60_000
