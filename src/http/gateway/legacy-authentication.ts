/** Who sends a request to the 1.x API: by a token, or by name and password. */
import type { IncomingHttpHeaders } from 'node:http'
import { unauthorized } from '../../domain/base/errors.ts'
import { andThen, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { LegacyPrincipals } from '../../domain/legacy-authorizations/legacy-principals.ts'
import type { Authenticated } from '../protection/gates.ts'
import { createPrincipalOfToken, type PrincipalOfTokenDeps } from '../protection/principal-of-token.ts'
import { isBearer } from '../request/credentials.ts'
import { userAgentOf } from '../request/user-agent.ts'
import { readLegacyCredentials } from './legacy-credentials.ts'

export interface LegacyRequest {
  readonly headers: IncomingHttpHeaders
  readonly address: string
  /** In logs. */
  readonly requestID?: string | undefined
  /** `u` and `p` among them. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  /** Authenticates the request as every other one, by session cookie too. */
  readonly bySession?: () => MaybePromise<Authenticated>
}

/** Throws `unauthorized`. A wrong token counts as a guess. */
export type AuthenticateLegacy = (request: LegacyRequest) => MaybePromise<Authenticated>

export function createAuthenticateLegacy(
  deps: PrincipalOfTokenDeps & {
    legacyPrincipals: Pick<LegacyPrincipals, 'of'>
    /** Whether a session cookie counts if no other credentials are sent; InfluxDB 2 takes none on these paths. */
    takesSessions?: boolean
  },
): AuthenticateLegacy {
  const principalOf = createPrincipalOfToken(deps)
  return ({ headers, address, requestID = '', parameters, bySession }) => {
    const credentials = readLegacyCredentials(headers, parameters)
    if (!credentials && deps.takesSessions && bySession) return bySession()
    if (!credentials) throw unauthorized('no-credentials')
    const { name, secret } = credentials
    const byToken = () =>
      principalOf({
        token: secret,
        // Tokens of outside issuers count as no password, and in no address.
        isBearer: name === undefined && isBearer(headers.authorization),
        origin: () => ({ requestID, address, userAgent: userAgentOf(headers) }),
      })
    // InfluxDB tries a password as a token only if no 1.x authorization has that name.
    const principal =
      name === undefined
        ? byToken()
        : andThen(deps.legacyPrincipals.of(name, secret, address), (legacy) => legacy ?? byToken())
    return andThen(principal, (found) => ({ principal: found }))
  }
}
