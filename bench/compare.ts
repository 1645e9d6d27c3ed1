/** Rates of several servers, measured in turns. */
import type { Load } from './load.ts'
import { load } from './processes.ts'
import { median } from './report.ts'

/** Many short rounds, because the speed of a shared machine changes from second to second. */
const ROUNDS = 9
const SECONDS = 0.6
const CONNECTIONS = 32

export const me = (port: number, headers: Record<string, string>, seconds = SECONDS) =>
  load({ port, path: '/api/v2/me', headers, connections: CONNECTIONS, seconds })

export interface Subject {
  readonly port: number
  readonly headers: Record<string, string>
}

export interface Comparison {
  /** The rate of the first one. */
  readonly base: number
  /** The median over all rounds of each one's rate relative to the first one's. */
  readonly ratios: readonly number[]
}

/** Compares rates of GET /me. */
export function compare(subjects: readonly Subject[]): Promise<Comparison> {
  return compareLoads(
    subjects.map((subject) => ({
      ...subject,
      path: '/api/v2/me',
      connections: CONNECTIONS,
      seconds: SECONDS,
    })),
  )
}

/** Compares the rates of any loads. */
export async function compareLoads(loads: readonly Load[], count = ROUNDS): Promise<Comparison> {
  for (const each of loads) await load({ ...each, seconds: Math.max(1, each.seconds) })
  const rounds: number[][] = []
  for (let round = 0; round < count; round += 1) {
    const rates: number[] = []
    for (const each of loads) rates.push((await load(each)).perSecond)
    rounds.push(rates)
  }
  const ratios = loads.map((_, i) => median(rounds.map((rates) => (rates[i] ?? 0) / (rates[0] ?? 1))))
  return { base: median(rounds.map(([rate]) => rate ?? 0)), ratios }
}
