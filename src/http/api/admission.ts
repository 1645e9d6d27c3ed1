/** Authentication for the API: sets on Fastify's request and reply what `authenticate` finds. */
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { Authenticate } from '../protection/authentication.ts'
import { type Authenticated, GateError } from '../protection/gates.ts'
import { renewedCookie, type SessionCookie } from '../request/session-cookie.ts'

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

  return (request, reply) => {
    try {
      const found = authenticate(request, request.routeOptions.config)
      if (!(found instanceof Promise)) return note(request, reply, found)
      return found.then(
        (each) => note(request, reply, each),
        (error) => failed(request, reply, error),
      )
    } catch (error) {
      return failed(request, reply, error)
    }
  }
}

/** The hook of routes that need credentials. */
export function requireCredentials(admit: Admit): onRequestHookHandler {
  return (request, reply, done) => {
    let admitted: MaybePromise<void>
    try {
      admitted = admit(request, reply)
    } catch (error) {
      done(error as Error)
      return
    }
    if (admitted instanceof Promise) admitted.then(() => done(), done)
    else done()
  }
}
