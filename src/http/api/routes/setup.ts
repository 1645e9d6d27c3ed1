import Type from 'typebox'
import type { Setup } from '../../../domain/setup/setup.ts'
import { refuseForeignPage, type TrustedOrigins } from '../../protection/forgery.ts'
import { BODY, errors, IDShape, NoContent, named, ref, StatusShape, TimeShape } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { AuthorizationLinksShape } from './authorizations.ts'
import { BucketShape, bucketBody } from './buckets.ts'
import { OrganizationShape, organizationBody } from './organizations.ts'
import { PermissionShape } from './permissions.ts'
import { UserShape, userBody } from './users.ts'

const SetupInput = Type.Object({
  username: Type.Optional(Type.String({ description: 'Needed' })),
  password: Type.Optional(Type.String({ description: '8 to 72 bytes' })),
  org: Type.Optional(Type.String({ description: 'Needed' })),
  bucket: Type.Optional(Type.String({ description: 'Needed' })),
  retentionPeriodSeconds: Type.Optional(Type.Integer({ description: '0 is forever' })),
  retentionPeriodHrs: Type.Optional(Type.Integer({ description: 'Deprecated: the same in hours' })),
  token: Type.Optional(Type.String({ description: 'The operator token; made if not chosen' })),
})

export const SetupShape = named(
  'SetupResult',
  Type.Object({
    user: ref(UserShape),
    bucket: ref(BucketShape),
    org: ref(OrganizationShape),
    auth: Type.Object({
      id: IDShape,
      token: Type.String(),
      hashedToken: Type.String(),
      status: StatusShape,
      description: Type.String(),
      orgID: IDShape,
      userID: IDShape,
      permissions: Type.Array(ref(PermissionShape)),
      createdAt: TimeShape,
      updatedAt: TimeShape,
      links: AuthorizationLinksShape,
    }),
  }),
)

export function registerSetup(api: Api, { setup, origins }: { setup: Setup; origins: TrustedOrigins }): void {
  const tags = ['Setup']

  api.get(
    '/api/v2/setup',
    {
      schema: {
        operationId: 'GetSetup',
        summary: 'Check whether setup is allowed: while there are no users and no organizations',
        tags,
        security: [],
        response: { 200: Type.Object({ allowed: Type.Boolean() }), ...errors() },
      },
    },
    async () => ({ allowed: await setup.allowed() }),
  )

  api.post(
    '/api/v2/setup',
    {
      schema: {
        operationId: 'PostSetup',
        summary: 'Set up the server: make the first user, organization, bucket and the operator token',
        tags,
        security: [],
        body: SetupInput,
        response: { 201: ref(SetupShape), ...errors(...BODY, 403, 422) },
      },
    },
    async (request, reply) => {
      refuseForeignPage(request, origins)
      const { body } = request
      const retentionPeriodSeconds = body.retentionPeriodSeconds || (body.retentionPeriodHrs ?? 0) * 3600
      const input = { ...body, retentionPeriodSeconds }
      const { user, organization, bucket, authorization, token } = await setup.run(input, request.origin())
      return reply.code(201).send({
        user: userBody(user),
        bucket: bucketBody(bucket),
        org: organizationBody(organization),
        auth: {
          ...authorization,
          permissions: [...authorization.permissions],
          token,
          links: {
            self: `/api/v2/authorizations/${authorization.id}`,
            user: `/api/v2/users/${user.id}`,
          },
        },
      })
    },
  )

  api.post(
    '/api/v2/setup/check',
    {
      schema: {
        operationId: 'PostSetupCheck',
        summary: 'Check whether setup would take this name and password; nothing is made',
        tags,
        security: [],
        body: Type.Object({ username: Type.String(), password: Type.String() }),
        response: { 204: NoContent, ...errors(...BODY, 403, 422) },
      },
    },
    async (request, reply) => {
      refuseForeignPage(request, origins)
      await setup.check(request.body)
      return reply.code(204).send(null)
    },
  )
}
