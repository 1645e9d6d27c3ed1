/** What people do before they are signed in, with a one-time link or to get one. */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { DescribeLink } from '../../../domain/self-service/describe-link.ts'
import type { Invitations } from '../../../domain/self-service/invitations.ts'
import type { PasswordLinks } from '../../../domain/self-service/password-links.ts'
import type { UserEmails } from '../../../domain/self-service/user-emails.ts'
import { refuseForeignPage, type TrustedOrigins } from '../../protection/forgery.ts'
import { BODY, CREDENTIALS, errors, NoContent, named, ref, TimeShape, timeOf } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

export const OneTimeLinkShape = named(
  'OneTimeLink',
  Type.Object({
    purpose: Type.String({ enum: ['invitation', 'reset', 'email'] }),
    name: Type.Optional(
      Type.String({ description: "The user's name; missing if the invited person chooses it" }),
    ),
    organization: Type.Optional(
      Type.String({ description: 'Of an invitation: the name of the organization' }),
    ),
    role: Type.Optional(Type.String({ description: 'Of an invitation: `member` or `owner`' })),
    address: Type.Optional(Type.String({ description: 'The address that is verified' })),
    expiresAt: TimeShape,
  }),
)

const TOKEN = Type.String({ maxLength: 200, description: 'What stands after # in the address of the link' })

/**
 * The secret of a link comes in the body, as the address of a request is logged in many places. Pages of other sites
 * are refused, as at sign-in.
 */
export function registerOneTimeLinks(
  api: Api,
  deps: {
    describeLink: DescribeLink
    invitations: Invitations
    passwordLinks: PasswordLinks
    userEmails: UserEmails
    origins: TrustedOrigins
  },
): void {
  const tags = ['One-time links']
  const noOtherSite = (request: FastifyRequest) => refuseForeignPage(request, deps.origins)

  api.post(
    '/api/v2/signin/link',
    {
      schema: {
        operationId: 'PostSigninLink',
        summary: 'Look at a one-time link without using it',
        tags,
        security: [],
        body: Type.Object({ token: TOKEN }),
        response: { 200: ref(OneTimeLinkShape), ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request) => {
      noOtherSite(request)
      const { purpose, name, organization, role, address, expiresAt } = await deps.describeLink(
        request.body.token,
        request.origin(),
      )
      const body: Static<typeof OneTimeLinkShape> = {
        ...{ purpose, expiresAt: timeOf(expiresAt) },
        ...(name === undefined ? {} : { name }),
        ...(organization === undefined ? {} : { organization }),
        ...(role === undefined ? {} : { role }),
        ...(address === undefined ? {} : { address }),
      }
      return body
    },
  )

  api.post(
    '/api/v2/signin/invitation',
    {
      schema: {
        operationId: 'PostSigninInvitation',
        summary: 'Accept an invitation: become a user, who then signs in',
        tags,
        security: [],
        body: Type.Object({
          token: TOKEN,
          name: Type.Optional(Type.String({ description: 'Needed unless the invitation has one' })),
          password: Type.String({ description: '8 to 72 bytes' }),
        }),
        response: {
          201: Type.Object({ name: Type.String({ description: "The new user's name" }) }),
          ...errors(...CREDENTIALS, ...BODY, 422),
        },
      },
    },
    async (request, reply) => {
      noOtherSite(request)
      const { token, name, password } = request.body
      const user = await deps.invitations.accept(token, { name, password }, request.origin())
      return reply.code(201).send({ name: user.name })
    },
  )

  api.post(
    '/api/v2/signin/new-password',
    {
      schema: {
        operationId: 'PostSigninNewPassword',
        summary: 'Set a new password by a link; it ends all sessions of the user and starts none',
        tags,
        security: [],
        body: Type.Object({ token: TOKEN, password: Type.String({ description: '8 to 72 bytes' }) }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      noOtherSite(request)
      const { token, password } = request.body
      await deps.passwordLinks.reset(token, password, request.origin())
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/v2/signin/verify-email',
    {
      schema: {
        operationId: 'PostSigninVerifyEmail',
        summary: 'Verify an e-mail address by the link mailed to it',
        tags,
        security: [],
        body: Type.Object({ token: TOKEN }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request, reply) => {
      noOtherSite(request)
      await deps.userEmails.verify(request.body.token, request.origin())
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/v2/signin/forgot',
    {
      schema: {
        operationId: 'PostSigninForgot',
        summary: 'Ask for a mail with a link to set a new password',
        description:
          'The answer and its time are the same whether or not there is such a user: what is sent is sent later, to ' +
          'verified addresses only.',
        tags,
        security: [],
        body: Type.Object({
          name: Type.String({ maxLength: 1024, description: 'A user name or an e-mail address' }),
        }),
        response: { 204: NoContent, ...errors(403, 429, ...BODY) },
      },
    },
    async (request, reply) => {
      noOtherSite(request)
      await deps.passwordLinks.forgot(request.body.name, request.origin())
      return reply.code(204).send(null)
    },
  )
}
