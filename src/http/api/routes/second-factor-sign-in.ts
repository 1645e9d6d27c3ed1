/** The second step of a sign-in, and sign-in by a passkey alone. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { PasskeyChallenge, SecondFactorChallenge } from '../../../domain/sign-in/passkey-challenge.ts'
import type { PasskeySignIn } from '../../../domain/sign-in/passkey-sign-in.ts'
import type { SecondFactorSignIn } from '../../../domain/sign-in/second-factor-sign-in.ts'
import type { StartedSession } from '../../../domain/sign-in/start-session.ts'
import { refuseForeignSignIn, type TrustedOrigins } from '../../protection/forgery.ts'
import { readSessionKeys } from '../../request/credentials.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { BODY, CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { exactPath } from '../frame/exact-path.ts'
import { PasskeyAnswerShape, PasskeyChallengeShape } from './passkey-shapes.ts'
import { SignInQuery } from './sign-in.ts'

interface Cookies {
  readonly cookie: SessionCookie
  /** Reads and writes the cookie of a sign-in whose second factor is due. */
  readonly pendingCookie: SessionCookie
  /** Reads and writes the cookie of a sign-in by a passkey alone. */
  readonly passkeyCookie: SessionCookie
  readonly origins: TrustedOrigins
}

const COMMON = { tags: ['Session'], security: [] }

export function registerSecondFactorSignIn(
  api: Api,
  deps: Cookies & { secondFactorSignIn: SecondFactorSignIn; secondFactorChallenge: SecondFactorChallenge },
): void {
  const { pendingCookie, origins } = deps
  const { pendingIn, begin, enter } = createSteps(deps, pendingCookie)

  api.post(
    '/api/v2/signin/second-factor',
    {
      onRequest: exactPath,
      schema: {
        ...COMMON,
        operationId: 'PostSigninSecondFactor',
        summary: 'Go on with a sign-in whose password was right; the session comes back as a cookie',
        body: Type.Object({
          code: Type.String({ description: 'Of an authenticator app, or a recovery code' }),
        }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      refuseForeignSignIn(request, origins)
      const proof = request.body.code
      return enter(request, reply, await deps.secondFactorSignIn({ ...pendingIn(request), proof }))
    },
  )

  api.post(
    '/api/v2/signin/second-factor/passkey/challenge',
    {
      config: { ignoresBody: true },
      onRequest: exactPath,
      schema: {
        ...COMMON,
        operationId: 'PostSigninSecondFactorPasskeyChallenge',
        summary: 'Ask what a passkey must answer after a right password',
        response: { 200: PasskeyChallengeShape, ...errors(...CREDENTIALS, 404) },
      },
    },
    async (request, reply) => {
      refuseForeignSignIn(request, origins)
      return begin(request, reply, await deps.secondFactorChallenge(pendingIn(request).pending))
    },
  )

  api.post(
    '/api/v2/signin/second-factor/passkey',
    {
      onRequest: exactPath,
      schema: {
        ...COMMON,
        operationId: 'PostSigninSecondFactorPasskey',
        summary: 'Go on with a sign-in by a passkey; the session comes back as a cookie',
        body: Type.Object({ passkey: PasskeyAnswerShape }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      refuseForeignSignIn(request, origins)
      const proof = request.body.passkey
      return enter(request, reply, await deps.secondFactorSignIn({ ...pendingIn(request), proof }))
    },
  )
}

export function registerPasskeySignIn(api: Api, deps: Cookies & { passkeySignIn: PasskeySignIn }): void {
  const { passkeySignIn, passkeyCookie, origins } = deps
  const { pendingIn, begin, enter } = createSteps(deps, passkeyCookie)

  api.post(
    '/api/v2/signin/passkey/challenge',
    {
      config: { ignoresBody: true },
      onRequest: exactPath,
      schema: {
        ...COMMON,
        operationId: 'PostSigninPasskeyChallenge',
        summary: 'Ask what a passkey must answer to sign in without a password',
        response: { 200: PasskeyChallengeShape, ...errors(403) },
      },
    },
    async (request, reply) => {
      refuseForeignSignIn(request, origins)
      return begin(request, reply, await passkeySignIn.begin())
    },
  )

  api.post(
    '/api/v2/signin/passkey',
    {
      onRequest: exactPath,
      schema: {
        ...COMMON,
        operationId: 'PostSigninPasskey',
        summary: 'Sign in by a passkey alone; the session comes back as a cookie',
        querystring: SignInQuery,
        body: Type.Object({ passkey: PasskeyAnswerShape }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      refuseForeignSignIn(request, origins)
      const { remember = false, ...wanted } = request.query
      const answer = request.body.passkey
      const started = await passkeySignIn.finish({ ...pendingIn(request), answer, wanted, remember })
      return enter(request, reply, started)
    },
  )
}

/** What both have in common; `waiting` is the cookie of a sign-in that is under way. */
function createSteps({ cookie }: Cookies, waiting: SessionCookie) {
  return {
    pendingIn(request: FastifyRequest) {
      const { headers } = request
      return {
        pending: readSessionKeys(headers.cookie, waiting.name)[0],
        presentedKeys: readSessionKeys(headers.cookie, cookie.name),
        origin: request.origin(),
      }
    },
    begin(request: FastifyRequest, reply: FastifyReply, { options, pending, expiresAt }: PasskeyChallenge) {
      reply.header('set-cookie', waiting.write(pending, expiresAt, request))
      return { publicKey: options }
    },
    enter(
      request: FastifyRequest,
      reply: FastifyReply,
      { key, cookieExpiresAt }: Pick<StartedSession, 'key' | 'cookieExpiresAt'>,
    ) {
      reply.header('set-cookie', [cookie.write(key, cookieExpiresAt, request), waiting.write('', 0, request)])
      return reply.code(204).send(null)
    },
  }
}
