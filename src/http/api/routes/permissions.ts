/** The shapes of permissions, which several resources carry. */
import Type from 'typebox'
import { ACTIONS, RESOURCE_TYPES } from '../../../domain/records/permission.ts'
import { IDShape, named } from '../../request/shapes.ts'

export const ResourceShape = named(
  'Resource',
  Type.Object({
    type: Type.String({ description: `One of ${RESOURCE_TYPES.join(', ')}` }),
    id: Type.Optional(IDShape),
    orgID: Type.Optional(IDShape),
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

/**
 * A permission in a request. All fields are optional here, so that a missing one is refused with InfluxDB's message.
 */
export const PermissionInput = Type.Object({
  action: Type.Optional(Type.String({ description: '`read` or `write`' })),
  resource: Type.Optional(
    Type.Object({
      type: Type.Optional(Type.String()),
      id: Type.Optional(IDShape),
      orgID: Type.Optional(IDShape),
    }),
  ),
})
