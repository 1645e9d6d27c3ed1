/** Finds out who sends a request. Knows Node's headers and nothing of Fastify. */
import { unauthorized } from '../../domain/base/errors.ts'
import { andThen, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { WithLiveKey } from '../../domain/sessions/live-key.ts'
import type { Sessions } from '../../domain/sessions/sessions.ts'
import { isBearer, readSessionKeys, readToken } from '../request/credentials.ts'
import type { PlainRequest } from '../request/plain-request.ts'
import type { SessionCookie } from '../request/session-cookie.ts'
import { userAgentOf } from '../request/user-agent.ts'
import { refuseForgery, type TrustedOrigins } from './forgery.ts'
import { type Authenticated, type OpenGates, passGates } from './gates.ts'
import { createPrincipalOfToken, type PrincipalOfTokenDeps } from './principal-of-token.ts'
import type { IsFromUI } from './ui-requests.ts'

/**
 * The only way from a request to its principal: for the API's routes, for paths without a route, and for handlers
 * beside the API. Throws `unauthorized`, a `ForgeryError`, or a `GateError` if the principal is known but a gate is
 * closed. Returns a value instead of a promise if nothing must be awaited, since a promise costs as much as the rest
 * of the work.
 */
export type Authenticate = (request: PlainRequest, route?: RouteOfRequest) => MaybePromise<Authenticated>

export interface RouteOfRequest extends OpenGates {
  /** Whether open tabs of upstream's UI send this request every minute. */
  readonly polledByUI?: boolean | undefined
}

/** A page that polls sends this header, so that polling does not renew the session. */
export const BACKGROUND_HEADER = 'x-sluice-background'

/**
 * If a token is sent, it decides, so that a valid cookie does not make up for an invalid token; otherwise the session
 * cookie decides. `Basic` or an unknown scheme beside a valid cookie is ignored. Wrong tokens are counted.
 */
export function createAuthenticate(
  deps: PrincipalOfTokenDeps & {
    sessions: Pick<Sessions, 'authenticate'>
    withLiveKey: WithLiveKey
    cookie: SessionCookie
    origins: TrustedOrigins
    /** Recognizes pages whose polls do not renew the session, as with `BACKGROUND_HEADER`; undefined if all polls do. */
    isPoller?: IsFromUI | undefined
  },
): Authenticate {
  const principalOf = createPrincipalOfToken(deps)

  function isBackground(request: PlainRequest, { polledByUI }: RouteOfRequest): boolean {
    if (request.headers[BACKGROUND_HEADER] === '1') return true
    return polledByUI === true && deps.isPoller !== undefined && deps.isPoller(request)
  }

  function identify(request: PlainRequest, route: RouteOfRequest): MaybePromise<Authenticated> {
    const { headers } = request
    const token = readToken(headers.authorization)
    if (token !== undefined) {
      const origin = () => ({
        requestID: request.id ?? '',
        address: request.clientAddress(),
        userAgent: userAgentOf(headers),
      })
      const sent = { token, isBearer: isBearer(headers.authorization), origin }
      return andThen(principalOf(sent), (principal) => ({ principal }))
    }
    const keys = readSessionKeys(headers.cookie, deps.cookie.name)
    const [key] = keys
    if (key === undefined) throw unauthorized('no-credentials')
    refuseForgery(request, deps.origins)
    const background = isBackground(request, route)
    if (keys.length === 1) return deps.sessions.authenticate(key, background)
    return deps.withLiveKey(keys, (each) => deps.sessions.authenticate(each, background))
  }

  return (request, route = NONE_OPEN) => {
    return andThen(identify(request, route), (found) => passGates(found, route))
  }
}

const NONE_OPEN: RouteOfRequest = {}
