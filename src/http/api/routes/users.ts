import Type, { type Static } from 'typebox'
import type { Principal } from '../../../domain/access/principal.ts'
import type { User } from '../../../domain/records/user.ts'
import type { DetailsOf, UserDetails } from '../../../domain/users/user-details.ts'
import type { UserSearch } from '../../../domain/users/user-search.ts'
import type { Users } from '../../../domain/users/users.ts'
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
  StatusShape,
  TimeShape,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { PermissionShape } from './permissions.ts'

const SelfLink = Type.Object({ self: Type.String() })

const userFields = {
  links: SelfLink,
  id: IDShape,
  name: Type.String(),
  status: StatusShape,
}
export const UserShape = named('User', Type.Object(userFields))
export const UserDetailsShape = named(
  'UserDetails',
  Type.Object({
    lastSignInAt: Type.Optional(TimeShape),
    operator: Type.Boolean(),
    organizations: Type.Array(Type.Object({ id: IDShape, name: Type.String(), role: Type.String() })),
  }),
)
export const UsersShape = named(
  'Users',
  Type.Object({
    links: SelfLink,
    users: Type.Array(Type.Object({ ...userFields, details: Type.Optional(ref(UserDetailsShape)) })),
    total: Type.Optional(Type.Integer({ description: 'How many there are; only with `count`' })),
  }),
)
export const ResourceUserShape = named(
  'ResourceUser',
  Type.Object({
    role: Type.String({ description: '`member` or `owner`' }),
    ...userFields,
    providers: Type.Optional(
      Type.Array(Type.String(), { description: 'The providers whose groups give it; absent if none does' }),
    ),
    byHand: Type.Optional(
      Type.Boolean({ description: 'Beside `providers`: whether it was given by hand too' }),
    ),
  }),
)

const UserInput = Type.Object({
  name: Type.Optional(Type.String({ description: 'Needed for a new user' })),
  status: Type.Optional(StatusShape),
})
const UsersQuery = Type.Object({
  ...PageQuery,
  id: Type.Optional(IDShape),
  name: Type.Optional(Type.String()),
  search: Type.Optional(Type.String({ description: 'A part of the name, in any case; by name, not id' })),
  count: Type.Optional(Type.Boolean({ description: 'Say how many there are; by name, not id' })),
  status: Type.Optional(Type.Enum(['active', 'inactive'])),
  operator: Type.Optional(Type.Boolean({ description: 'Only operators, or only others; for operators' })),
  orgID: Type.Optional({ ...IDShape, description: 'Only members and owners of it; for operators' }),
  details: Type.Optional(Type.Boolean({ description: 'Add `details` to each user; for operators' })),
})

export function userBody({ id, name, status }: User): Static<typeof UserShape> {
  return { links: { self: `/api/v2/users/${id}` }, id, name, status }
}

function detailsBody({
  lastSignInAt,
  operator,
  organizations,
}: UserDetails): Static<typeof UserDetailsShape> {
  return { ...(lastSignInAt ? { lastSignInAt } : {}), operator, organizations: [...organizations] }
}

export function registerUsers(
  api: Api,
  deps: { users: Users; userSearch: UserSearch; userDetailsOf: DetailsOf },
): void {
  const { users } = deps
  const tags = ['Users']

  async function find(
    principal: Principal,
    query: Static<typeof UsersQuery>,
  ): Promise<{ users: readonly User[]; total?: number }> {
    const page = pageRequest(query)
    const { search, count, status, operator, orgID } = query
    if (search || count || status || operator !== undefined || orgID) {
      const filter = { search, status, operator, orgID: toID(orgID) }
      return deps.userSearch(principal, { ...filter, ...page })
    }
    return { users: await users.list(principal, { id: toID(query.id), name: query.name }, page) }
  }

  api.get(
    '/api/v2/users',
    {
      schema: {
        operationId: 'GetUsers',
        summary: 'List the users that the caller may read',
        tags,
        querystring: UsersQuery,
        response: { 200: ref(UsersShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, query }) => {
      const { users: found, total } = await find(principal, query)
      const details = query.details ? await deps.userDetailsOf(principal, found) : undefined
      const listed = found.map((user) => {
        const more = details?.get(user.id)
        return { ...userBody(user), ...(more ? { details: detailsBody(more) } : {}) }
      })
      const counted = query.count && total !== undefined ? { total } : {}
      return { links: { self: '/api/v2/users' }, users: listed, ...counted }
    },
  )

  api.post(
    '/api/v2/users',
    {
      schema: {
        operationId: 'PostUsers',
        summary: 'Create a user',
        tags,
        body: UserInput,
        response: { 201: ref(UserShape), ...errors(...CREDENTIALS, ...BODY, 422) },
      },
    },
    async (request, reply) => {
      const user = await users.create(request.caller(), request.body)
      return reply.code(201).send(userBody(user))
    },
  )

  api.get(
    '/api/v2/users/:id',
    {
      schema: {
        operationId: 'GetUsersID',
        summary: 'Retrieve a user',
        tags,
        params: IDParams,
        response: { 200: ref(UserShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => userBody(await users.get(principal, toID(params.id))),
  )

  api.patch(
    '/api/v2/users/:id',
    {
      schema: {
        operationId: 'PatchUsersID',
        summary: 'Change a user: name or status',
        tags,
        params: IDParams,
        body: UserInput,
        response: { 200: ref(UserShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request) => userBody(await users.update(request.caller(), toID(request.params.id), request.body)),
  )

  api.delete(
    '/api/v2/users/:id',
    {
      schema: {
        operationId: 'DeleteUsersID',
        summary: 'Delete a user with password, memberships, tokens and sessions',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404, 422) },
      },
    },
    async (request, reply) => {
      await users.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/v2/users/:id/permissions',
    {
      schema: {
        operationId: 'GetUsersIDPermissions',
        summary: "List what a user's memberships permit, without what their tokens add",
        tags,
        params: IDParams,
        response: { 200: Type.Array(ref(PermissionShape)), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => [...(await users.permissionsOf(principal, toID(params.id)))],
  )
}
