/** Finds out who sends a request. Knows Node's headers and nothing of Fastify. */
import type { Principals } from '../../domain/access/principals.ts'
import { addressKey } from '../../domain/base/address-key.ts'
import { SluiceError, unauthorized } from '../../domain/base/errors.ts'
import { andThen, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { GuessGuard } from '../../domain/guessing/guess-guard.ts'
import type { WithLiveKey } from '../../domain/sessions/live-key.ts'
import type { Sessions } from '../../domain/sessions/sessions.ts'
import { readSessionKeys, readToken } from '../request/credentials.ts'
import type { PlainRequest } from '../request/plain-request.ts'
import type { SessionCookie } from '../request/session-cookie.ts'
import { refuseForgery, type TrustedOrigins } from './forgery.ts'
import { type Authenticated, type OpenGates, passGates } from './gates.ts'
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
export function createAuthenticate(deps: {
  principals: Pick<Principals, 'ofToken'>
  sessions: Pick<Sessions, 'authenticate'>
  withLiveKey: WithLiveKey
  guard: Pick<GuessGuard, 'countWrongToken'>
  cookie: SessionCookie
  origins: TrustedOrigins
  /** Recognizes pages whose polls do not renew the session, as with `BACKGROUND_HEADER`; undefined if all polls do. */
  isPoller?: IsFromUI | undefined
}): Authenticate {
  function isBackground(request: PlainRequest, { polledByUI }: RouteOfRequest): boolean {
    if (request.headers[BACKGROUND_HEADER] === '1') return true
    return polledByUI === true && deps.isPoller !== undefined && deps.isPoller(request)
  }

  /** An unknown token is a guess; an inactive or expired one is not. */
  async function refused(error: unknown, request: PlainRequest): Promise<never> {
    if (error instanceof SluiceError && error.reason === 'unknown-token') {
      await deps.guard.countWrongToken(addressKey(request.clientAddress()))
    }
    throw error
  }

  function identify(request: PlainRequest, route: RouteOfRequest): MaybePromise<Authenticated> {
    const { headers } = request
    const token = readToken(headers.authorization)
    if (token !== undefined) {
      try {
        const principal = deps.principals.ofToken(token)
        return principal instanceof Promise
          ? principal.then(
              (found) => ({ principal: found }),
              (error) => refused(error, request),
            )
          : { principal }
      } catch (error) {
        return refused(error, request)
      }
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
