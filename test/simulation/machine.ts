import { unavailable } from '../../src/domain/base/errors.ts'
import type { Action, Scheduler } from './scheduler.ts'
import { DRIFT, WALL_MS } from './settings.ts'

/**
 * One process: it can be stopped for a while and go on, or die between any two steps. Nothing reaches it but
 * through `deliver`.
 */
export interface Machine {
  readonly name: string
  readonly isAlive: () => boolean
  readonly isRunning: () => boolean
  /** Its own clock, which counts on while it is stopped. */
  steady(): number
  deliver(event: Action): unknown
  /** Milliseconds since 1970, nearly as the other machines have them. */
  wall(): number
  /** A timer by its own clock. */
  timer(delayMs: number, event: Action): void
  wait(delayMs: number): Promise<void>
  /** A moment between two steps, in which anything may happen. */
  pause(): Promise<void>
  /**
   * Sends something off and waits for the reply, for so long at the most.
   *
   * @param send is handed what takes the reply; it may be called late, twice or never
   */
  call<T>(timeoutMs: number, send: (reply: (outcome: Outcome<T>) => void) => void): Promise<T>
  stop(): void
  goOn(): void
  kill(): void
}

export type Outcome<T> = { readonly value: T } | { readonly error: Error }

const failures = new Map<string, Error>()
/** The same failure each time: to find out where one was made costs more than all the rest of a run. */
export function lost(what: string): Error {
  const failure = failures.get(what) ?? unavailable(what)
  failures.set(what, failure)
  return failure
}

export function createMachine(scheduler: Scheduler, name: string): Machine {
  const rate = 1 + scheduler.between(-DRIFT, DRIFT)
  const offset = scheduler.between(0, 1e6)
  const wrong = scheduler.between(-WALL_MS, WALL_MS)
  let state: 'running' | 'stopped' | 'dead' = 'running'
  let held: Action[] = []

  function deliver(event: Action): unknown {
    if (state === 'running') return event()
    if (state === 'stopped') held.push(event)
    return false
  }

  const timer = (delayMs: number, event: Action) =>
    scheduler.after(Math.max(delayMs, 0) / rate, () => deliver(event))
  const wait = (delayMs: number) => new Promise<void>((resolve) => timer(delayMs, resolve))
  return {
    name,
    isAlive: () => state !== 'dead',
    isRunning: () => state === 'running',
    steady: () => offset + scheduler.now() * rate,
    wall: () => scheduler.now() + wrong,
    deliver,
    timer,
    wait,
    pause: () => wait(scheduler.between(0, 2)),
    call(timeoutMs, send) {
      return new Promise((resolve, reject) => {
        let isOver = false
        const once = (end: () => void) => () => {
          if (isOver) return false
          isOver = true
          return end()
        }
        timer(
          timeoutMs,
          once(() => reject(lost('no answer in time'))),
        )
        send((outcome) =>
          deliver(once(() => ('value' in outcome ? resolve(outcome.value) : reject(outcome.error)))),
        )
      })
    },
    stop() {
      if (state === 'running') state = 'stopped'
    },
    goOn() {
      if (state !== 'stopped') return
      state = 'running'
      const events = held
      held = []
      for (const event of events) scheduler.after(scheduler.between(0, 3), () => deliver(event))
    },
    kill() {
      state = 'dead'
      held = []
    },
  }
}
