import { unavailable } from '../../src/domain/base/errors.ts'
import type { Action, Scheduler } from './scheduler.ts'
import { DRIFT, WALL_MS } from './settings.ts'

/** A process that can be paused and resumed, or die between any two steps. Messages reach it only through `deliver`. */
export interface Machine {
  readonly name: string
  readonly isAlive: () => boolean
  readonly isRunning: () => boolean
  /** The machine's monotonic clock, which also runs while it is paused. */
  steady(): number
  deliver(event: Action): unknown
  /** Wall clock in milliseconds since 1970, close to those of the other machines. */
  wall(): number
  /** A timer on the machine's own clock. */
  timer(delayMs: number, event: Action): void
  wait(delayMs: number): Promise<void>
  /** A point between two steps at which a fault may strike. */
  pause(): Promise<void>
  /**
   * Sends a request and waits up to the timeout for the reply.
   *
   * @param send gets the callback for the reply, which may be called late, twice or never
   */
  call<T>(timeoutMs: number, send: (reply: (outcome: Outcome<T>) => void) => void): Promise<T>
  stop(): void
  goOn(): void
  kill(): void
}

export type Outcome<T> = { readonly value: T } | { readonly error: Error }

const failures = new Map<string, Error>()
/** One shared error object: capturing a stack trace each time would cost more than the rest of a run. */
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
