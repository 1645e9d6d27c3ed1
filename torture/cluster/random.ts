/** Random numbers from a seed, so that a run can be repeated (mulberry32). */
export interface Random {
  /** An integer from 0 to below this number. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: (list) => list[Math.floor(next() * list.length)] as never,
    chance: (probability) => next() < probability,
  }
}

/** The seed from the environment, or a new one. */
export function seedOf(text: string | undefined): number {
  return text ? Number(text) >>> 0 : Math.floor(Math.random() * 2 ** 32)
}
