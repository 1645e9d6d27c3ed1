/** Releasing users and addresses that are throttled. */
import Type from 'typebox'
import type { Throttled } from '../../../domain/throttled/throttled.ts'
import { toID } from '../../request/page-query.ts'
import { BODY, CREDENTIALS, errors, IDShape, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

const SCOPES = ['pair', 'user', 'address', 'token'] as const

export function registerThrottled(api: Api, { throttled }: { throttled: Throttled }): void {
  api.post(
    '/api/v2/throttled/release',
    {
      schema: {
        operationId: 'PostThrottledRelease',
        summary: 'Release a throttled user or address, for an operator',
        tags: ['System'],
        body: Type.Object({
          scope: Type.Union(
            SCOPES.map((scope) => Type.Literal(scope)),
            { description: 'As the overview lists it' },
          ),
          address: Type.String({ description: 'As the overview lists it' }),
          userID: Type.Optional(IDShape),
        }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request, reply) => {
      const { scope, address, userID } = request.body
      await throttled.release(request.caller(), { scope, address, userID: toID(userID) })
      return reply.code(204).send(null)
    },
  )
}
