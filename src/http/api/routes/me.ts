import { type ExternalSubject, requirePermission } from '../../../domain/access/principal.ts'
import { forbidden } from '../../../domain/base/errors.ts'
import { permission } from '../../../domain/records/permission.ts'
import { CREDENTIALS, errors, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { UserShape, userBody } from './users.ts'

export function registerMe(api: Api): void {
  api.get(
    '/api/v2/me',
    {
      config: { beforePasswordChange: true, beforeEnrolment: true, polledByUI: true },
      schema: {
        operationId: 'GetMe',
        summary: "Retrieve one's own user, by session or token",
        tags: ['Me'],
        response: { 200: ref(UserShape), ...errors(...CREDENTIALS) },
      },
    },
    ({ principal }, reply) => {
      if (principal.external) throw withoutUser(principal.external)
      requirePermission(principal, permission('read', 'users', { id: principal.user.id }))
      reply.send(userBody(principal.user))
    },
  )
}

const withoutUser = ({ issuer, subject }: ExternalSubject) =>
  forbidden('no-user', `this token of ${issuer} is for ${subject} and belongs to no user of this server`)
