/** Who sends a request to the 1.x API: by a token, or by name and password. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Principals } from '../../domain/access/principals.ts'
import { addressKey } from '../../domain/base/address-key.ts'
import { SluiceError, unauthorized } from '../../domain/base/errors.ts'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { GuessGuard } from '../../domain/guessing/guess-guard.ts'
import type { LegacyPrincipals } from '../../domain/legacy-authorizations/legacy-principals.ts'
import type { Authenticated } from '../protection/gates.ts'
import { readLegacyCredentials } from './legacy-credentials.ts'

export interface LegacyRequest {
  readonly headers: IncomingHttpHeaders
  readonly address: string
  /** `u` and `p` among them. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  /** Authenticates the request as every other one, by session cookie too. */
  readonly bySession?: () => MaybePromise<Authenticated>
}

/** Throws `unauthorized`. A wrong token counts as a guess. */
export type AuthenticateLegacy = (request: LegacyRequest) => Promise<Authenticated>

export function createAuthenticateLegacy(deps: {
  legacyPrincipals: Pick<LegacyPrincipals, 'of'>
  principals: Pick<Principals, 'ofToken'>
  guard: Pick<GuessGuard, 'countWrongToken'>
  /** Whether a session cookie counts where no other credentials are sent; InfluxDB 2 takes none on these paths. */
  takesSessions?: boolean
}): AuthenticateLegacy {
  return async ({ headers, address, parameters, bySession }) => {
    const credentials = readLegacyCredentials(headers, parameters)
    if (!credentials && deps.takesSessions && bySession) return bySession()
    if (!credentials) throw unauthorized('no-credentials')
    const { name, secret } = credentials
    // InfluxDB tries a password as a token only where no 1.x authorization has that name.
    const legacy = name === undefined ? undefined : await deps.legacyPrincipals.of(name, secret, address)
    if (legacy) return { principal: legacy }
    try {
      return { principal: await deps.principals.ofToken(secret) }
    } catch (error) {
      if (error instanceof SluiceError && error.reason === 'unknown-token') {
        await deps.guard.countWrongToken(addressKey(address))
      }
      throw error
    }
  }
}
