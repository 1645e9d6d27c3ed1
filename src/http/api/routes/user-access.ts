/** A user's e-mail address, and links by which a user sets a new password. */
import Type, { type Static } from 'typebox'
import type { UserEmail } from '../../../domain/records/user-email.ts'
import type { PasswordLinks } from '../../../domain/self-service/password-links.ts'
import type { UserEmails } from '../../../domain/self-service/user-emails.ts'
import { toID } from '../../request/page-query.ts'
import {
  BODY,
  CREDENTIALS,
  errors,
  IDParams,
  NoContent,
  named,
  ref,
  TimeShape,
  timeOf,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

export const UserEmailShape = named(
  'UserEmail',
  Type.Object({
    address: Type.Optional(Type.String({ description: 'The verified address' })),
    verifiedAt: Type.Optional(TimeShape),
    pending: Type.Optional(
      Type.String({ description: 'An address that replaces it once it is verified by the mailed link' }),
    ),
  }),
)

export const PasswordLinkShape = named(
  'PasswordLink',
  Type.Object({
    link: Type.Optional(
      Type.String({
        description:
          'The address to open once, unless it was mailed. Without the setting public-url it lacks the origin.',
      }),
    ),
    expiresAt: TimeShape,
  }),
)

export function registerUserAccess(
  api: Api,
  { userEmails, passwordLinks }: { userEmails: UserEmails; passwordLinks: PasswordLinks },
): void {
  const tags = ['Users']

  api.post(
    '/api/v2/users/:id/password-link',
    {
      schema: {
        operationId: 'PostUsersIDPasswordLink',
        summary: 'Make a link by which a user sets a new password, for who may set it',
        description:
          'The password stays until the link is used. A second factor is not removed and still asked for.',
        tags,
        params: IDParams,
        body: Type.Object({
          mail: Type.Optional(
            Type.Boolean({ description: "Mail it to the user's verified address and do not show it" }),
          ),
        }),
        response: { 201: ref(PasswordLinkShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      const { mail = false } = request.body
      const { url, expiresAt } = await passwordLinks.create(request.caller(), toID(request.params.id), {
        mail,
      })
      const link = url === undefined ? {} : { link: url }
      return reply.code(201).send({ ...link, expiresAt: timeOf(expiresAt) })
    },
  )

  api.get(
    '/api/v2/users/:id/email',
    {
      schema: {
        operationId: 'GetUsersIDEmail',
        summary: "Retrieve a user's e-mail address",
        tags,
        params: IDParams,
        response: { 200: ref(UserEmailShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => emailBody(await userEmails.get(principal, toID(params.id))),
  )

  api.put(
    '/api/v2/users/:id/email',
    {
      schema: {
        operationId: 'PutUsersIDEmail',
        summary: "Set a user's e-mail address, which counts once it is verified by the link mailed to it",
        tags,
        params: IDParams,
        body: Type.Object({ address: Type.String({ examples: ['ada@example.com'] }) }),
        response: { 200: ref(UserEmailShape), ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request) => {
      const { params, body } = request
      return emailBody(await userEmails.set(request.caller(), toID(params.id), body.address))
    },
  )

  api.delete(
    '/api/v2/users/:id/email',
    {
      schema: {
        operationId: 'DeleteUsersIDEmail',
        summary: "Remove a user's e-mail address",
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      await userEmails.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )
}

function emailBody({ address, verifiedAt, pending }: UserEmail): Static<typeof UserEmailShape> {
  return {
    ...(address === undefined ? {} : { address }),
    ...(verifiedAt === undefined ? {} : { verifiedAt: timeOf(verifiedAt) }),
    ...(pending === undefined ? {} : { pending }),
  }
}
