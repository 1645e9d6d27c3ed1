/** What concerns the whole server: links, flags, resource types, configuration, backup and restore. */
import { readFileSync } from 'node:fs'
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, json, sentJSON } from '../core/exchange.ts'
import { operatorPermissions, permission, RESOURCE_TYPES } from '../core/permissions.ts'
import { openRoute, type Route, route } from '../core/router.ts'
import { findBucketNamed } from '../identity/buckets.ts'
import { orgOfQuery } from '../identity/organizations.ts'
import { LINKS } from './links.ts'

const RESTORES = ['kv', 'sql', 'bucket-metadata', 'buckets/:id', 'shards/:id']

export const INSTANCE_ROUTES: readonly Route[] = [
  openRoute('GET', '/api/v2', () => json(200, LINKS)),
  route('GET', '/api/v2/flags', () => json(200, { newAutoRefresh: true, timeFilterFlags: false })),
  route('GET', '/api/v2/resources', () => json(200, [...RESOURCE_TYPES, 'instance'])),
  route('GET', '/api/v2/telegraf/plugins', () => json(200, { version: '1.13.0', plugins: [] })),
  route('GET', '/api/v2/documents/templates', (exchange) => {
    exchange.caller.need(permission('read', 'documents', { orgID: orgOfQuery(exchange).id }))
    return json(200, { documents: [] })
  }),
  route('GET', '/api/v2/config', (exchange) => {
    const mayAll = operatorPermissions().every((each) => exchange.caller.may(each))
    const refusal = 'access to /api/v2/config requires operator permissions'
    if (!mayAll) throw new InfluxError('unauthorized', refusal)
    return json(200, { config: { 'bolt-path': 'influxd.bolt', 'hardening-enabled': false } })
  }),
  route('GET', '/api/v2/backup/kv', backup),
  route('POST', '/api/v2/restore/bucketMetadata', restoreMetadata),
  ...RESTORES.map((name) => route('POST', `/api/v2/restore/${name}`, restore)),
]

function backup({ caller, options }: Exchange): Answer {
  caller.need(...operatorPermissions())
  if (!options.backupFile) throw new Error('no file to answer a backup with')
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream' },
    body: readFileSync(options.backupFile),
  }
}

/** A name that is taken is refused before the permissions are looked at, so that any caller may probe for names. */
function restoreMetadata(exchange: Exchange): Answer {
  const { organizationID, bucketName } = sentJSON(exchange)
  const taken = findBucketNamed(exchange.state, organizationID, bucketName)
  if (taken) throw new InfluxError('conflict', `bucket with name ${bucketName} already exists`)
  return restore(exchange)
}

/** Changes nothing; whether it succeeds is a switch. */
function restore({ caller, options }: Exchange): Answer {
  caller.need(...operatorPermissions())
  if (!options.acceptsRestore) throw new InfluxError('unavailable', 'restore is switched off')
  return json(200, { token: '' })
}
