/** Where an API begins: the paths that it has, and its OpenAPI document. */
import Type from 'typebox'
import { errors } from '../../request/shapes.ts'
import type { Api } from '../api.ts'

/** The paths that `GET /api/v2` links: only what is served. */
export function registerLinks(api: Api): void {
  const base = '/api/v2'
  const served = ['authorizations', 'buckets', 'flags', 'me', 'orgs', 'resources', 'setup', 'signin']
  const links: Record<string, unknown> = {
    ...Object.fromEntries([...served, 'signout', 'users'].map((name) => [name, `${base}/${name}`])),
    swagger: `${base}/openapi.json`,
    system: { health: '/health', metrics: '/metrics', ready: '/ready' },
  }

  api.get(
    base,
    {
      schema: {
        operationId: 'GetRoutes',
        summary: 'The top-level paths',
        tags: ['System'],
        security: [],
        response: { 200: Type.Object({}, { additionalProperties: true }), ...errors() },
      },
    },
    async () => links,
  )

  api.get(`${base}/openapi.json`, { schema: { hide: true } }, async (_request, reply) =>
    reply.send(api.swagger()),
  )
}
