import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Principal } from '../../domain/access/principal.ts'
import type { Principals } from '../../domain/access/principals.ts'
import { addressKey } from '../../domain/base/address-key.ts'
import { forbidden, SluiceError, unauthorized } from '../../domain/base/errors.ts'
import { andThen, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import { hashSecret } from '../../domain/base/secrets.ts'
import type { GuessGuard } from '../../domain/guessing/guess-guard.ts'
import type { WithLiveKey } from '../../domain/sessions/live-key.ts'
import type { ActiveSession, Sessions } from '../../domain/sessions/sessions.ts'
import { readSessionKeys, readToken } from '../request/credentials.ts'
import type { SessionCookie } from '../request/session-cookie.ts'
import { refuseForgery, type TrustedOrigins } from './forgery.ts'

/** Who asks, and by which session, if by one. */
export type Authenticated = { readonly principal: Principal } | ActiveSession

/**
 * Finds out who asks; throws `unauthorized` or `forbidden` where nobody may. The answer comes at once where
 * nothing must be waited for, since a promise costs a request as much as all the rest of this.
 */
export type Authenticate = (request: FastifyRequest) => MaybePromise<Authenticated>

/** A page that polls says so, and keeps nobody signed in by that. */
export const BACKGROUND_HEADER = 'x-sluice-background'

/**
 * A token decides whenever one is sent, so that a bad one is not rescued by a good cookie; else the session
 * cookie. `Basic` or an unknown scheme beside a good cookie is ignored. Wrong tokens are counted.
 */
export function createAuthenticate(deps: {
  principals: Pick<Principals, 'ofToken'>
  sessions: Pick<Sessions, 'authenticate'>
  withLiveKey: WithLiveKey
  guard: Pick<GuessGuard, 'countWrongToken'>
  cookie: SessionCookie
  origins: TrustedOrigins
}): Authenticate {
  /** A token that nobody has is a guess; one that is inactive or expired is not. */
  async function refused(error: unknown, request: FastifyRequest): Promise<never> {
    if (error instanceof SluiceError && error.reason === 'unknown-token') {
      await deps.guard.countWrongToken(addressKey(request.clientAddress()))
    }
    throw error
  }

  return (request) => {
    const { headers } = request
    const token = readToken(headers.authorization)
    if (token !== undefined) {
      try {
        const principal = deps.principals.ofToken(token)
        return andThen<Principal, Authenticated>(
          principal,
          (found) => ({ principal: found }),
          (error) => refused(error, request),
        )
      } catch (error) {
        return refused(error, request)
      }
    }
    const keys = readSessionKeys(headers.cookie, deps.cookie.name)
    const [key] = keys
    if (key === undefined) throw unauthorized('no-credentials')
    refuseForgery(request, deps.origins)
    const background = headers[BACKGROUND_HEADER] === '1'
    if (keys.length === 1) return deps.sessions.authenticate(key, background)
    return deps.withLiveKey(keys, (each) => deps.sessions.authenticate(each, background))
  }
}

/** The hook for routes that need credentials. */
export function requireCredentials(authenticate: Authenticate, cookie: SessionCookie): onRequestHookHandler {
  function admit(request: FastifyRequest, reply: FastifyReply, found: Authenticated): void {
    const { principal } = found
    request.principal = principal
    if ('session' in found) {
      request.session = found.session
      if (found.cookieExpiresAt !== undefined) {
        const keys = readSessionKeys(request.headers.cookie, cookie.name)
        const { keyHash } = found.session
        const key = keys.length === 1 ? keys[0] : keys.find((each) => hashSecret(each) === keyHash)
        reply.header('set-cookie', cookie.write(key ?? '', found.cookieExpiresAt, request))
      }
      if (principal.mustChangePassword && !request.routeOptions.config.beforePasswordChange) {
        throw forbidden('password-change-due', 'password change required')
      }
    }
  }

  return (request, reply, done) => {
    let admitted: MaybePromise<void>
    try {
      admitted = andThen(authenticate(request), (found) => admit(request, reply, found))
    } catch (error) {
      done(error as Error)
      return
    }
    void andThen(
      admitted,
      () => done(),
      (error) => done(error as Error),
    )
  }
}
