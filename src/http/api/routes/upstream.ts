/** What differs between the records here and those of the InfluxDB behind this server, and mending it. */
import Type from 'typebox'
import { TASK_TYPES } from '../../../domain/records/stored-task.ts'
import { TASK_PROBLEMS, type TaskFinding } from '../../../domain/tasks/task-findings.ts'
import type { AdoptedDatabase } from '../../../domain/upstream/database-keeper.ts'
import { DIFFERENCE_KINDS, type Difference } from '../../../domain/upstream/differences.ts'
import { MENDINGS, type MendedDifference } from '../../../domain/upstream/mending.ts'
import type { UpstreamAdministration } from '../../../domain/upstream/upstream-service.ts'
import { BODY, CREDENTIALS, errors, IDShape, named, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

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

const TASK = {
  type: Type.String({ description: TASK_TYPES.map((each) => `\`${each}\``).join(', ') }),
  kind: Type.String({ description: TASK_PROBLEMS.map((each) => `\`${each}\``).join(', ') }),
  id: IDShape,
  name: Type.String(),
  orgID: IDShape,
  ownerID: Type.Optional(IDShape),
  status: Type.String({ description: '`active` or `inactive`' }),
  bucketID: Type.Optional(Type.String({ description: 'The bucket that its Flux names by id' })),
  reason: Type.String(),
}

const DATABASE = Type.Object({
  name: Type.String({ description: 'Of the bucket: `database`, or `database/policy`' }),
  orgID: IDShape,
  org: Type.String(),
  retentionSeconds: Type.Number({ description: '0 is forever' }),
  reason: Type.Optional(Type.String({ description: 'Why it does not become a bucket' })),
})

export const UpstreamShape = named(
  'UpstreamDifferences',
  Type.Object({
    differences: Type.Array(Type.Object(DIFFERENCE)),
    tasks: Type.Array(Type.Object(TASK), {
      description: 'Tasks of the InfluxDB that go beyond the rights of their owner, or cannot be judged',
    }),
    databases: Type.Array(DATABASE, {
      description: 'Databases of the InfluxDB 1.x, InfluxDB 3 or VictoriaMetrics that have no bucket',
    }),
  }),
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

export const UpstreamAdoptionShape = named(
  'UpstreamAdoption',
  Type.Object({
    databases: Type.Array(DATABASE),
  }),
)

const AdoptBody = Type.Object({
  dryRun: Type.Optional(Type.Boolean({ description: 'Change nothing, and say what would become a bucket' })),
})

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
        summary: 'See what differs from the records of the upstreams behind this server, for an operator',
        tags,
        response: { 200: ref(UpstreamShape), ...errors(...CREDENTIALS, 404) },
      },
    },
    async ({ principal }) => {
      const [differences, tasks, databases] = await Promise.all([
        upstream.differences(principal),
        upstream.tasks(principal),
        upstream.databases(principal),
      ])
      return {
        ...{ differences: differences.map(differenceBody), tasks: tasks.map(taskBody) },
        databases: databases.map(databaseBody),
      }
    },
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

  api.post(
    '/api/v2/upstream/adopt',
    {
      schema: {
        operationId: 'PostUpstreamAdopt',
        summary: 'Make buckets of databases that have none, for an operator',
        tags,
        body: AdoptBody,
        response: { 200: ref(UpstreamAdoptionShape), ...errors(...CREDENTIALS, ...BODY, 403, 404, 422) },
      },
    },
    async (request) => {
      const databases = await upstream.adopt(request.caller(), request.body.dryRun ?? false)
      return { databases: databases.map(databaseBody) }
    },
  )
}

function databaseBody({ name, orgID, org, retentionSeconds, reason }: AdoptedDatabase) {
  return { name, orgID, org, retentionSeconds, ...(reason === undefined ? {} : { reason }) }
}

function mendedBody({ difference, mending }: MendedDifference) {
  return { ...differenceBody(difference), mending }
}

function taskBody({ task, problem, bucketID, reason }: TaskFinding) {
  const { id, type, orgID, ownerID, name, status } = task
  return {
    ...{ type, kind: problem, id, name, orgID, status, reason },
    ...(ownerID === undefined ? {} : { ownerID }),
    ...(bucketID === undefined ? {} : { bucketID }),
  }
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
