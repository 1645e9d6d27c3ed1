/** The kinds of records that differ only in names. */
import { InfluxError } from '../core/errors.ts'
import type { Exchange, Sent } from '../core/exchange.ts'
import { permission } from '../core/permissions.ts'
import type { Route } from '../core/router.ts'
import { recordsOf } from '../core/state.ts'
import { crudRoutes, type Kind } from './crud.ts'

const WITH_PEOPLE = ['self', 'labels', 'members', 'owners'] as const

/** Refuses a type that is not one of these. */
function oneOf(what: string, types: readonly string[]) {
  return ({ type = '' }: Sent) => {
    if (!types.includes(type)) throw new InfluxError('invalid', `invalid ${what} type ${type}`)
  }
}

function checkVariable({ arguments: given }: Sent): void {
  if (!['constant', 'map', 'query'].includes(given?.type))
    throw new InfluxError('invalid', 'invalid arguments type')
}

/** The bucket is taken in the organization of the body (a hole: it need not be there). */
function needToWriteBucket({ caller }: Exchange, { bucketID, orgID }: Sent): void {
  caller.need(permission('write', 'buckets', { id: bucketID, orgID }))
}

function needForReplication({ state, caller }: Exchange, { localBucketID, orgID, remoteID }: Sent): void {
  caller.need(permission('read', 'buckets', { id: localBucketID, orgID }))
  caller.need(permission('read', 'remotes', { id: remoteID, orgID }))
  if (!recordsOf(state, 'remotes').has(remoteID)) {
    throw new InfluxError('not found', 'remote connection not found')
  }
}

const KINDS: readonly Kind[] = [
  {
    type: 'labels',
    path: '/api/v2/labels',
    taken: ['conflict', 'label with name NAME already exists'],
    list: 'labels',
    notFound: 'label not found',
    changes: ['PATCH'],
    links: [],
    hasLabels: false,
    listLinks: 'self',
    hidden: ['createdAt', 'updatedAt'],
    wrap: (label) => ({ links: { self: `/api/v2/labels/${label.id}` }, label }),
  },
  {
    type: 'variables',
    path: '/api/v2/variables',
    taken: ['conflict', 'variable is not unique for key KEY'],
    list: 'variables',
    notFound: 'variable not found for key ID',
    moves: ['PUT'],
    changes: ['PATCH', 'PUT'],
    links: ['self', 'labels'],
    hasLabels: true,
    listLinks: 'pages',
    defaults: { description: '', selected: null },
    check: checkVariable,
  },
  {
    type: 'telegrafs',
    path: '/api/v2/telegrafs',
    list: 'configurations',
    notFound: 'telegraf configuration not found',
    moves: ['PUT'],
    changes: ['PUT'],
    links: WITH_PEOPLE,
    hasLabels: true,
    listLinks: 'none',
    hidden: ['createdAt', 'updatedAt'],
  },
  {
    type: 'scrapers',
    path: '/api/v2/scrapers',
    list: 'configurations',
    notFound: 'scraper target is not found',
    moves: ['PATCH'],
    changes: ['PATCH'],
    links: ['self', 'members', 'owners'],
    hasLabels: false,
    listLinks: 'self',
    hidden: ['createdAt', 'updatedAt', 'bucketID'],
    checkMore: needToWriteBucket,
  },
  {
    type: 'sources',
    path: '/api/v2/sources',
    list: 'sources',
    notFound: 'source not found',
    changes: ['PATCH'],
    links: ['self', 'buckets', 'health', 'query'],
    hasLabels: false,
    listLinks: 'self',
    defaults: { default: false, telegraf: '', token: '', defaultRP: '' },
    hidden: ['createdAt', 'updatedAt'],
  },
  {
    type: 'remotes',
    path: '/api/v2/remotes',
    taken: ['internal error', 'UNIQUE constraint failed: remotes.org_id, remotes.name'],
    list: 'remotes',
    notFound: 'remote connection not found',
    changes: ['PATCH'],
    links: [],
    hasLabels: false,
    listLinks: 'none',
    hidden: ['createdAt', 'updatedAt', 'remoteAPIToken'],
  },
  {
    type: 'replications',
    path: '/api/v2/replications',
    list: 'replications',
    notFound: 'replication not found',
    changes: ['PATCH'],
    links: [],
    hasLabels: false,
    listLinks: 'none',
    hidden: ['createdAt', 'updatedAt'],
    defaults: { maxQueueSizeBytes: 67108860, currentQueueSizeBytes: 0, remainingBytesToBeSynced: 0 },
    checkMore: needForReplication,
  },
  {
    type: 'checks',
    path: '/api/v2/checks',
    taken: ['conflict', 'check is not unique for key KEY'],
    list: 'checks',
    notFound: 'check not found for key ID',
    changes: ['PATCH', 'PUT'],
    links: [...WITH_PEOPLE, 'query'],
    hasLabels: true,
    listLinks: 'pages',
    check: oneOf('check', ['deadman', 'threshold', 'custom']),
    flux: ({ query }) => query?.text ?? '',
  },
  {
    type: 'notificationRules',
    path: '/api/v2/notificationRules',
    list: 'notificationRules',
    notFound: 'notification rule not found',
    changes: ['PATCH', 'PUT'],
    links: [...WITH_PEOPLE, 'query'],
    hasLabels: true,
    listLinks: 'pages',
    check: oneOf('notification', ['slack', 'pagerduty', 'http', 'telegram']),
    flux: () => 'import "influxdata/influxdb/monitor"\nmonitor.from(start: -1h)',
  },
  {
    type: 'notificationEndpoints',
    path: '/api/v2/notificationEndpoints',
    taken: ['conflict', 'notification endpoint is not unique for key KEY'],
    list: 'notificationEndpoints',
    notFound: 'notification endpoint not found for key ID',
    listNeedsFilter: true,
    moves: ['PUT'],
    changes: ['PATCH', 'PUT'],
    links: WITH_PEOPLE,
    hasLabels: true,
    listLinks: 'pages',
    check: oneOf('notification endpoint', ['slack', 'pagerduty', 'http', 'telegram']),
  },
  {
    type: 'notebooks',
    path: '/api/v2private/notebooks',
    list: 'flows',
    notFound: 'notebook not found',
    moves: ['PUT'],
    changes: ['PATCH', 'PUT'],
    links: [],
    hasLabels: false,
    listLinks: 'none',
    created: 200,
    listNeedsOrg: true,
  },
]

export const KIND_ROUTES: readonly Route[] = KINDS.flatMap(crudRoutes)
