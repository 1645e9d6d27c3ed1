import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import Type from 'typebox'
import type { Passwords } from '../../../domain/password-changes/password-changes.ts'
import { refuseForeignPage, type TrustedOrigins } from '../../protection/forgery.ts'
import { readBasic, readSessionKeys, readToken } from '../../request/credentials.ts'
import { readOldPassword } from '../../request/old-password.ts'
import { toID } from '../../request/page-query.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { BODY, CREDENTIALS, errors, IDParams, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

const PasswordInput = Type.Object({
  password: Type.Optional(Type.String({ description: '8 to 72 bytes' })),
  mustChange: Type.Optional(
    Type.Boolean({ description: 'Whether the user must choose another before anything else' }),
  ),
})

/** The passwords of users by their ids; the callers are known already. */
export function registerPasswords(api: Api, { passwords }: { passwords: Passwords }): void {
  const tags = ['Users']

  api.post(
    '/api/v2/users/:id/password',
    {
      schema: {
        operationId: 'PostUsersIDPassword',
        summary: "Set a user's password",
        tags,
        params: IDParams,
        body: PasswordInput,
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      const { password = '', mustChange = false } = request.body
      await passwords.set(request.caller(), toID(request.params.id), password, { mustChange })
      return reply.code(204).send(null)
    },
  )

  api.put(
    '/api/v2/users/:id/password',
    {
      schema: {
        operationId: 'PutUsersIDPassword',
        summary: "Change a user's password, with the old one as Basic credentials beside the session",
        tags,
        params: IDParams,
        body: PasswordInput,
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      const old = readOldPassword(request.headers.authorization)
      await passwords.change(request.caller(), toID(request.params.id), old, request.body.password ?? '')
      return reply.code(204).send(null)
    },
  )
}

/**
 * Changes one's own password: by session and old password or, if the password is right but too weak for sign-in, by
 * the password alone. So the route authenticates by itself.
 */
export function registerOwnPassword(
  api: Api,
  {
    passwords,
    credentials,
    cookie,
    origins,
  }: {
    passwords: Passwords
    credentials: onRequestHookHandler
    cookie: SessionCookie
    origins: TrustedOrigins
  },
): void {
  api.put(
    '/api/v2/me/password',
    {
      config: { beforePasswordChange: true, beforeEnrolment: true },
      onRequest(request, reply, done) {
        if (hasCredentials(request.headers, cookie.name)) {
          credentials.call(api as never, request as never, reply as never, done)
          return
        }
        // A request can try passwords here without a cookie, as at sign-in.
        refuseForeignPage(request, origins)
        done()
      },
      schema: {
        operationId: 'PutMePassword',
        summary: "Change one's own password, with the old one as Basic credentials beside the session",
        tags: ['Me'],
        body: PasswordInput,
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      const { authorization } = request.headers
      const password = request.body.password ?? ''
      if (!request.principal) {
        await passwords.replaceWeak(readBasic(authorization), password, request.origin())
      } else {
        const old = readOldPassword(authorization)
        await passwords.change(request.caller(), request.principal.user.id, old, password)
      }
      return reply.code(204).send(null)
    },
  )
}

/** Whether a session or a token was sent, valid or not; other cookies are no credentials. */
function hasCredentials(headers: FastifyRequest['headers'], name: string): boolean {
  return readSessionKeys(headers.cookie, name).length > 0 || readToken(headers.authorization) !== undefined
}
