import Type from 'typebox'
import type { PasswordSignIn } from '../../../domain/sign-in/password-sign-in.ts'
import { SecondFactorDueError } from '../../../domain/sign-in/pending-sign-in.ts'
import { refuseForeignSignIn, type TrustedOrigins } from '../../protection/forgery.ts'
import { readBasic, readSessionKeys } from '../../request/credentials.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { exactPath } from '../frame/exact-path.ts'

/** What a sign-in asks for besides a session. */
export const SignInQuery = Type.Object({
  orgID: Type.Optional(Type.String({ description: 'Deployment cloud: the organization of the session' })),
  org: Type.Optional(Type.String({ description: 'The same, by name' })),
  remember: Type.Optional(
    Type.Boolean({ description: 'Keep me signed in, where session-remember-length allows' }),
  ),
})

/** Sign-in reads its credentials itself, and nothing from the body. */
export function registerSignIn(
  api: Api,
  deps: {
    signIn: PasswordSignIn
    cookie: SessionCookie
    /** Reads and writes the cookie of a sign-in whose second factor is due. */
    pendingCookie: SessionCookie
    origins: TrustedOrigins
  },
): void {
  const { cookie, pendingCookie, origins } = deps
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
        querystring: SignInQuery,
        description:
          'Where a second factor is due, the answer is 401 with X-Sluice-Reason second-factor-required. Its header ' +
          'X-Sluice-Second-Factor lists the methods, and its cookie goes with POST /api/v2/signin/second-factor.',
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 422) },
      },
    },
    async (request, reply) => {
      const { remember = false, ...wanted } = request.query
      refuseForeignSignIn(request, origins)
      const presentedKeys = readSessionKeys(request.headers.cookie, cookie.name)
      const signingIn = deps.signIn({
        credentials: readBasic(request.headers.authorization),
        wanted,
        remember,
        presentedKeys,
        origin: request.origin(),
      })
      const { key, cookieExpiresAt } = await signingIn.catch((error) => {
        if (error instanceof SecondFactorDueError) {
          reply.header('set-cookie', pendingCookie.write(error.pending, error.expiresAt, request))
          reply.header(SECOND_FACTOR_HEADER, error.methods.join(', '))
        }
        throw error
      })
      reply.header('set-cookie', cookie.write(key, cookieExpiresAt, request))
      return reply.code(204).send(null)
    },
  )
}

/** How a sign-in can go on, as a list of `FactorMethod`. */
const SECOND_FACTOR_HEADER = 'x-sluice-second-factor'
