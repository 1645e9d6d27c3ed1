/** Tokens, 1.x authorizations and DBRP mappings. */
import { isStoredTokenHash } from '../base/secrets.ts'
import { isBcrypt } from '../passwords/bcrypt.ts'
import type { Authorization } from '../records/authorization.ts'
import { ACTIONS, type Permission, parsePermission, RESOURCE_TYPES } from '../records/permission.ts'
import type { ForeignLegacyAuthorization, ForeignToken } from './foreign-records.ts'
import {
  badName,
  came,
  DELETED_HERE,
  type Imported,
  type ImportRun,
  keyOf,
  leaveOut,
  missing,
} from './import-run.ts'

const ACTION_NAMES: ReadonlySet<string | undefined> = new Set(ACTIONS)
const TYPE_NAMES: ReadonlySet<string | undefined> = new Set(RESOURCE_TYPES)

/** Why a token or 1.x authorization is left out, whatever its secret or name. */
function unfit(
  run: ImportRun,
  kind: 'tokens' | 'legacyAuthorizations',
  { id, userID, orgID }: ForeignToken | ForeignLegacyAuthorization,
): string | undefined {
  if (run.before.has(keyOf(kind, id))) return DELETED_HERE
  return missing('user', userID, run.users) ?? missing('organization', orgID, run.organizations)
}

/** The permissions that Sluice knows; the others are noted, since they allow nothing here. */
function knownPermissions(
  run: ImportRun,
  { id }: Imported,
  { permissions }: ForeignToken | ForeignLegacyAuthorization,
): Permission[] {
  return permissions.flatMap((each) => {
    const type = each.resource?.type
    if (ACTION_NAMES.has(each.action) && TYPE_NAMES.has(type)) return [parsePermission(each)]
    leaveOut(
      run,
      { kind: 'permissions', id, name: `${each.action}:${type}` },
      'Sluice does not know this permission',
    )
    return []
  })
}

/** Tokens that are added at once. */
const PORTION = 500

export async function importTokens(run: ImportRun): Promise<void> {
  const { change, foreign } = run
  const ids = foreign.tokens.map(({ id }) => id)
  const present = new Set((await change.authorizations.byIDs(ids)).map(({ id }) => id))
  const hashes = run.adds ? foreign.tokens.flatMap((token) => token.hashes) : []
  const taken = new Set(await change.authorizations.takenAmong(hashes))
  let waiting: Authorization[] = []
  for (const token of foreign.tokens) {
    if (present.has(token.id)) {
      run.report.alreadyHere.tokens += 1
      continue
    }
    const record = { kind: 'tokens', id: token.id, name: token.description } as const
    const why = unfit(run, 'tokens', token) ?? badHash(token) ?? takenHash(token, taken)
    if (why !== undefined) {
      leaveOut(run, record, why)
      continue
    }
    for (const each of token.hashes) taken.add(each)
    const { hashes: _, ...rest } = token
    const [hashedToken = ''] = token.hashes
    waiting.push({ ...rest, hashedToken, permissions: knownPermissions(run, record, token) })
    came(run, record)
    if (waiting.length < PORTION) continue
    await change.authorizations.addAll(waiting)
    waiting = []
  }
  await change.authorizations.addAll(waiting)
}

function badHash({ hashes }: ForeignToken): string | undefined {
  if (hashes.length === 0) return 'InfluxDB has neither the token nor its hash'
  return hashes.every(isStoredTokenHash) ? undefined : 'its hash is neither SHA-256 nor SHA-512'
}

function takenHash({ hashes }: ForeignToken, taken: ReadonlySet<string>): string | undefined {
  return hashes.some((each) => taken.has(each)) ? 'another token here has the same secret' : undefined
}

export async function importLegacyAuthorizations(run: ImportRun): Promise<void> {
  const { change, foreign } = run
  const ids = foreign.legacyAuthorizations.map(({ id }) => id)
  const present = new Set((await change.legacyAuthorizations.byIDs(ids)).map(({ id }) => id))
  const names = new Map(foreign.legacyAuthorizations.map(({ id, name }) => [id, name]))
  const added = new Set<string>()
  for (const authorization of foreign.legacyAuthorizations) {
    const { id, name } = authorization
    if (present.has(id)) {
      run.report.alreadyHere.legacyAuthorizations += 1
      continue
    }
    const record = { kind: 'legacyAuthorizations', id, name } as const
    const known = unfit(run, 'legacyAuthorizations', authorization) ?? badName(run, name)
    const isTaken = known === undefined && (await change.legacyAuthorizations.byName(name)) !== undefined
    const why = isTaken ? 'another 1.x authorization here has this name' : known
    if (why !== undefined) {
      leaveOut(run, record, why)
      continue
    }
    const permissions = knownPermissions(run, record, authorization)
    await change.legacyAuthorizations.add({ ...authorization, permissions })
    added.add(id)
    came(run, record)
  }

  for (const [id, hash] of foreign.legacyPasswords) {
    const record = { kind: 'legacyPasswords', id, name: names.get(id) ?? '' } as const
    if (present.has(id)) run.report.alreadyHere.legacyPasswords += 1
    else if (!added.has(id)) {
      leaveOut(run, record, `its 1.x authorization ${id} ${names.has(id) ? 'is left out' : 'does not exist'}`)
    } else if (!isBcrypt(hash)) leaveOut(run, record, 'its hash is not bcrypt; set the password again')
    else {
      await change.legacyAuthorizations.setPasswordHash(id, hash)
      run.report.came.legacyPasswords += 1
    }
  }
}

export async function importDbrpMappings(run: ImportRun): Promise<void> {
  const { change, foreign } = run
  const ids = foreign.dbrpMappings.map(({ id }) => id)
  const present = new Set((await change.dbrpMappings.byIDs(ids)).map(({ id }) => id))
  for (const mapping of foreign.dbrpMappings) {
    const { id, orgID, bucketID, database, retentionPolicy } = mapping
    if (present.has(id)) {
      run.report.alreadyHere.dbrpMappings += 1
      continue
    }
    const record = { kind: 'dbrpMappings', id, name: `${database}/${retentionPolicy}` } as const
    let why = run.before.has(keyOf('dbrpMappings', id))
      ? DELETED_HERE
      : (missing('organization', orgID, run.organizations) ??
        missing('bucket', bucketID, run.buckets) ??
        badName(run, record.name))
    // A default that is here stays, and the store would move it.
    const hasDefault = mapping.isDefault && (await change.dbrpMappings.resolve(orgID, database)) !== undefined
    if (
      why === undefined &&
      !(await change.dbrpMappings.add({ ...mapping, isDefault: mapping.isDefault && !hasDefault }))
    ) {
      why = 'its organization has another mapping of this database and retention policy'
    }
    if (why !== undefined) leaveOut(run, record, why)
    else {
      if (hasDefault) {
        const remark = 'another mapping is the default of its database here, and stays it'
        run.report.remarks.push({ ...record, why: remark })
      }
      came(run, record)
    }
  }
}
