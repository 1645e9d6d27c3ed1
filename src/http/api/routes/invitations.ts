/** Invitations to an organization, for its owners and operators. */
import Type, { type Static } from 'typebox'
import type { Invitation, Invitations } from '../../../domain/self-service/invitations.ts'
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

const RoleShape = Type.Unsafe<'member' | 'owner'>(
  Type.String({ enum: ['member', 'owner'], description: 'What the invited person becomes' }),
)

export const InvitationShape = named(
  'Invitation',
  Type.Object({
    id: IDShape,
    orgID: IDShape,
    role: RoleShape,
    name: Type.Optional(Type.String({ description: 'The name of the user, if it was chosen for them' })),
    email: Type.Optional(Type.String({ description: 'Where the link was mailed' })),
    createdBy: IDShape,
    createdByName: Type.Optional(Type.String({ description: 'Missing if that user was deleted' })),
    createdAt: TimeShape,
    expiresAt: TimeShape,
    link: Type.Optional(
      Type.String({
        description:
          'Only in the answer that creates it, and not if it was mailed: the address to open once. Without the ' +
          'setting public-url it lacks the origin.',
      }),
    ),
  }),
)

const InvitationParams = Type.Object({ id: IDShape, invitationID: IDShape })

export function registerInvitations(api: Api, { invitations }: { invitations: Invitations }): void {
  const tags = ['Invitations']

  api.get(
    '/api/v2/orgs/:id/invitations',
    {
      schema: {
        operationId: 'GetOrgsIDInvitations',
        summary: 'List the invitations to an organization that were not accepted, for its owners',
        tags,
        params: IDParams,
        response: {
          200: Type.Object({ invitations: Type.Array(ref(InvitationShape)) }),
          ...errors(...CREDENTIALS, 400, 404),
        },
      },
    },
    async ({ principal, params }) => {
      const found = await invitations.list(principal, toID(params.id))
      return { invitations: found.map((each) => invitationBody(each)) }
    },
  )

  api.post(
    '/api/v2/orgs/:id/invitations',
    {
      schema: {
        operationId: 'PostOrgsIDInvitations',
        summary: 'Invite somebody who is no user yet to an organization, for its owners',
        description:
          'The answer has a link that works once; whoever opens it chooses a password, and a name unless one is ' +
          'given here. With an e-mail address the link is mailed instead of shown.',
        tags,
        params: IDParams,
        body: Type.Object({
          role: RoleShape,
          name: Type.Optional(Type.String({ description: 'The name of the user; they choose it otherwise' })),
          email: Type.Optional(
            Type.String({ description: 'Where to mail the link, if a mail server is set' }),
          ),
        }),
        response: { 201: ref(InvitationShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      const made = await invitations.create(request.caller(), toID(request.params.id), request.body)
      return reply.code(201).send(invitationBody(made.invitation, made.url))
    },
  )

  api.delete(
    '/api/v2/orgs/:id/invitations/:invitationID',
    {
      schema: {
        operationId: 'DeleteOrgsIDInvitationsID',
        summary: 'Revoke an invitation to an organization, for its owners',
        tags,
        params: InvitationParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      const { id, invitationID } = request.params
      await invitations.revoke(request.caller(), toID(id), toID(invitationID))
      return reply.code(204).send(null)
    },
  )
}

function invitationBody(each: Invitation, link?: string): Static<typeof InvitationShape> {
  const { id, orgID, role, name, address, createdBy, createdByName } = each
  return {
    ...{ id, orgID, role, createdBy },
    createdAt: timeOf(each.createdAt),
    expiresAt: timeOf(each.expiresAt),
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { email: address }),
    ...(createdByName === undefined ? {} : { createdByName }),
    ...(link === undefined ? {} : { link }),
  }
}
