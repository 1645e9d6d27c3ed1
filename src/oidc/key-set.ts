/** The public keys of an issuer, fetched again at a bounded rate. */
import type { JSONWebKeySet } from 'jose'
import type { Clock } from '../domain/base/clock.ts'

/** How long keys are used without looking again, so that a key which was taken away stops working. */
const KEPT_MS = 5 * 60_000
/** The shortest time between two fetches for an unknown key: anybody may send tokens with invented key ids. */
const LOOK_AGAIN_MS = 10_000
const PAUSE_AFTER_FAILURE_MS = 3000

export interface KeySet {
  /** The keys; fetched again if none has this id and the last look was not just now. */
  for(kid: string | undefined): Promise<JSONWebKeySet>
}

/** @param load throws if the keys cannot be had */
export function createKeySet({ load, now }: { load: () => Promise<JSONWebKeySet>; now: Clock }): KeySet {
  let kept: { readonly keys: JSONWebKeySet; readonly at: number } | undefined
  let failed: { readonly error: unknown; readonly at: number } | undefined
  let loading: Promise<JSONWebKeySet> | undefined

  async function look(): Promise<JSONWebKeySet> {
    if (failed && now() - failed.at < PAUSE_AFTER_FAILURE_MS) throw failed.error
    loading ??= load().finally(() => {
      loading = undefined
    })
    try {
      const keys = await loading
      kept = { keys, at: now() }
      failed = undefined
      return keys
    } catch (error) {
      failed = { error, at: now() }
      throw error
    }
  }

  return {
    async for(kid) {
      const age = kept ? now() - kept.at : Number.POSITIVE_INFINITY
      if (!kept || age >= KEPT_MS) return look()
      const isKnown = kid === undefined || kept.keys.keys.some((key) => key.kid === kid)
      return isKnown || age < LOOK_AGAIN_MS ? kept.keys : look()
    },
  }
}
