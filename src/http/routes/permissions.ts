import Type from 'typebox'
import { ACTIONS, RESOURCE_TYPES } from '../../domain/permissions/permission.ts'
import type { Api } from '../api.ts'
import { constantDocument } from '../constant-document.ts'
import { errors, IdShape, NoContent, named } from '../shapes.ts'

export const ResourceShape = named(
  'Resource',
  Type.Object({
    type: Type.String({ description: `One of ${RESOURCE_TYPES.join(', ')}` }),
    id: Type.Optional(IdShape),
    orgID: Type.Optional(IdShape),
    name: Type.Optional(Type.String({ description: 'The name of the resource, where it is known' })),
    org: Type.Optional(Type.String({ description: 'The name of the organization, where it is known' })),
  }),
)

export const PermissionShape = named(
  'Permission',
  Type.Object({
    action: Type.String({ description: ACTIONS.map((each) => `\`${each}\``).join(' or ') }),
    resource: Type.Unsafe<{ type: string; id?: string; orgID?: string; name?: string; org?: string }>({
      $ref: 'Resource#',
    }),
  }),
)

/** A permission in a request: what is missing is refused with InfluxDB's words, not by its shape. */
export const PermissionInput = Type.Object({
  action: Type.Optional(Type.String({ description: '`read` or `write`' })),
  resource: Type.Optional(
    Type.Object({
      type: Type.Optional(Type.String()),
      id: Type.Optional(IdShape),
      orgID: Type.Optional(IdShape),
    }),
  ),
})

export function registerResources(api: Api): void {
  api.get(
    '/api/v2/resources',
    {
      schema: {
        operationId: 'GetResources',
        summary: 'List the types of resources that permissions speak of',
        tags: ['Permissions'],
        response: { 200: Type.Array(Type.String()), 304: NoContent, ...errors },
      },
    },
    constantDocument(() => RESOURCE_TYPES, { needsCredentials: true }),
  )

  api.get(
    '/api/v2/flags',
    {
      schema: {
        operationId: 'GetFlags',
        summary: 'List the feature flags, of which there are none',
        tags: ['Permissions'],
        response: { 200: Type.Object({}, { additionalProperties: true }), 304: NoContent, ...errors },
      },
    },
    constantDocument(() => ({}), { needsCredentials: true }),
  )
}
