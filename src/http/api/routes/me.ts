import { requirePermission } from '../../../domain/access/principal.ts'
import { permission } from '../../../domain/records/permission.ts'
import { CREDENTIALS, errors, ref } from '../../request/shapes.ts'
import type { Api } from '../api.ts'
import { UserShape, userBody } from './users.ts'

export function registerMe(api: Api): void {
  api.get(
    '/api/v2/me',
    {
      config: { beforePasswordChange: true, beforeEnrolment: true, polledByUI: true },
      schema: {
        operationId: 'GetMe',
        summary: 'Retrieve the user whose session or token it is',
        tags: ['Me'],
        response: { 200: ref(UserShape), ...errors(...CREDENTIALS) },
      },
    },
    ({ principal }, reply) => {
      requirePermission(principal, permission('read', 'users', { id: principal.user.id }))
      reply.send(userBody(principal.user))
    },
  )
}
