/** Shared by the attack tests: a movable clock, client addresses and users. */
import assert from 'node:assert/strict'
import { ARGON2ID_COST, type Argon2idCost } from '../../src/domain/passwords/argon2id.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { CHEAP_PASSWORDS } from '../support/password-cost.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const START = Date.UTC(2026, 5, 1, 12)
export const WRONG = 'not the horse 1'

export interface Attacked extends SetUpServer {
  /** Advances the server's clock. */
  pass(ms: number): void
  now(): number
  /** Signs in with additional headers, such as a client address. */
  enter(options?: {
    name?: string
    password?: string
    query?: string
    headers?: Record<string, string>
  }): Promise<Received>
  /** Creates a user with a password and returns their id. */
  addUser(name: string, password?: string): Promise<string>
}

export const startAttacked = (...argv: string[]): Promise<Attacked> => start(argv, CHEAP_PASSWORDS)

/** Slow password hashing, so that concurrent requests overlap with it. */
export const startSlowlyAttacked = (): Promise<Attacked> => start([], ARGON2ID_COST)

async function start(argv: readonly string[], passwordCost: Argon2idCost): Promise<Attacked> {
  let clock = START
  const server = await startSetUp(argv, { now: () => clock, passwordCost })
  return {
    ...server,
    pass(ms) {
      clock += ms
    },
    now: () => clock,
    enter({ name = 'ada', password = PASSWORD, query = '', headers = {} } = {}) {
      const all = { authorization: basic(name, password), ...headers }
      return send(server.url, { method: 'POST', path: `/api/v2/signin${query}`, headers: all })
    },
    async addUser(name, password = PASSWORD) {
      const { status, json, text } = await server.ask('POST', '/api/v2/users', { name })
      assert.equal(status, 201, text)
      const set = await server.ask('POST', `/api/v2/users/${json.id}/password`, { password })
      assert.equal(set.status, 204, set.text)
      return json.id
    },
  }
}

/** The headers of a trusted proxy for a client at this address. */
export const from = (address: string) => ({ 'x-forwarded-for': address })

/** The number of responses by status. */
export function tally(received: readonly Received[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of received) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** Makes `count` requests concurrently. */
export function atOnce<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)))
}

/** Makes `count` requests one after another. */
export async function inTurn<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let index = 0; index < count; index++) made.push(await make(index))
  return made
}

/** A session's cookie, from a sign-in that must succeed. */
export function cookie(received: Received): { cookie: string } {
  assert.equal(received.status, 204, received.text)
  return { cookie: cookieOf(received) }
}

export async function meStatus(server: SetUpServer, headers: Record<string, string>): Promise<number> {
  return (await server.ask('GET', '/api/v2/me', undefined, headers)).status
}

/** Checks that a response is the refusal of a throttled attempt. */
export function assertThrottled(received: Received, seconds?: number): void {
  const { status, headers, json } = received
  assert.equal(status, 429, received.text)
  assert.equal(headers['x-platform-error-code'], 'too many requests')
  assert.deepEqual([Object.keys(json).sort(), json.code], [['code', 'message'], 'too many requests'])
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/)
  assert.equal(headers['set-cookie'], undefined)
  if (seconds !== undefined) assert.equal(headers['retry-after'], String(seconds))
}
