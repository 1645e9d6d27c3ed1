/** Rates of GET /me for several servers, measured in turns. */
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

/** The median over all rounds of each server's rate relative to the first one's, and the first one's rate. */
export async function compare(subjects: readonly Subject[]): Promise<{ base: number; ratios: number[] }> {
  for (const { port, headers } of subjects) await me(port, headers, 1)
  const rounds: number[][] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const rates: number[] = []
    for (const { port, headers } of subjects) rates.push((await me(port, headers)).perSecond)
    rounds.push(rates)
  }
  const ratios = subjects.map((_, i) => median(rounds.map((rates) => (rates[i] ?? 0) / (rates[0] ?? 1))))
  return { base: median(rounds.map(([rate]) => rate ?? 0)), ratios }
}
