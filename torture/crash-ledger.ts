/** What a server has acknowledged and must still hold after it was killed. */
import type { Answer, Server } from './server.ts'

/** The header that carries a session or a token. */
export type Credential = { readonly cookie: string } | { readonly authorization: string }

export interface Ledger {
  /** The number of acknowledged operations. */
  operations(): number
  /** The number of sessions and tokens ended, by way of ending. */
  readonly endings: ReadonlyMap<string, number>
  /** The total of `endings`. */
  ended(): number
  /** Counts a successful operation; returns false if it failed. */
  acknowledged(answer: Answer): boolean
  /** The record at this path exists from now on, with this name. */
  keep(path: string, name: string): void
  /** The state of the record at this path is unknown from now on, because a change is in progress. */
  doubt(path: string): void
  /** The record at this path is deleted. */
  drop(path: string): void
  /** Starts a session or creates a token. `survives` is false for sessions that end with the process. */
  start(what: string, make: () => Promise<Credential>, survives?: boolean): Promise<Credential>
  /** Ends these by one request, or all sessions of all users. They must stay ended once that is acknowledged. */
  end(what: string, ended: readonly Credential[] | 'all sessions', ask: () => Promise<Answer>): Promise<void>
  /** The process died, and the sessions that do not survive with it. */
  crashed(): void
  /** Returns violations of what was acknowledged. `newest` is the most records of each kind that are checked. */
  check(server: Server, operator: Record<string, string>, part?: { newest: number }): Promise<string[]>
}

export function createLedger(): Ledger {
  let operations = 0
  const endings = new Map<string, number>()
  const records = new Map<string, string | undefined>()
  const alive = new Map<Credential, string>()
  const mortal = new Set<Credential>()
  const dead = new Map<Credential, string>()
  // A session that starts while all sessions are being ended may survive or not.
  let sweeps = 0

  function acknowledged({ status }: Answer): boolean {
    if (status >= 300) return false
    operations += 1
    return true
  }

  return {
    operations: () => operations,
    endings,
    ended: () => [...endings.values()].reduce((total, count) => total + count, 0),
    acknowledged,
    keep: (path, name) => records.set(path, name),
    doubt: (path) => records.delete(path),
    drop: (path) => records.set(path, undefined),
    async start(what, make, survives = true) {
      const before = sweeps
      const made = await make()
      operations += 1
      if (sweeps === before || 'authorization' in made) {
        alive.set(made, what)
        if (!survives) mortal.add(made)
      }
      return made
    },
    async end(what, ended, ask) {
      const all = ended === 'all sessions'
      const doubtful = all ? [...alive.keys()].filter((each) => 'cookie' in each) : ended
      for (const each of doubtful) alive.delete(each)
      if (all) sweeps += 1
      const done = acknowledged(await ask())
      if (all) sweeps += 1
      if (!done) return
      endings.set(what, (endings.get(what) ?? 0) + 1)
      for (const each of doubtful) dead.set(each, what)
    },
    crashed() {
      for (const each of mortal) {
        if (alive.delete(each)) dead.set(each, 'the end of the process')
      }
      mortal.clear()
    },
    async check(server, operator, { newest } = { newest: Number.POSITIVE_INFINITY }) {
      const wrong: string[] = []
      const some = <T>(entries: Iterable<T>) => [...entries].slice(-newest)
      for (const [path, name] of some(records)) {
        const { status, body } = await server.ask('GET', path, { headers: operator })
        if (name === undefined ? status !== 404 : status !== 200 || body.name !== name) {
          wrong.push(`${path}: ${status} ${body.name ?? ''} instead of ${name ?? 'nothing'}`)
        }
      }
      for (const [list, expected] of [
        [alive, 200],
        [dead, 401],
      ] as const) {
        for (const [credential, what] of some(list)) {
          const path = 'cookie' in credential ? '/api/v2/me' : '/api/v2/orgs'
          const { status } = await server.ask('GET', path, { headers: { ...credential } })
          if (status !== expected) wrong.push(`after ${what}: ${status} instead of ${expected}`)
        }
      }
      return wrong
    },
  }
}
