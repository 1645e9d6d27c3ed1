import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { requirePermission } from '../../../domain/access/principal.ts'
import type { Passwords } from '../../../domain/password-changes/password-changes.ts'
import { permission } from '../../../domain/records/permission.ts'
import { refuseForeignPage, type TrustedOrigins } from '../../protection/forgery.ts'
import { readBasic, readSessionKeys, readToken } from '../../request/credentials.ts'
import { readOldPassword } from '../../request/old-password.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { errors, NoContent, ref } from '../../request/shapes.ts'
import type { Api } from '../api.ts'
import { PasswordInput, UserShape, userBody } from './users.ts'

export function registerMe(api: Api): void {
  api.get(
    '/api/v2/me',
    {
      config: { beforePasswordChange: true },
      schema: {
        operationId: 'GetMe',
        summary: 'Retrieve the user whose session or token it is',
        tags: ['Me'],
        response: { 200: ref(UserShape), ...errors },
      },
    },
    ({ principal }, reply) => {
      requirePermission(principal, permission('read', 'users', { id: principal.user.id }))
      reply.send(userBody(principal.user))
    },
  )
}

/**
 * Changing one's own password: by session and old password or, where that password is right but too weak to
 * sign in with, by itself. It finds out who asks on its own, therefore.
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
      config: { beforePasswordChange: true },
      onRequest(request, reply, done) {
        if (hasCredentials(request.headers, cookie.name)) {
          credentials.call(api as never, request as never, reply as never, done)
          return
        }
        // A password alone is tried here, as at sign-in.
        refuseForeignPage(request, origins)
        done()
      },
      schema: {
        operationId: 'PutMePassword',
        summary: 'Change the own password, with the old one as Basic credentials beside the session',
        tags: ['Me'],
        body: PasswordInput,
        response: { 204: NoContent, ...errors },
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

/** Whether there is a session or a token to look at, good or bad; other cookies are nobody's credentials. */
function hasCredentials(headers: FastifyRequest['headers'], name: string): boolean {
  return readSessionKeys(headers.cookie, name).length > 0 || readToken(headers.authorization) !== undefined
}
