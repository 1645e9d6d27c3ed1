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

/**
 * The state of upstream by forwarded requests: it is up unless the last one could not reach it or was not answered in
 * time.
 */
export interface ObservedUpstream {
  readonly read: ReadUpstreamState
  answered(): void
  /** Call it for a request that could not reach upstream or was not answered in time. */
  away(): void
}

/** An upstream that nothing is known of counts as up. */
export function createObservedUpstream({ now }: { now: Clock }): ObservedUpstream {
  let isUp = true
  let lastAnswerAt: number | undefined
  return {
    read: () => ({ configured: true, up: isUp, lastAnswerAt }),
    answered() {
      isUp = true
      lastAnswerAt = now()
    },
    away() {
      isUp = false
    },
  }
}
