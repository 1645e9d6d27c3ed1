/**
 * Whether a refused sign-in tells by its time why it was refused (ASVS 5.0 6.3.8): pairs of requests in turns,
 * and how far the medians are apart.
 */
import { Agent, request } from 'node:http'
import { median } from './report.ts'

export interface TimingPair {
  readonly name: string
  /** How far the medians are apart, as a share of the smaller one. */
  readonly difference: number
  readonly medianMs: number
}

export const PAIRS = 200
/** Those that hash nothing are short, so that what else the machine does weighs more in each. */
export const THROTTLED_PAIRS = 2000

/** Milliseconds until a wrong sign-in was answered, with that status. */
type Refusal = (name: string, status: number) => Promise<number>

/** On one connection, and with Node's own client: what the client does must not hide what the server does. */
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

/** The first name against each of the others. */
async function compareNames(
  port: number,
  names: readonly string[],
  { pairs, status }: { pairs: number; status: number },
): Promise<TimingPair[]> {
  const { refusal, close } = refusals(port)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  const warmUp = Math.ceil(pairs / 40)
  for (let i = 0; i < pairs + warmUp; i += 1) {
    // Who comes first changes, so that nobody profits from what another warmed up.
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

/** The server must not throttle, have `ada` with a password, `empty` without and `gone` deactivated with one. */
export function measureTimings(port: number): Promise<TimingPair[]> {
  return compareNames(port, ['ada', 'nobody', 'empty', 'gone'], { pairs: PAIRS, status: 401 })
}

/** The server must have `ada`, who never signed in, and this address must have had its wrong tries. */
export function measureThrottled(port: number): Promise<TimingPair[]> {
  return compareNames(port, ['ada', 'nobody'], { pairs: THROTTLED_PAIRS, status: 429 })
}
