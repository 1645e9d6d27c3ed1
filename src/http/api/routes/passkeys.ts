/** Making passkeys of the caller, which are listed, renamed and removed as all second factors. */
import Type from 'typebox'
import type { PasskeyEnrolment } from '../../../domain/second-factors/passkey-enrolment.ts'
import { BODY, CREDENTIALS, errors, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { NewPasskeyShape, PasskeyCreationShape } from './passkey-shapes.ts'
import { EnrolledFactorShape, enrolledBody } from './second-factors.ts'

export function registerPasskeys(
  api: Api,
  { passkeyEnrolment }: { passkeyEnrolment: PasskeyEnrolment },
): void {
  const tags = ['Second factors']
  const config = { beforeEnrolment: true }

  api.post(
    '/api/v2/me/passkeys/challenge',
    {
      config: { ...config, ignoresBody: true },
      schema: {
        operationId: 'PostMePasskeysChallenge',
        summary: 'Begin to make a passkey',
        tags,
        response: {
          200: Type.Object({
            publicKey: ref(PasskeyCreationShape),
            enrolment: Type.String({ description: 'To be sent back with the answer within ten minutes' }),
          }),
          ...errors(...CREDENTIALS),
        },
      },
    },
    async (request) => {
      const { options, enrolment } = await passkeyEnrolment.begin(request.caller())
      return { publicKey: options, enrolment }
    },
  )

  api.post(
    '/api/v2/me/passkeys',
    {
      config,
      schema: {
        operationId: 'PostMePasskeys',
        summary: 'Enrol a passkey as a second factor with the answer of the browser that made it',
        tags,
        body: Type.Object({ name: Type.String(), enrolment: Type.String(), passkey: NewPasskeyShape }),
        response: { 201: ref(EnrolledFactorShape), ...errors(...CREDENTIALS, ...BODY, 422) },
      },
    },
    async (request, reply) => {
      const { name, enrolment, passkey: answer } = request.body
      const made = await passkeyEnrolment.finish(request.caller(), { name, enrolment, answer })
      return reply.code(201).send(enrolledBody(made))
    },
  )
}
