/**
 * Answers the check of a gateway without the framework of the API, for callers that may pass. A gateway asks once for
 * each request that it forwards, and the framework costs as much as the decision.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { andThen, attempt, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import { type CorsOrigins, crossOriginHeaders } from '../protection/cross-origin.ts'
import type { Authenticated } from '../protection/gates.ts'
import type { ClientAddress } from '../request/client-address.ts'
import { withoutCookie } from '../request/credentials.ts'
import { rawQueryOf } from '../request/path.ts'
import { plainRequest } from '../request/plain-request.ts'
import { renewedCookie, type SessionCookie } from '../request/session-cookie.ts'
import { hasBody } from '../server/slow-clients.ts'
import type { AuthCheck } from './auth-check.ts'
import { type CheckParameters, readCheckParameters } from './check-parameters.ts'
import type { IdentityHeaders } from './identity-headers.ts'

export const CHECK_PATH = '/api/v2/auth/check'

interface Passed {
  readonly found: Authenticated
  readonly identity: IdentityHeaders
  readonly givesCookies: boolean
}

const BEGUN = Symbol('the authentication of a request that the quick check began')

interface WithBegun {
  [BEGUN]?: MaybePromise<Authenticated>
}

/**
 * What the quick check has found out about the caller before it left the request to the API's route. A wrong token must
 * not count twice, so the route goes on from there.
 */
export const begunAuthentication = (request: IncomingMessage & WithBegun) => request[BEGUN]

/** Whether the quick check may take the request: it has no body, and no path below that of the check. */
export const isQuickCheck = (request: IncomingMessage): boolean =>
  request.method === 'GET' && request.url?.[CHECK_PATH.length] !== '/' && !hasBody(request)

/**
 * `otherwise` answers all that is refused, what needs a judge of requests to an upstream, and parameters that are not
 * understood. `count` is called with the status of each answer given here.
 */
export function createQuickCheck(deps: {
  authCheck: Pick<AuthCheck, 'forwarded' | 'authenticate' | 'identify'>
  cookie: SessionCookie
  cors: CorsOrigins
  clientAddress: ClientAddress
  createRequestID: () => string
  count: (status: number) => void
  otherwise: RequestListener
}): RequestListener {
  const { authCheck, cookie, cors, clientAddress, otherwise } = deps
  // A gateway asks with the same query again and again.
  let last: { readonly query: string; readonly parameters: CheckParameters } | undefined

  function parametersOf(query: string): CheckParameters {
    if (last?.query !== query) last = { query, parameters: readCheckParameters(query) }
    return last.parameters
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { found, identity, givesCookies }: Passed,
  ): void {
    const renewed = 'session' in found ? renewedCookie(found, request, cookie) : undefined
    const { origin, cookie: sent } = request.headers
    const isPlain = origin === undefined && renewed === undefined && !givesCookies
    const headers = isPlain
      ? identity
      : [
          ...crossOriginHeaders(origin, cors),
          ...(renewed === undefined ? [] : ['set-cookie', renewed]),
          ...identity,
          ...(givesCookies ? ['cookie', withoutCookie(sent, cookie.name)] : []),
        ]
    deps.count(204)
    response.writeHead(204, headers as string[])
    response.end()
  }

  return (request: IncomingMessage & WithBegun, response) => {
    const leave = () => otherwise(request, response)
    function decide(): MaybePromise<() => void> {
      const parameters = parametersOf(rawQueryOf({ url: request.url ?? '' }))
      const forwarded = authCheck.forwarded.read(request)
      if (parameters.upstream !== undefined) return leave
      const asked = plainRequest(request, clientAddress, deps.createRequestID())
      const found = authCheck.authenticate(asked, forwarded, parameters)
      request[BEGUN] = found
      return andThen(found, (each) =>
        andThen(authCheck.identify(each.principal, parameters.wanted), (identity) => () => {
          answer(request, response, { found: each, identity, givesCookies: parameters.givesCookies })
        }),
      )
    }
    attempt(decide, (answerIt) => answerIt(), leave)
  }
}
