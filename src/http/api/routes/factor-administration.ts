/** The second factors of others: for operators, and for the owners of an organization. */
import Type from 'typebox'
import type { FactorAdministration } from '../../../domain/second-factors/factor-administration.ts'
import { toID } from '../../request/page-query.ts'
import { BODY, CREDENTIALS, errors, IDParams, NoContent, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { SecondFactorShape, secondFactorBody } from './second-factors.ts'

const PolicyShape = Type.Object({
  requiredFor: Type.Unsafe<'nobody' | 'owners' | 'members'>(
    Type.String({
      enum: ['nobody', 'owners', 'members'],
      description: 'Who of the organization must have a second factor; owners are members too',
    }),
  ),
})

export function registerFactorAdministration(
  api: Api,
  { factorAdministration }: { factorAdministration: FactorAdministration },
): void {
  const tags = ['Second factors']

  api.get(
    '/api/v2/users/:id/second-factors',
    {
      schema: {
        operationId: 'GetUsersIDSecondFactors',
        summary: "List a user's second factors, for operators",
        tags,
        params: IDParams,
        response: {
          200: Type.Object({
            factors: Type.Array(ref(SecondFactorShape)),
            recoveryCodesLeft: Type.Integer(),
          }),
          ...errors(...CREDENTIALS, 400, 404),
        },
      },
    },
    async ({ principal, params }) => {
      const { factors, recoveryCodesLeft } = await factorAdministration.ofUser(principal, toID(params.id))
      return { factors: factors.map(secondFactorBody), recoveryCodesLeft }
    },
  )

  api.delete(
    '/api/v2/users/:id/second-factors',
    {
      schema: {
        operationId: 'DeleteUsersIDSecondFactors',
        summary:
          'Remove all second factors of a user, with recovery codes and application passwords, for operators',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      await factorAdministration.reset(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/v2/orgs/:id/second-factor',
    {
      schema: {
        operationId: 'GetOrgsIDSecondFactor',
        summary: 'See whom an organization requires to have a second factor',
        tags,
        params: IDParams,
        response: { 200: PolicyShape, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => ({
      requiredFor: await factorAdministration.requiredFor(principal, toID(params.id)),
    }),
  )

  api.put(
    '/api/v2/orgs/:id/second-factor',
    {
      schema: {
        operationId: 'PutOrgsIDSecondFactor',
        summary: 'Set whom an organization requires to have a second factor',
        tags,
        params: IDParams,
        body: PolicyShape,
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request, reply) => {
      const { requiredFor } = request.body
      await factorAdministration.setRequiredFor(request.caller(), toID(request.params.id), requiredFor)
      return reply.code(204).send(null)
    },
  )
}
