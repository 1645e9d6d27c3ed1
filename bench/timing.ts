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
  const names = ['ada', 'nobody', 'empty', 'gone']
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  for (let i = 0; i < PAIRS + 5; i += 1) {
    // Who comes first changes, so that nobody profits from what another warmed up.
    const order = [...names.slice(i % names.length), ...names.slice(0, i % names.length)]
    for (const name of order) {
      const ms = await refusal(port, name, 'a wrong password')
      if (i >= 5) times.get(name)?.push(ms)
    }
  }
  const [known = Number.NaN, ...others] = names.map((name) => median(times.get(name) ?? []))
  return others.map((other, i) => ({
    name: names[i + 1] ?? '',
    difference: Math.abs(known - other) / Math.min(known, other),
    medianMs: known,
  }))
}
