/** Whether upstream is reachable, as operators see it. */
import type { Clock } from '../base/clock.ts'

export interface UpstreamState {
  /** Whether this server has an upstream at all. */
  readonly configured: boolean
  readonly up: boolean
  /** When upstream last answered a forwarded request, in milliseconds since 1970; undefined if it has not yet. */
  readonly lastAnswerAt?: number | undefined
  /** How many records differ between here and upstream; undefined if they are not compared. */
  readonly differences?: number | undefined
}

/** Reads the state of upstream, from whichever part knows it. */
export type ReadUpstreamState = () => UpstreamState

/** For a server that forwards nothing. */
export const readNoUpstream: ReadUpstreamState = () => ({ configured: false, up: false })

/** What the checks of upstream, by which `/health` answers, have found. */
export interface CheckedUpstream {
  /** Undefined while all is well. */
  problem(): string | undefined
  /** How many records differ; undefined if they are not compared. */
  differenceCount(): number | undefined
}

/** The state of upstream by its checks and by forwarded requests, which notice at once that it is away. */
export interface ObservedUpstream {
  readonly read: ReadUpstreamState
  answered(): void
  /** Call it for a request that could not reach upstream or was not answered in time. */
  away(): void
}

/** After this time the regular checks have asked several times. */
const AWAY_COUNTS_MS = 30_000

export function createObservedUpstream(deps: { checked: CheckedUpstream; now: Clock }): ObservedUpstream {
  const { checked, now } = deps
  let awayAt: number | undefined
  let lastAnswerAt: number | undefined
  const isAway = () => awayAt !== undefined && now() - awayAt < AWAY_COUNTS_MS
  return {
    read: () => ({
      ...{ configured: true, up: checked.problem() === undefined && !isAway() },
      ...{ lastAnswerAt, differences: checked.differenceCount() },
    }),
    answered() {
      awayAt = undefined
      lastAnswerAt = now()
    },
    away() {
      awayAt = now()
    },
  }
}
