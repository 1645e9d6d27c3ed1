import type { Network } from './network.ts'
import type { SimulatedNode } from './node.ts'
import type { Postgres } from './postgres.ts'
import type { Redis } from './redis.ts'
import type { Scheduler } from './scheduler.ts'

const FAULT_KINDS = [
  ...(['stop', 'kill', 'failOver', 'failOverAndBack', 'split', 'slowCommits'] as const),
  ...(['restartRedis', 'cutPostgres', 'cutRedis', 'restartPostgres'] as const),
]
export type FaultKind = (typeof FAULT_KINDS)[number]

/** Injects faults and repairs them. */
export interface Faults {
  /** Injects one more random fault. */
  strike(): void
  endAll(): void
}

export function createFaults(deps: {
  scheduler: Scheduler
  network: Network
  redis: Redis
  postgres: Postgres
  nodes: ReadonlyMap<string, SimulatedNode>
  start: (name: string) => void
  names: readonly string[]
  /** The kinds of faults of this run; undefined for a random choice. */
  kinds: readonly FaultKind[] | undefined
}): Faults {
  const { scheduler, network, redis, postgres, names } = deps
  const { chance, between, pick, note, after } = scheduler
  let isOver = false

  const later = (delayMs: number, event: () => void) => after(delayMs, () => isOver || event())
  const some = () => names.filter(() => chance(0.5))
  const duration = () => (chance(0.7) ? between(5, 3000) : between(3000, 9000))

  function stop(): void {
    const machine = deps.nodes.get(pick(names))?.machine
    if (!machine?.isRunning()) return
    note(() => `${machine.name}        is stopped`)
    machine.stop()
    later(duration(), () => {
      note(() => `${machine.name}        goes on`)
      machine.goOn()
    })
  }

  function kill(): void {
    const name = pick(names)
    const machine = deps.nodes.get(name)?.machine
    if (!machine?.isAlive()) return
    note(() => `${name}        is killed`)
    machine.kill()
    later(between(50, 2000), () => {
      note(() => `${name}        starts`)
      deps.start(name)
    })
  }

  function failOver(): void {
    const old = redis.master()
    if (chance(0.3)) redis.pauseReplication()
    const promote = () => {
      redis.failOver()
      later(duration(), () => redis.demote(old))
      if (chance(0.3)) later(between(0, 300), failOver)
    }
    if (chance(0.4)) redis.kill(old)
    else redis.isolate(some())
    later(between(0, 600), promote)
    if (chance(0.5)) later(duration(), () => old.isUp || redis.restart(old, 'something'))
  }

  /**
   * The old master takes over again before any node has connected to the one in between, which lacked some of its data.
   */
  function failOverAndBack(): void {
    const old = redis.master()
    if (chance(0.5)) redis.pauseReplication()
    later(between(0, 800), () => {
      redis.failOver()
      redis.demote(old)
      later(between(0, 150), () => {
        const between = redis.master()
        redis.failOver(old)
        redis.demote(between)
      })
    })
  }

  /** Some nodes can reach only the old master, and not PostgreSQL. */
  function split(): void {
    const nodes = some()
    for (const node of nodes) network.cut(node, 'postgres')
    redis.isolate(nodes)
    const old = redis.master()
    later(between(0, 600), () => redis.failOver())
    later(between(3000, 9000), () => {
      network.heal()
      redis.demote(old)
    })
  }

  function cut(to: string): void {
    const [nodes, hurt] = [some(), chance(0.5) ? ('cut' as const) : ('slow' as const)]
    note(() => `network   ${nodes.join(', ') || 'nobody'} to ${to}: ${hurt}`)
    for (const node of nodes) network[hurt](node, to)
    later(duration(), () => {
      note(() => 'network   is whole')
      network.heal()
    })
  }

  function slowCommits(): void {
    note(() => 'postgres  commits slowly')
    postgres.slowCommits(true)
    later(duration(), () => postgres.slowCommits(false))
  }

  const all: Record<FaultKind, () => void> = {
    ...{ stop, kill, failOver, failOverAndBack, split, slowCommits },
    restartRedis: () => redis.restart(redis.master(), chance(0.5) ? 'nothing' : 'something'),
    cutPostgres: () => cut('postgres'),
    cutRedis: () => cut(pick(redis.servers).name),
    restartPostgres() {
      note(() => 'postgres  restarts')
      postgres.restart()
    },
  }
  // Each run has only a few kinds of faults: if everything fails at once, too little succeeds to go wrong.
  const few = deps.kinds ?? FAULT_KINDS.filter(() => chance(0.25))
  const kinds = few.length > 0 ? few : FAULT_KINDS

  return {
    strike() {
      all[pick(kinds)]()
    },
    endAll() {
      note(() => 'all faults end')
      isOver = true
      network.heal()
      redis.heal()
      postgres.slowCommits(false)
      for (const [name, { machine }] of deps.nodes) {
        machine.goOn()
        if (!machine.isAlive()) deps.start(name)
      }
    },
  }
}
