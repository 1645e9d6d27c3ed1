/** The records that Sluice takes over, out of the bolt file of InfluxDB 2.x. */
import { type ID, idProblem } from '../../domain/base/id.ts'
import { storedTokenHashes } from '../../domain/base/secrets.ts'
import type {
  ForeignLegacyAuthorization,
  ForeignMembership,
  ForeignRecords,
  ForeignToken,
} from '../../domain/import/foreign-records.ts'
import type { Bucket } from '../../domain/records/bucket.ts'
import type { DbrpMapping } from '../../domain/records/dbrp-mapping.ts'
import type { Organization } from '../../domain/records/organization.ts'
import type { PermissionInput } from '../../domain/records/permission.ts'
import type { Status, User } from '../../domain/records/user.ts'
import { type BoltBucket, BoltError, openBoltFile } from './bolt-file.ts'
import { MetadataError, type MetadataRow, readRow, utf8 } from './metadata-row.ts'
import { readTask } from './task-row.ts'

/** Every InfluxDB 2.x has these, empty or not. */
const ALWAYS_THERE = ['usersv1', 'organizationsv1', 'bucketsv1', 'authorizationsv1', 'userresourcemappingsv1']
const NANOSECONDS = 1e9

/**
 * Reads all records of a file's bytes, or none: throws `MetadataError` for a damaged file and for one of another
 * program. Its message has no value of the file.
 */
export function readMetadata(file: Buffer): ForeignRecords {
  try {
    const root = openBoltFile(file)
    const names = new Set(root.bucketNames())
    const absent = ALWAYS_THERE.find((name) => !names.has(name))
    if (absent !== undefined) {
      throw new MetadataError(`this bolt file is not that of InfluxDB 2.x: it has no bucket ${absent}`)
    }
    return readAll(root)
  } catch (error) {
    if (error instanceof BoltError) throw new MetadataError(`the bolt file is damaged: ${error.message}`)
    throw error
  }
}

function readAll(root: BoltBucket): ForeignRecords {
  const rowsOf = <T>(name: string, read: (row: MetadataRow) => T): T[] =>
    [...(root.bucket(name)?.entries() ?? [])].map((entry) => read(readRow(name, entry)))

  const defaults = new Set(textsOf(root, 'dbrpdefaultv1').values())
  return {
    users: rowsOf('usersv1', readUser),
    passwords: hashesOf(root, 'userspasswordv1'),
    organizations: rowsOf('organizationsv1', readOrganization),
    buckets: rowsOf('bucketsv1', readBucket),
    memberships: rowsOf('userresourcemappingsv1', readMembership),
    tokens: rowsOf('authorizationsv1', readToken),
    legacyAuthorizations: rowsOf('legacy/authorizationsv1', readLegacyAuthorization),
    legacyPasswords: hashesOf(root, 'legacy/authorizationPasswordv1'),
    // The field `default` of a row is not kept up to date by InfluxDB.
    dbrpMappings: rowsOf('dbrpv1', (row) => readMapping(row, defaults)),
    tasks: rowsOf('tasksv1', readTask),
  }
}

function textsOf(root: BoltBucket, name: string): Map<string, string> {
  const entries = [...(root.bucket(name)?.entries() ?? [])]
  return new Map(entries.map(({ key, value }) => [utf8(name, key), utf8(name, value)]))
}

function hashesOf(root: BoltBucket, name: string): Map<ID, string> {
  const texts = textsOf(root, name)
  for (const key of texts.keys()) {
    if (idProblem(key) !== undefined) throw new MetadataError(`a key of ${name} is no id`)
  }
  return texts as Map<ID, string>
}

const readUser = (row: MetadataRow): User => ({
  id: row.ownID(),
  name: row.text('name'),
  // InfluxDB refuses users that are inactive, and no others.
  status: row.choice('status', ['', 'active', 'inactive']) === 'inactive' ? 'inactive' : 'active',
})

const readOrganization = (row: MetadataRow): Organization => ({
  id: row.ownID(),
  name: row.text('name'),
  description: row.text('description', ''),
  createdAt: row.time('createdAt'),
  updatedAt: row.time('updatedAt'),
})

const readBucket = (row: MetadataRow): Bucket => ({
  id: row.ownID(),
  orgID: row.id('orgID'),
  type: row.number('type', 0) === 1 ? 'system' : 'user',
  name: row.text('name'),
  description: row.text('description', ''),
  retentionPolicy: row.text('rp', ''),
  retentionSeconds: Math.round(row.number('retentionPeriod', 0) / NANOSECONDS),
  shardGroupSeconds: Math.round(row.number('shardGroupDuration', 0) / NANOSECONDS),
  createdAt: row.time('createdAt'),
  updatedAt: row.time('updatedAt'),
})

/** Mappings of organizations instead of users, which early versions had, are of no type that Sluice knows. */
function readMembership(row: MetadataRow): ForeignMembership {
  const mapping = row.text('mappingType', 'user')
  const type = row.text('resourceType')
  return {
    userID: row.id('userID'),
    resourceID: row.id('resourceID'),
    resourceType: mapping === 'user' ? type : `${type} by ${mapping}`,
    role: row.text('userType'),
  }
}

const readRights = (row: MetadataRow) => ({
  id: row.ownID(),
  // InfluxDB accepts what is active, and nothing else.
  status: (row.choice('status', ['', 'active', 'inactive']) === 'active' ? 'active' : 'inactive') as Status,
  description: row.text('description', ''),
  orgID: row.id('orgID'),
  userID: row.id('userID'),
  permissions: row.rows('permissions').map(readPermission),
  createdAt: row.time('createdAt'),
  updatedAt: row.time('updatedAt'),
})

/** A token that is kept in plain text is hashed here, and goes no further. */
function readToken(row: MetadataRow): ForeignToken {
  const [plain, hashed] = [row.text('token', ''), row.text('hashedToken', '')]
  const kept = hashed === '' ? [] : [hashed]
  return { ...readRights(row), hashes: plain === '' ? kept : storedTokenHashes(plain) }
}

const readLegacyAuthorization = (row: MetadataRow): ForeignLegacyAuthorization => ({
  ...readRights(row),
  name: row.text('token'),
})

function readPermission(row: MetadataRow): PermissionInput {
  const resource = row.row('resource')
  const [id, orgID] = [resource.optionalID('id'), resource.optionalID('orgID')]
  return {
    action: row.text('action'),
    resource: { type: resource.text('type'), ...(id ? { id } : {}), ...(orgID ? { orgID } : {}) },
  }
}

function readMapping(row: MetadataRow, defaults: ReadonlySet<string>): DbrpMapping {
  const id = row.ownID()
  return {
    id,
    orgID: row.id('orgID'),
    bucketID: row.id('bucketID'),
    database: row.text('database'),
    retentionPolicy: row.text('retention_policy'),
    isDefault: defaults.has(id),
  }
}
