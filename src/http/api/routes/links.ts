/** Where an API begins: the paths that it has, and its OpenAPI document. */
import Type from 'typebox'
import { errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { constantDocument } from '../frame/constant-document.ts'

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
        summary: 'List the top-level paths',
        tags: ['System'],
        security: [],
        response: { 200: Type.Object({}, { additionalProperties: true }), 304: NoContent, ...errors() },
      },
    },
    constantDocument(() => links),
  )

  api.get(
    `${base}/openapi.json`,
    { schema: { hide: true } },
    constantDocument(() => api.swagger()),
  )
}
