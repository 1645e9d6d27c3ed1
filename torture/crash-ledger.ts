/** What a server has acknowledged, and so must still be true after it was killed. */
import type { Answer, Server } from './server.ts'

/** The header that a session or a token comes by. */
export type Credential = { readonly cookie: string } | { readonly authorization: string }

export interface Ledger {
  /** How many operations were acknowledged. */
  operations(): number
  /** How often each way of ending sessions and tokens was. */
  readonly endings: ReadonlyMap<string, number>
  /** All of these together. */
  ended(): number
  /** Counts an operation that was done; false where it was not. */
  acknowledged(answer: Answer): boolean
  /** A record that is there from now on, by its path; `name` is what it must be called. */
  keep(path: string, name: string): void
  /** From when on it is not known what will be found at a path, since a change is under way. */
  doubt(path: string): void
  /** A record that is gone. */
  drop(path: string): void
  /** Starts a session or makes a token. `survives` is false for sessions that end with the process. */
  start(what: string, make: () => Promise<Credential>, survives?: boolean): Promise<Credential>
  /** Ends these by one request; without any, everybody's sessions. They are dead once it was acknowledged. */
  end(what: string, ended: readonly Credential[] | 'all sessions', ask: () => Promise<Answer>): Promise<void>
  /** Those who die with the process. */
  crashed(): void
  /** Finds what is not as it was acknowledged; `newest` says of how many of each kind, all if not given. */
  check(server: Server, operator: Record<string, string>, part?: { newest: number }): Promise<string[]>
}

export function createLedger(): Ledger {
  let operations = 0
  const endings = new Map<string, number>()
  const records = new Map<string, string | undefined>()
  const alive = new Map<Credential, string>()
  const mortal = new Set<Credential>()
  const dead = new Map<Credential, string>()
  // A session that starts while all of them are being ended may live or not.
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
