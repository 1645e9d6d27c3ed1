import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { unauthorized } from '../../../domain/base/errors.ts'
import type { WithLiveKey } from '../../../domain/sessions/live-key.ts'
import type { Sessions } from '../../../domain/sessions/sessions.ts'
import type { SignIn } from '../../../domain/sign-in/sign-in.ts'
import { refuseForeignSignIn, refuseForeignSignOut, type TrustedOrigins } from '../../protection/forgery.ts'
import { readBasic, readSessionKeys } from '../../request/credentials.ts'
import { pathOf } from '../../request/path.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../api.ts'

/** Sign-in and sign-out: they read their credentials themselves, and nothing from the body. */
export function registerSession(
  api: Api,
  deps: {
    signIn: SignIn
    sessions: Sessions
    withLiveKey: WithLiveKey
    cookie: SessionCookie
    origins: TrustedOrigins
  },
): void {
  const { cookie, origins } = deps
  const config = { ignoresBody: true }
  const onRequest = exactPath
  const tags = ['Session']

  api.post(
    '/api/v2/signin',
    {
      config,
      onRequest,
      schema: {
        operationId: 'PostSignin',
        summary: 'Sign in with Basic credentials; the session comes back as a cookie',
        tags,
        security: [{ basic: [] }],
        querystring: Type.Object({
          orgID: Type.Optional(
            Type.String({ description: 'Deployment cloud: the organization of the session' }),
          ),
          org: Type.Optional(Type.String({ description: 'The same, by name' })),
          remember: Type.Optional(
            Type.Boolean({ description: 'Keep me signed in, where session-remember-length allows' }),
          ),
        }),
        response: { 204: NoContent, ...errors },
      },
    },
    async (request, reply) => {
      const { remember = false, ...wanted } = request.query
      refuseForeignSignIn(request, origins)
      const presentedKeys = readSessionKeys(request.headers.cookie, cookie.name)
      const { key, expiresAt } = await deps.signIn({
        credentials: readBasic(request.headers.authorization),
        wanted,
        remember,
        presentedKeys,
        origin: request.origin(),
      })
      reply.header('set-cookie', cookie.write(key, expiresAt, request))
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/v2/signout',
    {
      config,
      onRequest,
      schema: {
        operationId: 'PostSignout',
        summary: 'End the session whose cookie is sent',
        tags,
        security: [{ session: [] }],
        response: { 204: NoContent, ...errors },
      },
    },
    async (request, reply) => {
      refuseForeignSignOut(request, origins)
      const keys = readSessionKeys(request.headers.cookie, cookie.name)
      if (keys.length === 0) throw unauthorized()
      await deps.withLiveKey(keys, (key) => deps.sessions.end(key, request.origin()))
      return reply.code(204).send(null)
    },
  )
}

/** Everywhere else a trailing slash is the same route; here InfluxDB takes it for another path. */
function exactPath(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (pathOf(request).endsWith('/')) reply.callNotFound()
  else done()
}
