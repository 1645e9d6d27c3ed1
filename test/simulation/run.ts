import type { ID } from '../../src/domain/base/id.ts'
import { createFaults, type FaultKind } from './faults.ts'
import { createMachine } from './machine.ts'
import { createNetwork } from './network.ts'
import { createNode, type SimulatedNode } from './node.ts'
import { createPostgres } from './postgres.ts'
import { createRedis } from './redis.ts'
import { createScheduler } from './scheduler.ts'
import { MARK_MS, WALL_MS } from './settings.ts'
import type { Variant } from './variants.ts'

export interface Outcome {
  /** The first violation of the rule, with its time. */
  readonly violation: string | undefined
  readonly trace: readonly string[]
  readonly counts: Counts
}

export interface Counts {
  /** Answered requests, and those of them answered from the cache. */
  answered: number
  kept: number
  refused: number
  /** Acknowledged changes, and failed ones. */
  acknowledged: number
  failed: number
  faults: number
}

const USERS = ['ada', 'bob', 'cyd'] as ID[]
/** The user of a request or a change; some occur much more often than others. */
const BUSY = [...Array(5).fill('ada'), ...Array(3).fill('bob'), 'cyd'] as ID[]
const NODES = ['n1', 'n2', 'n3']
/** After this time, even a change with an unknown outcome is visible if it was committed. */
const LONGEST_UNSETTLED_MS = MARK_MS + 2 * WALL_MS + 3000
/** The longest time for a request or a change once all faults are repaired. */
const PATIENCE_MS = 5000

/**
 * One run: some seconds of requests, changes and faults, then a quiet time. A request that begins after a change was
 * acknowledged must see it, and in the quiet time everything must be answered from the cache again.
 */
export async function simulate(
  seed: number,
  variant: Variant = {},
  { traced = false, kinds }: { traced?: boolean; kinds?: readonly FaultKind[] | undefined } = {},
): Promise<Outcome> {
  const scheduler = createScheduler(seed, { traced })
  const network = createNetwork(scheduler)
  const redis = createRedis(scheduler, network)
  const postgres = createPostgres(scheduler, network)
  const { now, chance, between, pick, note, after } = scheduler
  const counts: Counts = { answered: 0, kept: 0, refused: 0, acknowledged: 0, failed: 0, faults: 0 }
  const acknowledged = new Map<ID, number>()
  const nodes = new Map<string, SimulatedNode>()
  let violation: string | undefined
  let traceEnd = 0
  let number = 0

  const start = (name: string) =>
    nodes.set(name, createNode({ scheduler, postgres, redis, variant }, createMachine(scheduler, name)))
  const faults = createFaults({ scheduler, network, redis, postgres, nodes, start, names: NODES, kinds })
  const nodeAt = (name: string) => nodes.get(name) as SimulatedNode

  function wrong(text: string): void {
    if (violation !== undefined) return
    violation = `${text}, at ${now().toFixed(2)} ms`
    note(() => `WRONG     ${text}`)
    traceEnd = scheduler.trace.length
  }

  async function read(node: SimulatedNode, userID: ID): Promise<boolean> {
    number += 1
    const name = `read ${number} of ${userID} at ${node.machine.name}`
    const needed = Math.max(
      acknowledged.get(userID) ?? 0,
      postgres.versionBefore(userID, now() - LONGEST_UNSETTLED_MS),
    )
    const loadsBefore = node.loads()
    note(() => `${name} begins; it must see version ${needed}`)
    try {
      const found = await node.read(userID)
      counts.answered += 1
      if (node.loads() === loadsBefore) counts.kept += 1
      note(() => `${name} sees version ${found?.version}`)
      if ((found?.version ?? 0) < needed) wrong(`${name} sees version ${found?.version} instead of ${needed}`)
      return true
    } catch {
      counts.refused += 1
      return false
    }
  }

  async function change(node: SimulatedNode): Promise<boolean> {
    number += 1
    const everybody = chance(0.05)
    const userIDs = everybody || chance(0.1) ? USERS : [pick(BUSY)]
    const name = `change ${number} of ${everybody ? 'everybody' : userIDs.join(' and ')} at ${node.machine.name}`
    note(() => `${name} begins`)
    try {
      const versions = await node.change(userIDs, everybody)
      counts.acknowledged += 1
      note(() => `${name} is acknowledged: ${[...versions.values()].join(' and ')}`)
      for (const [userID, version] of versions) {
        acknowledged.set(userID, Math.max(version, acknowledged.get(userID) ?? 0))
      }
      for (const other of nodes.values()) for (const userID of userIDs) if (chance(0.7)) arrive(other, userID)
      return true
    } catch (error) {
      counts.failed += 1
      note(() => `${name} fails: ${(error as Error).message}`)
      return false
    }
  }

  /** A request, which reaches the process only while it runs. */
  function arrive(node: SimulatedNode, userID: ID): void {
    node.machine.deliver(() => void read(node, userID))
  }

  for (const name of NODES) start(name)
  const end = between(5000, 15_000)
  // If changes stop early, a stale value is not repaired by the next change, so that the run finds it.
  const lastChange = chance(0.5) ? between(0.3, 1) * end : end
  const load = (everyMs: number, act: () => void, until = end): void =>
    after(between(0, 2 * everyMs), () => {
      if (now() > until) return
      act()
      load(everyMs, act, until)
    })
  const changeSomewhere = () => {
    const node = nodeAt(pick(NODES))
    node.machine.deliver(() => void change(node))
    // A concurrent change.
    if (chance(0.3)) after(between(0, 10), changeSomewhere)
  }
  load(between(30, 100), () => arrive(nodeAt(pick(NODES)), pick(BUSY)))
  load(between(150, 800), changeSomewhere, lastChange)
  if (chance(0.5)) load(between(80, 700), () => redis.hiccup(pick(NODES)))
  load(between(500, 2500), () => {
    counts.faults += 1
    faults.strike()
    if (now() > lastChange) return
    for (let i = 0; i < 3; i += 1) after(between(0, 800), changeSomewhere)
  })

  await scheduler.runUntil(end)
  faults.endAll()
  await scheduler.runUntil(end + MARK_MS + PATIENCE_MS)
  let isDone = false
  checkQuiet().then(() => {
    isDone = true
  })
  for (const latest = now() + 3 * PATIENCE_MS; !isDone && now() < latest; )
    await scheduler.runUntil(now() + 100)
  if (!isDone) wrong('something never ended')

  async function checkQuiet(): Promise<void> {
    for (const node of nodes.values()) for (const userID of USERS) await read(node, userID)
    if (!(await change(nodeAt('n1')))) wrong('a change failed though nothing else does')
    await scheduler.sleep(100)
    for (const node of nodes.values()) {
      for (const userID of USERS) {
        if (!(await read(node, userID))) wrong('a request failed though nothing else does')
        const loads = node.loads()
        await read(node, userID)
        if (node.loads() !== loads) wrong(`${node.machine.name} keeps nothing though nothing changes`)
      }
    }
  }

  return { violation, trace: scheduler.trace.slice(0, traceEnd), counts }
}
