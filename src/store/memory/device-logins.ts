import type { Clock } from '../../domain/base/clock.ts'
import { unavailable } from '../../domain/base/errors.ts'
import {
  type DeviceLoginStore,
  type DevicePoll,
  type NewDeviceLogin,
  POLL_INTERVAL_MS,
} from '../../domain/records/device-login.ts'

/** Each takes about a kilobyte. */
const MOST = 10_000

interface Waiting extends NewDeviceLogin {
  readonly until: number
  decision: string | undefined
  intervalMs: number
  polledAt: number
}

/** Device sign-ins of one process; a restart forgets them. */
export function createMemoryDeviceLogins({
  now,
  limit = MOST,
}: {
  now: Clock
  limit?: number
}): DeviceLoginStore {
  /** In the order in which they end, since all last equally long. */
  const waiting = new Map<string, Waiting>()

  function find(codeHash: string): Waiting | undefined {
    const found = waiting.get(codeHash)
    return found && found.until > now() ? found : undefined
  }

  function sweep(): void {
    const at = now()
    for (const [codeHash, { until }] of waiting) {
      if (until > at) return
      waiting.delete(codeHash)
    }
  }

  function polled(login: Waiting): DevicePoll {
    if (login.decision !== undefined) {
      waiting.delete(login.codeHash)
      return { kind: 'decided', decision: login.decision }
    }
    const at = now()
    const isEarly = Math.abs(at - login.polledAt) < login.intervalMs
    login.polledAt = at
    if (isEarly) login.intervalMs += POLL_INTERVAL_MS
    return { kind: isEarly ? 'slow-down' : 'pending' }
  }

  return {
    async add(login, forMs) {
      sweep()
      if (find(login.codeHash)) return false
      if (waiting.size >= limit) {
        throw unavailable('too many sign-ins of devices wait to be approved; try again in ten minutes')
      }
      waiting.delete(login.codeHash)
      waiting.set(login.codeHash, {
        ...{ ...login, until: now() + forMs, decision: undefined },
        ...{ intervalMs: POLL_INTERVAL_MS, polledAt: Number.NEGATIVE_INFINITY },
      })
      return true
    },
    async byCode(codeHash) {
      const found = find(codeHash)
      if (!found) return undefined
      const { deviceHash, asked, decision } = found
      return { codeHash, deviceHash, asked, isDecided: decision !== undefined }
    },
    async decide(codeHash, decision) {
      const found = find(codeHash)
      if (!found || found.decision !== undefined) return false
      found.decision = decision
      return true
    },
    async poll({ codeHash, deviceHash }) {
      const found = find(codeHash)
      return found?.deviceHash === deviceHash ? polled(found) : { kind: 'unknown' }
    },
  }
}
