/**
 * Whether the duration of a refused sign-in reveals the reason (ASVS 5.0 6.3.8): measures pairs of requests in turns
 * and compares the medians.
 */
import { Agent, request } from 'node:http'
import { median } from './report.ts'

export interface TimingPair {
  readonly name: string
  /** The difference of the medians, relative to the smaller one. */
  readonly difference: number
  readonly medianMs: number
}

export const PAIRS = 200
/** More rounds for attempts without hashing: they are short, so other work of the machine matters more. */
export const THROTTLED_PAIRS = 2000

/** Milliseconds until a wrong sign-in is answered with that status. */
type Refusal = (name: string, status: number) => Promise<number>

/** One connection and Node's basic client, so that the client's own work does not hide differences. */
function refusals(port: number): { refusal: Refusal; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const refusal: Refusal = (name, status) => {
    const authorization = `Basic ${Buffer.from(`${name}:a wrong password`).toString('base64')}`
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const started = performance.now()
    const sent = request({ agent, port, method: 'POST', path: '/api/v2/signin', headers: { authorization } })
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode === status) resolve(performance.now() - started)
        else reject(new Error(`a wrong sign-in was answered with ${response.statusCode}`))
      })
    })
    sent.end()
    return promise
  }
  return { refusal, close: () => agent.destroy() }
}

/** Compares the first name with each of the others. */
async function compareNames(
  port: number,
  names: readonly string[],
  { pairs, status }: { pairs: number; status: number },
): Promise<TimingPair[]> {
  const { refusal, close } = refusals(port)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  const warmUp = Math.ceil(pairs / 40)
  for (let i = 0; i < pairs + warmUp; i += 1) {
    // The order alternates, so that no name benefits from warm caches.
    const order = [...names.slice(i % names.length), ...names.slice(0, i % names.length)]
    for (const name of order) {
      const ms = await refusal(name, status)
      if (i >= warmUp) times.get(name)?.push(ms)
    }
  }
  close()
  const [known = Number.NaN, ...others] = names.map((name) => median(times.get(name) ?? []))
  return others.map((other, i) => ({
    name: names[i + 1] ?? '',
    difference: Math.abs(known - other) / Math.min(known, other),
    medianMs: known,
  }))
}

/**
 * Requires a server without throttling, with `ada` (password), `empty` (no password) and `gone` (inactive, password).
 */
export function measureTimings(port: number): Promise<TimingPair[]> {
  return compareNames(port, ['ada', 'nobody', 'empty', 'gone'], { pairs: PAIRS, status: 401 })
}

/** Requires a server with `ada`, who never signed in, and this address must have used up its attempts. */
export function measureThrottled(port: number): Promise<TimingPair[]> {
  return compareNames(port, ['ada', 'nobody'], { pairs: THROTTLED_PAIRS, status: 429 })
}
