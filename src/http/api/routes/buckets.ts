import Type, { type Static } from 'typebox'
import type { PageRequest } from '../../../domain/base/paging.ts'
import type { Buckets } from '../../../domain/buckets/buckets.ts'
import type { BucketLabels, Labels } from '../../../domain/gateway/bucket-labels.ts'
import type { Memberships } from '../../../domain/memberships/memberships.ts'
import type { Bucket } from '../../../domain/records/bucket.ts'
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
  TimeShape,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { registerMembers } from './members.ts'

export const BucketShape = named(
  'Bucket',
  Type.Object({
    id: IDShape,
    orgID: IDShape,
    type: Type.String({ description: '`user` or `system`' }),
    description: Type.Optional(Type.String()),
    name: Type.String(),
    rp: Type.Optional(Type.String({ description: 'The v1 retention policy that the bucket stands for' })),
    retentionRules: Type.Array(
      Type.Object({
        type: Type.String(),
        everySeconds: Type.Integer({ description: '0 is forever' }),
        shardGroupDurationSeconds: Type.Integer(),
      }),
    ),
    createdAt: TimeShape,
    updatedAt: TimeShape,
    links: Type.Object({
      labels: Type.String(),
      members: Type.String(),
      org: Type.String(),
      owners: Type.String(),
      self: Type.String(),
      write: Type.String(),
    }),
    labels: Type.Array(
      Type.Object({
        id: IDShape,
        orgID: IDShape,
        name: Type.String(),
        properties: Type.Optional(Type.Record(Type.String(), Type.String())),
      }),
      { description: 'Those that the InfluxDB behind this server has on the bucket; empty without one' },
    ),
  }),
)
export const BucketsShape = named(
  'Buckets',
  Type.Object({
    links: Type.Object({
      prev: Type.Optional(Type.String()),
      self: Type.String(),
      next: Type.Optional(Type.String()),
    }),
    buckets: Type.Array(ref(BucketShape)),
  }),
)

const RetentionRules = Type.Array(
  Type.Object({
    type: Type.Optional(Type.String()),
    everySeconds: Type.Optional(Type.Integer({ description: '0 is forever' })),
    shardGroupDurationSeconds: Type.Optional(Type.Integer()),
  }),
)
const BucketUpdate = {
  name: Type.Optional(Type.String({ description: 'Needed for a new bucket' })),
  description: Type.Optional(Type.String()),
  retentionRules: Type.Optional(RetentionRules),
}
const BucketInput = Type.Object({
  ...BucketUpdate,
  orgID: Type.Optional(Type.String({ format: 'id', description: 'Needed: the organization of the bucket' })),
  rp: Type.Optional(Type.String()),
})

/** `labels` of upstream, by bucket; a new or changed bucket is shown without any, as in InfluxDB. */
export function bucketBody(bucket: Bucket, labels?: Labels): Static<typeof BucketShape> {
  const { id, orgID } = bucket
  const self = `/api/v2/buckets/${id}`
  return {
    id,
    orgID,
    type: bucket.type,
    ...(bucket.description ? { description: bucket.description } : {}),
    name: bucket.name,
    ...(bucket.retentionPolicy ? { rp: bucket.retentionPolicy } : {}),
    retentionRules: [
      {
        type: 'expire',
        everySeconds: bucket.retentionSeconds,
        shardGroupDurationSeconds: bucket.shardGroupSeconds,
      },
    ],
    createdAt: bucket.createdAt,
    updatedAt: bucket.updatedAt,
    links: {
      labels: `${self}/labels`,
      members: `${self}/members`,
      org: `/api/v2/orgs/${orgID}`,
      owners: `${self}/owners`,
      self,
      write: `/api/v2/write?org=${orgID}&bucket=${id}`,
    },
    labels: (labels?.get(id) ?? []).map((each) => ({ ...each })),
  }
}

export function registerBuckets(
  api: Api,
  deps: { buckets: Buckets; memberships: Memberships; bucketLabels: BucketLabels },
): void {
  const { buckets, bucketLabels } = deps
  const tags = ['Buckets']
  const jsonErrorPrefix = 'failed to unmarshal json: '

  api.get(
    '/api/v2/buckets',
    {
      schema: {
        operationId: 'GetBuckets',
        summary: 'List the buckets that the caller may read',
        tags,
        querystring: Type.Object({
          ...PageQuery,
          id: Type.Optional(IDShape),
          name: Type.Optional(Type.String()),
          org: Type.Optional(Type.String()),
          orgID: Type.Optional(IDShape),
        }),
        response: { 200: ref(BucketsShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, query }) => {
      const page = pageRequest(query)
      const { name, org } = query
      const [id, orgID] = [toID(query.id), toID(query.orgID)]
      const found = await buckets.list(principal, { id, name, orgID, org }, page)
      const labels = await bucketLabels.of(principal, found)
      const filter = { bucket: name, id, org, orgID }
      return {
        links: pagingLinks(filter, page, found.length),
        buckets: found.map((each) => bucketBody(each, labels)),
      }
    },
  )

  api.post(
    '/api/v2/buckets',
    {
      config: { jsonErrorPrefix },
      schema: {
        operationId: 'PostBuckets',
        summary: 'Create a bucket',
        tags,
        body: BucketInput,
        response: { 201: ref(BucketShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      const { rp, orgID, ...rest } = request.body
      const input = { ...rest, orgID: toID(orgID), retentionPolicy: rp }
      return reply.code(201).send(bucketBody(await buckets.create(request.caller(), input)))
    },
  )

  api.get(
    '/api/v2/buckets/:id',
    {
      schema: {
        operationId: 'GetBucketsID',
        summary: 'Retrieve a bucket',
        tags,
        params: IDParams,
        response: { 200: ref(BucketShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => {
      const bucket = await buckets.get(principal, toID(params.id))
      return bucketBody(bucket, await bucketLabels.of(principal, [bucket]))
    },
  )

  api.patch(
    '/api/v2/buckets/:id',
    {
      config: { jsonErrorPrefix },
      schema: {
        operationId: 'PatchBucketsID',
        summary: 'Change a bucket: its name, description or retention',
        tags,
        params: IDParams,
        body: Type.Object(BucketUpdate),
        response: { 200: ref(BucketShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request) => {
      const { name, description, retentionRules } = request.body
      const input = { name, description, retentionRules }
      return bucketBody(await buckets.update(request.caller(), toID(request.params.id), input))
    },
  )

  api.delete(
    '/api/v2/buckets/:id',
    {
      schema: {
        operationId: 'DeleteBucketsID',
        summary: 'Delete a bucket',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      await buckets.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  registerMembers(api, { memberships: deps.memberships, type: 'buckets', operation: 'BucketsID', tags })
}

/** The links of a page repeat what was asked for, the keys in alphabetical order. */
function pagingLinks(
  filter: Readonly<Record<string, string | undefined>>,
  page: PageRequest,
  found: number,
): { prev?: string; self: string; next?: string } {
  function link(offset: number): string {
    const query = { ...filter, ...page, offset }
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
    const params = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))
    params.sort()
    return `/api/v2/buckets?${params}`
  }
  const { limit, offset } = page
  return {
    ...(offset > 0 ? { prev: link(Math.max(offset - limit, 0)) } : {}),
    self: link(offset),
    ...(found >= limit ? { next: link(offset + limit) } : {}),
  }
}
