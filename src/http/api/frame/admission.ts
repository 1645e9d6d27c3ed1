/** Authentication for the API: sets on Fastify's request and reply what `authenticate` finds. */
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { attempt, type MaybePromise } from '../../../domain/base/maybe-promise.ts'
import type { Authenticate } from '../../protection/authentication.ts'
import { type Authenticated, GateError } from '../../protection/gates.ts'
import { renewedCookie, type SessionCookie } from '../../request/session-cookie.ts'

/** Sets the principal and the session of a request, and renews the cookie; throws as `authenticate` does. */
export type Admit = (request: FastifyRequest, reply: FastifyReply) => MaybePromise<void>

export function createAdmit(authenticate: Authenticate, cookie: SessionCookie): Admit {
  function note(request: FastifyRequest, reply: FastifyReply, found: Authenticated): void {
    request.principal = found.principal
    if (!('session' in found)) return
    request.session = found.session
    const renewed = renewedCookie(found, request, cookie)
    if (renewed !== undefined) reply.header('set-cookie', renewed)
  }

  function failed(request: FastifyRequest, reply: FastifyReply, error: unknown): never {
    if (error instanceof GateError) note(request, reply, error.found)
    throw error
  }

  return (request, reply) =>
    attempt(
      () => authenticate(request, request.routeOptions.config),
      (found) => note(request, reply, found),
      (error) => failed(request, reply, error),
    )
}

/** The hook of routes that need credentials. */
export function requireCredentials(admit: Admit): onRequestHookHandler {
  return (request, reply, done) => {
    attempt(
      () => admit(request, reply),
      () => done(),
      (error) => done(error as Error),
    )
  }
}
