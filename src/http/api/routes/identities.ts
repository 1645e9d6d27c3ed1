/** Who users are at providers, and which of their tokens were disabled because they were gone there. */
import Type, { type Static } from 'typebox'
import { invalid } from '../../../domain/base/errors.ts'
import type { LinkedIdentity } from '../../../domain/records/outside-identity.ts'
import type { LinkedIdentities } from '../../../domain/single-sign-on/linked-identities.ts'
import type { SwitchedOffTokens } from '../../../domain/single-sign-on/switched-off-tokens.ts'
import { toID } from '../../request/page-query.ts'
import {
  BODY,
  CREDENTIALS,
  errors,
  IDParams,
  IDShape,
  NoContent,
  named,
  ref,
  TimeShape,
  timeOf,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

const KEY_FIELDS = {
  provider: Type.String({ description: "The provider's name in the settings at the last sign-in" }),
  issuer: Type.String({ description: 'The `iss` of an OpenID provider, or the name of a directory' }),
  subject: Type.String({
    description: 'The `sub` of an OpenID provider, or the id of an entry in a directory',
  }),
}
export const LinkedIdentityShape = named(
  'Identity',
  Type.Object({
    id: IDShape,
    ...KEY_FIELDS,
    name: Type.String({ description: "The person's name there; empty before the first sign-in" }),
    linkedAt: TimeShape,
    linkedBy: Type.Optional(IDShape),
    lastSignInAt: Type.Optional(TimeShape),
  }),
)
export const SwitchedOffTokenShape = named(
  'SwitchedOffToken',
  Type.Object({
    id: IDShape,
    kind: Type.String({ description: '`authorization`, `legacy-authorization` or `application-password`' }),
    name: Type.String({ description: 'Its description, or its name' }),
    at: TimeShape,
    reason: Type.String(),
  }),
)

function identityBody(link: LinkedIdentity): Static<typeof LinkedIdentityShape> {
  const { id, provider, issuer, subject, nameThere, linkedAt, linkedBy, lastSignInAt } = link
  return {
    ...{ id, provider, issuer, subject, name: nameThere, linkedAt: timeOf(linkedAt) },
    ...(linkedBy === undefined ? {} : { linkedBy }),
    ...(lastSignInAt === undefined ? {} : { lastSignInAt: timeOf(lastSignInAt) }),
  }
}

export function registerIdentities(
  api: Api,
  services: { identities: LinkedIdentities; switchedOffTokens: SwitchedOffTokens },
): void {
  const { identities, switchedOffTokens } = services
  const tags = ['Single sign-on']

  api.get(
    '/api/v2/users/:id/identities',
    {
      schema: {
        operationId: 'GetUsersIDIdentities',
        summary: "List a user's identities at providers",
        tags,
        params: IDParams,
        response: {
          200: Type.Object({ identities: Type.Array(ref(LinkedIdentityShape)) }),
          ...errors(...CREDENTIALS, 400, 404),
        },
      },
    },
    async ({ principal, params }) => {
      const found = await identities.ofUser(principal, toID(params.id))
      return { identities: found.map(identityBody) }
    },
  )

  api.post(
    '/api/v2/users/:id/identities',
    {
      schema: {
        operationId: 'PostUsersIDIdentities',
        summary: 'Link an identity to a user by hand, for operators',
        tags,
        params: IDParams,
        body: Type.Object({
          provider: Type.Optional(KEY_FIELDS.provider),
          issuer: Type.Optional(KEY_FIELDS.issuer),
          subject: Type.Optional(KEY_FIELDS.subject),
        }),
        response: { 201: ref(LinkedIdentityShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      const { provider, issuer, subject } = request.body
      if (!issuer || !subject) throw invalid('issuer and subject are needed')
      const identity = { provider: provider || issuer, issuer, subject }
      const made = await identities.link(request.caller(), toID(request.params.id), identity)
      return reply.code(201).send(identityBody(made))
    },
  )

  api.delete(
    '/api/v2/users/:id/identities/:identityID',
    {
      schema: {
        operationId: 'DeleteUsersIDIdentitiesID',
        summary: 'Unlink an identity from a user',
        tags,
        params: Type.Object({ id: IDShape, identityID: IDShape }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404, 422) },
      },
    },
    async (request, reply) => {
      const { id, identityID } = request.params
      await identities.unlink(request.caller(), toID(id), toID(identityID))
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/v2/users/:id/switched-off-tokens',
    {
      schema: {
        operationId: 'GetUsersIDSwitchedOffTokens',
        summary: 'List the tokens that were disabled because a user was gone at a provider',
        tags,
        params: IDParams,
        response: {
          200: Type.Object({ tokens: Type.Array(ref(SwitchedOffTokenShape)) }),
          ...errors(...CREDENTIALS, 400, 404),
        },
      },
    },
    async ({ principal, params }) => {
      const found = await switchedOffTokens.ofUser(principal, toID(params.id))
      return {
        tokens: found.map(({ id, kind, name, at, reason }) => ({ id, kind, name, at: timeOf(at), reason })),
      }
    },
  )

  api.post(
    '/api/v2/users/:id/switched-off-tokens/switch-on',
    {
      config: { ignoresBody: true },
      schema: {
        operationId: 'PostUsersIDSwitchedOffTokensSwitchOn',
        summary: 'Enable again what was disabled because a user was gone at a provider, for operators',
        tags,
        params: IDParams,
        response: {
          200: Type.Object({ switchedOn: Type.Integer() }),
          ...errors(...CREDENTIALS, 400, 404),
        },
      },
    },
    async (request) => ({
      switchedOn: await switchedOffTokens.switchOn(request.caller(), toID(request.params.id)),
    }),
  )
}
