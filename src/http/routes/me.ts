import type { Passwords } from '../../domain/passwords/passwords.ts'
import { permission } from '../../domain/permissions/permission.ts'
import { requirePermission } from '../../domain/principals/principal.ts'
import type { Api } from '../api.ts'
import { readOldPassword } from '../old-password.ts'
import { errors, NoContent, ref } from '../shapes.ts'
import { PasswordInput, UserShape, userBody } from './users.ts'

export function registerMe(api: Api, { passwords }: { passwords: Passwords }): void {
  api.get(
    '/api/v2/me',
    {
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

  api.put(
    '/api/v2/me/password',
    {
      schema: {
        operationId: 'PutMePassword',
        summary: 'Change the own password, with the old one as Basic credentials beside the session',
        tags: ['Me'],
        body: PasswordInput,
        response: { 204: NoContent, ...errors },
      },
    },
    async (request, reply) => {
      const old = readOldPassword(request.headers.authorization)
      const { user } = request.principal
      await passwords.change(request.caller(), user.id, old, request.body.password ?? '')
      return reply.code(204).send(null)
    },
  )
}
