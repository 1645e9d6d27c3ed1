import Type, { type Static } from 'typebox'
import type { User } from '../../../domain/records/user.ts'
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
} from '../../request/shapes.ts'
import type { Api } from '../api.ts'
import { PermissionShape } from './permissions.ts'

const SelfLink = Type.Object({ self: Type.String() })

const userFields = {
  links: SelfLink,
  id: IDShape,
  name: Type.String(),
  status: StatusShape,
}
export const UserShape = named('User', Type.Object(userFields))
export const UsersShape = named(
  'Users',
  Type.Object({
    links: SelfLink,
    users: Type.Array(ref(UserShape)),
    total: Type.Optional(Type.Integer({ description: 'How many there are; only with `count`' })),
  }),
)
export const ResourceUserShape = named(
  'ResourceUser',
  Type.Object({ role: Type.String({ description: '`member` or `owner`' }), ...userFields }),
)

const UserInput = Type.Object({
  name: Type.Optional(Type.String({ description: 'Needed for a new user' })),
  status: Type.Optional(StatusShape),
})
export function userBody({ id, name, status }: User): Static<typeof UserShape> {
  return { links: { self: `/api/v2/users/${id}` }, id, name, status }
}

export function registerUsers(api: Api, deps: { users: Users; userSearch: UserSearch }): void {
  const { users } = deps
  const tags = ['Users']

  api.get(
    '/api/v2/users',
    {
      schema: {
        operationId: 'GetUsers',
        summary: 'List the users that the caller may read',
        tags,
        querystring: Type.Object({
          ...PageQuery,
          id: Type.Optional(IDShape),
          name: Type.Optional(Type.String()),
          search: Type.Optional(
            Type.String({ description: 'A part of the name, in any case; by name, not id' }),
          ),
          count: Type.Optional(Type.Boolean({ description: 'Say how many there are; by name, not id' })),
        }),
        response: { 200: ref(UsersShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, query }) => {
      const page = pageRequest(query)
      if (query.search || query.count) {
        const { limit, offset, descending } = page
        const { users: found, total } = await deps.userSearch(principal, {
          search: query.search,
          limit,
          offset,
          descending,
        })
        const counted = query.count ? { total } : {}
        return { links: { self: '/api/v2/users' }, users: found.map(userBody), ...counted }
      }
      const found = await users.list(principal, { id: toID(query.id), name: query.name }, page)
      return { links: { self: '/api/v2/users' }, users: found.map(userBody) }
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
        summary: 'Rename, deactivate or reactivate a user',
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
        summary: 'Delete a user with its password, memberships, tokens and sessions',
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
        summary: "List what a user's memberships permit, without what its tokens add",
        tags,
        params: IDParams,
        response: { 200: Type.Array(ref(PermissionShape)), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => [...(await users.permissionsOf(principal, toID(params.id)))],
  )
}
