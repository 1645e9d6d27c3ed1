import Type from 'typebox'
import type { PasswordSignIn } from '../../../domain/sign-in/password-sign-in.ts'
import { refuseForeignSignIn, type TrustedOrigins } from '../../protection/forgery.ts'
import { readBasic, readSessionKeys } from '../../request/credentials.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../api.ts'
import { exactPath } from '../exact-path.ts'

/** Sign-in reads its credentials itself, and nothing from the body. */
export function registerSignIn(
  api: Api,
  deps: {
    signIn: PasswordSignIn
    cookie: SessionCookie
    origins: TrustedOrigins
  },
): void {
  const { cookie, origins } = deps
  api.post(
    '/api/v2/signin',
    {
      config: { ignoresBody: true },
      onRequest: exactPath,
      schema: {
        operationId: 'PostSignin',
        summary: 'Sign in with Basic credentials; the session comes back as a cookie',
        tags: ['Session'],
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
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400) },
      },
    },
    async (request, reply) => {
      const { remember = false, ...wanted } = request.query
      refuseForeignSignIn(request, origins)
      const presentedKeys = readSessionKeys(request.headers.cookie, cookie.name)
      const { key, cookieExpiresAt } = await deps.signIn({
        credentials: readBasic(request.headers.authorization),
        wanted,
        remember,
        presentedKeys,
        origin: request.origin(),
      })
      reply.header('set-cookie', cookie.write(key, cookieExpiresAt, request))
      return reply.code(204).send(null)
    },
  )
}
