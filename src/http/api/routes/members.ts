import Type from 'typebox'
import { invalid } from '../../../domain/base/errors.ts'
import type { Member, Memberships } from '../../../domain/memberships/memberships.ts'
import { toID } from '../../request/page-query.ts'
import { BODY, CREDENTIALS, errors, IDParams, IDShape, NoContent, named, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { ResourceUserShape, userBody } from './users.ts'

export const ResourceUsersShape = named(
  'ResourceUsers',
  Type.Object({ links: Type.Object({ self: Type.String() }), users: Type.Array(ref(ResourceUserShape)) }),
)

function sourcesOf({ given }: Member) {
  if (!given) return {}
  return { providers: given.byProviders.map(({ provider }) => provider), byHand: given.byHand !== undefined }
}

/** Who belongs to an organization or a bucket, as member and as owner. */
export function registerMembers(
  api: Api,
  options: { memberships: Memberships; type: 'orgs' | 'buckets'; operation: string; tags: string[] },
): void {
  const { memberships, type, operation, tags } = options

  for (const role of ['member', 'owner'] as const) {
    const url = `/api/v2/${type}/:id/${role}s`
    const suffix = `${operation}${role === 'member' ? 'Members' : 'Owners'}`

    api.get(
      url,
      {
        schema: {
          operationId: `Get${suffix}`,
          summary: `List the ${role}s`,
          tags,
          params: IDParams,
          response: { 200: ref(ResourceUsersShape), ...errors(...CREDENTIALS, 400, 404) },
        },
      },
      async ({ principal, params }) => {
        const id = toID(params.id)
        const users = await memberships.list(principal, { type, id }, role)
        return {
          links: { self: `/api/v2/${type}/${id}/${role}s` },
          users: users.map((user) => ({ role, ...userBody(user), ...sourcesOf(user) })),
        }
      },
    )

    api.post(
      url,
      {
        schema: {
          operationId: `Post${suffix}`,
          summary: `Add a user as ${role}`,
          tags,
          params: IDParams,
          body: Type.Object({ id: Type.Optional(IDShape) }),
          response: { 201: ref(ResourceUserShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
        },
      },
      async (request, reply) => {
        const { id: userID } = request.body
        if (!userID) throw invalid('user id missing or invalid')
        const joined = { type, id: toID(request.params.id) }
        const user = await memberships.add(request.caller(), joined, role, toID(userID))
        return reply.code(201).send({ role, ...userBody(user) })
      },
    )

    api.delete(
      `${url}/:userID`,
      {
        schema: {
          operationId: `Delete${suffix}ID`,
          summary: 'Remove a user, in whatever role it belongs',
          tags,
          params: Type.Object({ id: IDShape, userID: IDShape }),
          response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
        },
      },
      async (request, reply) => {
        const { id, userID } = request.params
        await memberships.remove(request.caller(), { type, id: toID(id) }, toID(userID))
        return reply.code(204).send(null)
      },
    )
  }
  api.patch(
    `/api/v2/${type}/:id/members/:userID`,
    {
      schema: {
        operationId: `Patch${operation}MembersID`,
        summary: 'Give a user another role, in whatever role it belongs',
        tags,
        params: Type.Object({ id: IDShape, userID: IDShape }),
        body: Type.Object({ role: Type.Union([Type.Literal('member'), Type.Literal('owner')]) }),
        response: { 200: ref(ResourceUserShape), ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request) => {
      const { id, userID } = request.params
      const { role } = request.body
      const joined = { type, id: toID(id) }
      const user = await memberships.changeRole(request.caller(), joined, role, toID(userID))
      return { role, ...userBody(user) }
    },
  )
}
