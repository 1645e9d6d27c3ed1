/** Second factors, recovery codes and application passwords of the caller. */
import Type, { type Static } from 'typebox'
import { requireTime } from '../../../domain/base/time.ts'
import type { ApplicationPassword, SecondFactor } from '../../../domain/records/second-factor.ts'
import type { ApplicationPasswords } from '../../../domain/second-factors/application-passwords.ts'
import type { EnrolledFactor, SecondFactors } from '../../../domain/second-factors/second-factors.ts'
import { toID } from '../../request/page-query.ts'
import { qrCodeOf } from '../../request/qr-code.ts'
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

const FACTOR_FIELDS = {
  id: IDShape,
  kind: Type.String({ description: '`totp`, an authenticator app, or `passkey`' }),
  name: Type.String(),
  createdAt: TimeShape,
  lastUsedAt: Type.Optional(TimeShape),
}
export const SecondFactorShape = named('SecondFactor', Type.Object(FACTOR_FIELDS))
export const OwnSecondFactorsShape = named(
  'OwnSecondFactors',
  Type.Object({
    offered: Type.Boolean({ description: 'Whether second factors can be enrolled' }),
    passkeys: Type.String({
      description:
        '`offered`; or why none can be made: `off`, as no second factor can; `needs-public-url`, the setting; ' +
        '`needs-name`, public-url has an IP address; `needs-https`, it lacks TLS',
    }),
    required: Type.Boolean({ description: 'Whether the user must have one' }),
    factors: Type.Array(ref(SecondFactorShape)),
    recoveryCodesLeft: Type.Integer(),
  }),
)
const RecoveryCodesShape = Type.Array(Type.String(), {
  description: 'Each replaces a second factor once; shown only here',
})
export const EnrolledFactorShape = named(
  'EnrolledSecondFactor',
  Type.Object({ ...FACTOR_FIELDS, recoveryCodes: Type.Optional(RecoveryCodesShape) }),
)
export const ApplicationPasswordShape = named(
  'ApplicationPassword',
  Type.Object({
    id: IDShape,
    name: Type.String(),
    access: Type.String({ description: '`use`: reads and writes data; `read`: only reads' }),
    createdAt: TimeShape,
    expiresAt: Type.Optional(TimeShape),
    lastUsedAt: Type.Optional(TimeShape),
    password: Type.Optional(Type.String({ description: 'Only in answer to its creation' })),
  }),
)

export function secondFactorBody(factor: SecondFactor): Static<typeof SecondFactorShape> {
  const { id, kind, name, createdAt, lastUsedAt } = factor
  return {
    ...{ id, kind, name, createdAt: timeOf(createdAt) },
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: timeOf(lastUsedAt) }),
  }
}

export function enrolledBody(made: EnrolledFactor): Static<typeof EnrolledFactorShape> {
  const { factor, recoveryCodes } = made
  return { ...secondFactorBody(factor), ...(recoveryCodes ? { recoveryCodes: [...recoveryCodes] } : {}) }
}

function applicationPasswordBody(record: ApplicationPassword): Static<typeof ApplicationPasswordShape> {
  const { id, name, access, createdAt, expiresAt, lastUsedAt } = record
  return {
    ...{ id, name, access, createdAt: timeOf(createdAt) },
    ...(expiresAt === undefined ? {} : { expiresAt: timeOf(expiresAt) }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: timeOf(lastUsedAt) }),
  }
}

export function registerSecondFactors(api: Api, { secondFactors }: { secondFactors: SecondFactors }): void {
  const tags = ['Second factors']
  const config = { beforeEnrolment: true }

  api.get(
    '/api/v2/me/second-factors',
    {
      config,
      schema: {
        operationId: 'GetMeSecondFactors',
        summary: "List one's own second factors",
        tags,
        response: { 200: ref(OwnSecondFactorsShape), ...errors(...CREDENTIALS) },
      },
    },
    async ({ principal }) => {
      const { factors, ...rest } = await secondFactors.list(principal)
      return { ...rest, factors: factors.map(secondFactorBody) }
    },
  )

  api.post(
    '/api/v2/me/second-factors/totp',
    {
      config: { ...config, ignoresBody: true },
      schema: {
        operationId: 'PostMeSecondFactorsTotp',
        summary: 'Begin to enrol an authenticator app',
        tags,
        response: {
          200: Type.Object({
            secret: Type.String({ description: 'Base 32, to be typed into the app' }),
            uri: Type.String({ description: 'The otpauth URI of the QR code' }),
            qrCode: Type.Object(
              { size: Type.Integer(), path: Type.String({ description: 'The path of its dark modules' }) },
              { description: 'For an SVG of this size in both directions' },
            ),
            enrolment: Type.String({ description: 'To be sent back with a code within ten minutes' }),
          }),
          ...errors(...CREDENTIALS, 422),
        },
      },
    },
    async (request) => {
      const begun = await secondFactors.beginTotp(request.caller())
      return { ...begun, qrCode: await qrCodeOf(begun.uri) }
    },
  )

  api.post(
    '/api/v2/me/second-factors',
    {
      config,
      schema: {
        operationId: 'PostMeSecondFactors',
        summary: 'Enrol an authenticator app with a code that it shows',
        tags,
        body: Type.Object({ name: Type.String(), enrolment: Type.String(), code: Type.String() }),
        response: { 201: ref(EnrolledFactorShape), ...errors(...CREDENTIALS, ...BODY, 422) },
      },
    },
    async (request, reply) => {
      return reply
        .code(201)
        .send(enrolledBody(await secondFactors.finishTotp(request.caller(), request.body)))
    },
  )

  api.patch(
    '/api/v2/me/second-factors/:id',
    {
      schema: {
        operationId: 'PatchMeSecondFactorsID',
        summary: 'Rename a second factor',
        tags,
        params: IDParams,
        body: Type.Object({ name: Type.String() }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      await secondFactors.rename(request.caller(), toID(request.params.id), request.body.name)
      return reply.code(204).send(null)
    },
  )

  api.delete(
    '/api/v2/me/second-factors/:id',
    {
      schema: {
        operationId: 'DeleteMeSecondFactorsID',
        summary: 'Remove a second factor',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404, 422) },
      },
    },
    async (request, reply) => {
      await secondFactors.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/v2/me/recovery-codes',
    {
      config: { ignoresBody: true },
      schema: {
        operationId: 'PostMeRecoveryCodes',
        summary: 'Replace the recovery codes',
        tags,
        response: {
          200: Type.Object({ recoveryCodes: RecoveryCodesShape }),
          ...errors(...CREDENTIALS, 422),
        },
      },
    },
    async (request) => ({ recoveryCodes: [...(await secondFactors.renewRecoveryCodes(request.caller()))] }),
  )
}

export function registerApplicationPasswords(
  api: Api,
  { applicationPasswords }: { applicationPasswords: ApplicationPasswords },
): void {
  const tags = ['Second factors']
  const path = '/api/v2/me/application-passwords'

  api.get(
    path,
    {
      schema: {
        operationId: 'GetMeApplicationPasswords',
        summary: "List one's own application passwords",
        tags,
        response: {
          200: Type.Object({ applicationPasswords: Type.Array(ref(ApplicationPasswordShape)) }),
          ...errors(...CREDENTIALS),
        },
      },
    },
    async ({ principal }) => {
      const found = await applicationPasswords.list(principal)
      return { applicationPasswords: found.map(applicationPasswordBody) }
    },
  )

  api.post(
    path,
    {
      schema: {
        operationId: 'PostMeApplicationPasswords',
        summary: 'Create a password for a client that cannot ask for a second factor',
        tags,
        body: Type.Object({
          name: Type.String(),
          access: Type.Optional(Type.String({ enum: ['use', 'read'], description: '`use` if not given' })),
          expiresAt: Type.Optional(TimeShape),
        }),
        response: { 201: ref(ApplicationPasswordShape), ...errors(...CREDENTIALS, ...BODY, 422) },
      },
    },
    async (request, reply) => {
      const { name, access, expiresAt } = request.body
      const { record, password } = await applicationPasswords.create(request.caller(), {
        name,
        access: access === 'read' ? 'read' : 'use',
        expiresAt: expiresAt === undefined ? undefined : requireTime('expiresAt', expiresAt),
      })
      return reply.code(201).send({ ...applicationPasswordBody(record), password })
    },
  )

  api.delete(
    `${path}/:id`,
    {
      schema: {
        operationId: 'DeleteMeApplicationPasswordsID',
        summary: 'Delete an application password',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      await applicationPasswords.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )
}
