import { unauthorized } from '../../../domain/base/errors.ts'
import type { WithLiveKey } from '../../../domain/sessions/live-key.ts'
import type { Sessions } from '../../../domain/sessions/sessions.ts'
import { refuseForeignSignOut, type TrustedOrigins } from '../../protection/forgery.ts'
import { readSessionKeys } from '../../request/credentials.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { exactPath } from '../frame/exact-path.ts'

/** Sign-out ends a session that the gates would refuse too, so it reads the cookie itself. */
export function registerSignOut(
  api: Api,
  {
    sessions,
    withLiveKey,
    cookie,
    origins,
  }: { sessions: Sessions; withLiveKey: WithLiveKey; cookie: SessionCookie; origins: TrustedOrigins },
): void {
  api.post(
    '/api/v2/signout',
    {
      config: { ignoresBody: true },
      onRequest: exactPath,
      schema: {
        operationId: 'PostSignout',
        summary: 'End the session in use, by its cookie',
        tags: ['Session'],
        security: [{ session: [] }],
        response: { 204: NoContent, ...errors(401, 403) },
      },
    },
    async (request, reply) => {
      refuseForeignSignOut(request, origins)
      const keys = readSessionKeys(request.headers.cookie, cookie.name)
      if (keys.length === 0) throw unauthorized('no-credentials')
      await withLiveKey(keys, (key) => sessions.end(key, request.origin()))
      return reply.code(204).send(null)
    },
  )
}
