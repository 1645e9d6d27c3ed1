/** What `/health` and `/ready` say of this server. */

import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { UpstreamWatch } from '../domain/upstream/upstream-watch.ts'
import type { SystemStatus } from '../http/api/routes/system.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { SessionBackend } from './session-backend.ts'
import { INFLUX_VERSION, VERSION } from './version.ts'

export function composeStatus(parts: {
  store: IdentityStore
  backend: SessionBackend
  /** Undefined if they are switched off. */
  metrics: Metrics | undefined
  /** Undefined if there is no upstream. */
  watch: Pick<UpstreamWatch, 'problem'> | undefined
  now: () => number
}): SystemStatus {
  const { store, backend, watch, metrics, now } = parts
  const startedAt = now()
  return {
    influxVersion: INFLUX_VERSION,
    version: VERSION,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: () => now() - startedAt,
    checks: async () => [
      await checkStore(store),
      ...(backend.stamps ? [checkOf('sessions', backend.problem())] : []),
      ...(watch ? [checkOf('upstream', watch.problem())] : []),
    ],
    metrics,
  }
}

async function checkStore(store: IdentityStore) {
  try {
    await store.epochs.read()
    return { name: 'store', status: 'pass' as const }
  } catch {
    return { name: 'store', status: 'fail' as const, message: 'the store does not answer' }
  }
}

/** Anyone can read this answer, so it names no address. */
function checkOf(name: string, problem: string | undefined) {
  return problem === undefined
    ? { name, status: 'pass' as const }
    : { name, status: 'fail' as const, message: problem }
}
