/** What differs between the records here and those of the InfluxDB behind this server, and mending it. */
import Type from 'typebox'
import { DIFFERENCE_KINDS, type Difference } from '../../../domain/upstream/differences.ts'
import { MENDINGS, type MendedDifference } from '../../../domain/upstream/mending.ts'
import type { UpstreamAdministration } from '../../../domain/upstream/upstream-service.ts'
import { BODY, CREDENTIALS, errors, named, ref } from '../../request/shapes.ts'
import type { Api } from '../api.ts'

const side = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        id: Type.Optional(Type.String()),
        name: Type.Optional(Type.String()),
        status: Type.Optional(Type.String()),
        role: Type.Optional(Type.String()),
        description: Type.Optional(Type.String()),
        retentionSeconds: Type.Optional(Type.Number()),
        shardGroupSeconds: Type.Optional(Type.Number()),
      },
      { description },
    ),
  )

const DIFFERENCE = {
  type: Type.String({ description: '`user`, `organization`, `bucket` or `membership`' }),
  kind: Type.String({ description: DIFFERENCE_KINDS.map((kind) => `\`${kind}\``).join(', ') }),
  orgID: Type.Optional(Type.String({ description: 'Of a bucket: its organization' })),
  userID: Type.Optional(Type.String({ description: 'Of a membership: the user' })),
  resourceID: Type.Optional(Type.String({ description: 'Of a membership: the organization or bucket' })),
  here: side('As this server has it; missing if it does not'),
  upstream: side('As the InfluxDB has it; missing if it does not'),
}

export const UpstreamShape = named(
  'UpstreamDifferences',
  Type.Object({ differences: Type.Array(Type.Object(DIFFERENCE)) }),
)

const MENDED = {
  ...DIFFERENCE,
  mending: Type.String({ description: MENDINGS.map((each) => `\`${each}\``).join(', ') }),
}

export const UpstreamRepairShape = named(
  'UpstreamRepair',
  Type.Object({
    mended: Type.Array(Type.Object(MENDED)),
    left: Type.Array(Type.Object({ ...MENDED, reason: Type.String() })),
  }),
)

const RepairBody = Type.Object({
  from: Type.Union([Type.Literal('here'), Type.Literal('upstream')], {
    description: 'Whose records count',
  }),
  delete: Type.Optional(
    Type.Boolean({ description: 'Also delete users, organizations and buckets, with everything in them' }),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'Change nothing, and say what would be done first' })),
})

export function registerUpstream(api: Api, { upstream }: { upstream: UpstreamAdministration }): void {
  const tags = ['System']

  api.get(
    '/api/v2/upstream/differences',
    {
      schema: {
        operationId: 'GetUpstreamDifferences',
        summary: 'What differs from the records of the InfluxDB behind this server, for an operator',
        tags,
        response: { 200: ref(UpstreamShape), ...errors(...CREDENTIALS, 404) },
      },
    },
    async ({ principal }) => ({
      differences: (await upstream.differences(principal)).map(differenceBody),
    }),
  )

  api.post(
    '/api/v2/upstream/repair',
    {
      schema: {
        operationId: 'PostUpstreamRepair',
        summary: 'Mend what differs from the InfluxDB behind this server, for an operator',
        tags,
        body: RepairBody,
        response: { 200: ref(UpstreamRepairShape), ...errors(...CREDENTIALS, ...BODY, 403, 404, 422) },
      },
    },
    async (request) => {
      const { from, delete: deletes = false, dryRun = false } = request.body
      const { mended, left } = await upstream.repair(request.caller(), { from, deletes, dryRun })
      return {
        mended: mended.map(mendedBody),
        left: left.map(({ reason, ...each }) => ({ ...mendedBody(each), reason })),
      }
    },
  )
}

function mendedBody({ difference, mending }: MendedDifference) {
  return { ...differenceBody(difference), mending }
}

function differenceBody(difference: Difference) {
  const { type, kind, here, there } = difference
  const { orgID, userID, resourceID } = (here ?? there ?? {}) as {
    orgID?: string
    userID?: string
    resourceID?: string
  }
  return {
    ...{ type, kind },
    ...(orgID === undefined ? {} : { orgID }),
    ...(userID === undefined ? {} : { userID, resourceID }),
    ...(here ? { here: { ...here } } : {}),
    ...(there ? { upstream: { ...there } } : {}),
  }
}
