/** What `/health` and `/ready` say of this server. */

import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { SystemStatus } from '../http/api/routes/system.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { INFLUX_VERSION, VERSION } from '../version.ts'
import type { SessionBackend } from './session-backend.ts'

export function composeStatus(parts: {
  store: IdentityStore
  backend: SessionBackend
  /** Undefined if they are switched off. */
  metrics: Metrics | undefined
  now: () => number
}): SystemStatus {
  const { store, backend, metrics, now } = parts
  const startedAt = now()
  return {
    influxVersion: INFLUX_VERSION,
    version: VERSION,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: () => now() - startedAt,
    checks: async () => [await checkStore(store), ...(backend.stamps ? [checkSessions(backend)] : [])],
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

function checkSessions(backend: SessionBackend) {
  const problem = backend.problem()
  return problem === undefined
    ? { name: 'sessions', status: 'pass' as const }
    : { name: 'sessions', status: 'fail' as const, message: problem }
}
