import Type, { type Static } from 'typebox'
import { idIn } from '../../../domain/base/id.ts'
import type { Memberships } from '../../../domain/memberships/memberships.ts'
import type { CountsOf, OrganizationCounts } from '../../../domain/organizations/organization-counts.ts'
import type { Organizations } from '../../../domain/organizations/organizations.ts'
import type { Organization } from '../../../domain/records/organization.ts'
import { pageRequest, toID } from '../../request/page-query.ts'
import {
  BODY,
  CREDENTIALS,
  errors,
  IDParams,
  IDShape,
  NoContent,
  named,
  PageQuery,
  ref,
  TimeShape,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { registerMembers } from './members.ts'

const organizationFields = {
  links: Type.Object({
    buckets: Type.String(),
    dashboards: Type.String(),
    labels: Type.String(),
    logs: Type.String(),
    members: Type.String(),
    owners: Type.String(),
    secrets: Type.String(),
    self: Type.String(),
    tasks: Type.String(),
  }),
  id: IDShape,
  name: Type.String(),
  description: Type.String(),
  createdAt: TimeShape,
  updatedAt: TimeShape,
}
export const OrganizationShape = named('Organization', Type.Object(organizationFields))
export const OrganizationCountsShape = named(
  'OrganizationCounts',
  Type.Object({
    members: Type.Integer({ description: 'Members and owners' }),
    buckets: Type.Optional(Type.Integer()),
    tokens: Type.Optional(Type.Integer()),
  }),
)
export const OrganizationsShape = named(
  'Organizations',
  Type.Object({
    links: Type.Object({ self: Type.String() }),
    orgs: Type.Array(
      Type.Object({ ...organizationFields, counts: Type.Optional(ref(OrganizationCountsShape)) }),
    ),
  }),
)

const OrganizationInput = Type.Object({
  name: Type.Optional(Type.String({ description: 'Needed for a new organization' })),
  description: Type.Optional(Type.String()),
})

/** Links carry names unescaped, as InfluxDB's do. */
export function organizationBody(organization: Organization): Static<typeof OrganizationShape> {
  const { id, name } = organization
  const self = `/api/v2/orgs/${id}`
  return {
    links: {
      buckets: `/api/v2/buckets?org=${name}`,
      dashboards: `/api/v2/dashboards?org=${name}`,
      labels: `${self}/labels`,
      logs: `${self}/logs`,
      members: `${self}/members`,
      owners: `${self}/owners`,
      secrets: `${self}/secrets`,
      self,
      tasks: `/api/v2/tasks?org=${name}`,
    },
    ...organization,
  }
}

function countsBody({
  members,
  buckets,
  tokens,
}: OrganizationCounts): Static<typeof OrganizationCountsShape> {
  return {
    members,
    ...(buckets === undefined ? {} : { buckets }),
    ...(tokens === undefined ? {} : { tokens }),
  }
}

export function registerOrganizations(
  api: Api,
  deps: { organizations: Organizations; organizationCountsOf: CountsOf; memberships: Memberships },
): void {
  const { organizations } = deps
  const tags = ['Organizations']
  const jsonErrorPrefix = 'failed to unmarshal json: '

  api.get(
    '/api/v2/orgs',
    {
      schema: {
        operationId: 'GetOrgs',
        summary: 'List the organizations that the caller may read',
        tags,
        querystring: Type.Object({
          ...PageQuery,
          org: Type.Optional(Type.String({ description: 'The name of one' })),
          orgID: Type.Optional(Type.String({ description: 'The id of one; ignored if it is not an id' })),
          userID: Type.Optional(Type.String({ description: 'Those of a user; ignored if it is not an id' })),
          counts: Type.Optional(
            Type.Boolean({
              description: 'Add `counts` of members, buckets and tokens, as far as they may be read',
            }),
          ),
        }),
        response: { 200: ref(OrganizationsShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, query }) => {
      const filter = { id: idOrNone(query.orgID), name: query.org, userID: idOrNone(query.userID) }
      const found = await organizations.list(principal, filter, pageRequest(query))
      const counts = query.counts ? await deps.organizationCountsOf(principal, found) : undefined
      const orgs = found.map((each) => {
        const counted = counts?.get(each.id)
        return { ...organizationBody(each), ...(counted ? { counts: countsBody(counted) } : {}) }
      })
      return { links: { self: '/api/v2/orgs' }, orgs }
    },
  )

  api.post(
    '/api/v2/orgs',
    {
      config: { jsonErrorPrefix },
      schema: {
        operationId: 'PostOrgs',
        summary: 'Create an organization, which the caller then owns',
        tags,
        body: OrganizationInput,
        response: { 201: ref(OrganizationShape), ...errors(...CREDENTIALS, ...BODY, 422) },
      },
    },
    async (request, reply) => {
      const organization = await organizations.create(request.caller(), request.body)
      return reply.code(201).send(organizationBody(organization))
    },
  )

  api.get(
    '/api/v2/orgs/:id',
    {
      schema: {
        operationId: 'GetOrgsID',
        summary: 'Retrieve an organization',
        tags,
        params: IDParams,
        response: { 200: ref(OrganizationShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => organizationBody(await organizations.get(principal, toID(params.id))),
  )

  api.patch(
    '/api/v2/orgs/:id',
    {
      config: { jsonErrorPrefix },
      schema: {
        operationId: 'PatchOrgsID',
        summary: 'Change an organization: its name or description',
        tags,
        params: IDParams,
        body: OrganizationInput,
        response: { 200: ref(OrganizationShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request) =>
      organizationBody(await organizations.update(request.caller(), toID(request.params.id), request.body)),
  )

  api.delete(
    '/api/v2/orgs/:id',
    {
      schema: {
        operationId: 'DeleteOrgsID',
        summary: 'Delete an organization with its buckets, memberships and tokens',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404, 422) },
      },
    },
    async (request, reply) => {
      await organizations.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  registerMembers(api, { memberships: deps.memberships, type: 'orgs', operation: 'OrgsID', tags })
}

/** InfluxDB ignores a filter here that is no id. */
function idOrNone(text: string | undefined) {
  return idIn(text ?? '')
}
