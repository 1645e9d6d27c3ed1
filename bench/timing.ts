/**
 * Whether a refused sign-in tells by its time why it was refused (ASVS 5.0 6.3.8): pairs of requests in turns,
 * and how far the medians are apart.
 */
import { median } from './report.ts'

export interface TimingPair {
  readonly name: string
  /** How far the medians are apart, as a share of the smaller one. */
  readonly difference: number
  readonly medianMs: number
}

const PAIRS = 200

async function refusal(port: number, name: string, password: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  const started = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/signin`, {
    method: 'POST',
    headers: { authorization },
  })
  await response.arrayBuffer()
  if (response.status !== 401) throw new Error(`a wrong sign-in was answered with ${response.status}`)
  return performance.now() - started
}

/** The server must not throttle, have `ada` with a password, `empty` without and `gone` deactivated with one. */
export async function measureTimings(port: number): Promise<TimingPair[]> {
  const results: TimingPair[] = []
  for (const other of ['nobody', 'empty', 'gone']) {
    const times: { known: number[]; other: number[] } = { known: [], other: [] }
    for (let i = 0; i < PAIRS + 5; i += 1) {
      // Which comes first alternates, so that neither profits from what the other warmed up.
      const order = i % 2 === 0 ? (['known', 'other'] as const) : (['other', 'known'] as const)
      for (const which of order) {
        const ms = await refusal(port, which === 'known' ? 'ada' : other, 'a wrong password')
        if (i >= 5) times[which].push(ms)
      }
    }
    const [a, b] = [median(times.known), median(times.other)]
    results.push({ name: other, difference: Math.abs(a - b) / Math.min(a, b), medianMs: a })
  }
  return results
}
