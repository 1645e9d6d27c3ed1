import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { unauthorized } from '../domain/errors.ts'
import type { Principal } from '../domain/principals/principal.ts'
import type { Principals } from '../domain/principals/principals.ts'
import type { Sessions } from '../domain/sessions/sessions.ts'
import { readCookie, readToken } from './credentials.ts'
import { SESSION_COOKIE } from './session-cookie.ts'

/**
 * Finds out who asks; throws `unauthorized` or `forbidden` where nobody may. The answer comes at once where
 * nothing must be waited for, since a promise costs a request as much as all the rest of this.
 */
export type Authenticate = (request: FastifyRequest) => Principal | Promise<Principal>

/**
 * A token decides whenever one is sent, so that a bad one is not rescued by a good cookie; else the session
 * cookie. `Basic` or an unknown scheme beside a good cookie is ignored.
 */
export function createAuthenticate(deps: {
  principals: Pick<Principals, 'ofToken'>
  sessions: Pick<Sessions, 'authenticate'>
}): Authenticate {
  return ({ headers }) => {
    const token = readToken(headers.authorization)
    if (token !== undefined) return deps.principals.ofToken(token)
    const key = readCookie(headers.cookie, SESSION_COOKIE)
    if (key) return deps.sessions.authenticate(key)
    throw unauthorized()
  }
}

/** The hook for routes that need credentials. */
export function requireCredentials(authenticate: Authenticate): onRequestHookHandler {
  return (request, _reply, done) => {
    let found: Principal | Promise<Principal>
    try {
      found = authenticate(request)
    } catch (error) {
      done(error as Error)
      return
    }
    if (found instanceof Promise) {
      found.then((principal) => {
        request.principal = principal
        done()
      }, done)
    } else {
      request.principal = found
      done()
    }
  }
}
