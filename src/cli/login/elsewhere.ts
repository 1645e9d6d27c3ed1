/** Signing in with a browser on any other machine, by a code that the person types there (RFC 8628). */
import { setTimeout as sleep } from 'node:timers/promises'
import { RefusedError } from '../remote/remote.ts'
import { CommandFailure } from '../terminal/failure.ts'
import { ask, type LoginAnswer, pageOf } from './ask-server.ts'

interface Begun {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly expires_in: number
  readonly interval: number
}

const SLOWER_SECONDS = 5

/** Throws CommandFailure if the person refuses or takes too long. */
export async function loginElsewhere(
  host: URL,
  { machine, show }: { machine: string; show: (page: URL, userCode: string) => void },
): Promise<LoginAnswer> {
  const begun = await ask<Begun>(host, '/api/v2/signin/device', { host: machine })
  show(pageOf(host, begun.verification_uri), begun.user_code)
  const end = Date.now() + begun.expires_in * 1000
  let seconds = begun.interval
  while (Date.now() < end) {
    await sleep(seconds * 1000)
    try {
      return await ask<LoginAnswer>(host, '/api/v2/signin/device/token', { device_code: begun.device_code })
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      if (error.reason === 'access-denied') throw new CommandFailure('it was refused in the browser')
      // A server that is away for a moment is asked less often, too (RFC 8628, 3.5).
      if (error.reason === 'slow-down' || error.status === 503) seconds += SLOWER_SECONDS
      else if (error.reason !== 'authorization-pending') throw error
    }
  }
  throw new CommandFailure('nobody approved it in time; run sluice login again')
}
