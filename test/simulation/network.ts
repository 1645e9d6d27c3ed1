import type { Machine } from './machine.ts'
import type { Scheduler } from './scheduler.ts'

/** Messages between nodes and databases, each with a random delay, or lost. */
export interface Network {
  /** Delivers later, or never if the connection between the two is cut. */
  send(machine: Machine, to: string, arrive: () => void): void
  cut(node: string, to: string): void
  slow(node: string, to: string): void
  heal(): void
  isCut(node: string, to: string): boolean
}

export function createNetwork(scheduler: Scheduler): Network {
  const cuts = new Set<string>()
  const slowed = new Set<string>()
  return {
    send(machine, to, arrive) {
      const way = `${machine.name} ${to}`
      if (cuts.has(way)) return
      const delay =
        slowed.has(way) && scheduler.chance(0.3) ? scheduler.between(5, 3000) : scheduler.between(0.1, 2)
      scheduler.after(delay, arrive)
    },
    cut: (node, to) => void cuts.add(`${node} ${to}`),
    slow: (node, to) => void slowed.add(`${node} ${to}`),
    heal() {
      cuts.clear()
      slowed.clear()
    },
    isCut: (node, to) => cuts.has(`${node} ${to}`),
  }
}
