/** For tests: records of another server, and a world that imports them. */
import type { ID } from '../../src/domain/base/id.ts'
import { storedTokenHashes } from '../../src/domain/base/secrets.ts'
import type { ForeignRecords, ForeignToken } from '../../src/domain/import/foreign-records.ts'
import { createImporter } from '../../src/domain/import/importer.ts'
import { INSTANCE_ID } from '../../src/domain/records/membership.ts'
import { createWorld, ORIGIN, type World } from './world.ts'

export const id = (text: string) => text.padStart(16, '1') as ID
export const [ADA, BOB, GONE] = [id('a1'), id('b1'), id('99')]
export const [ORG, OTHER_ORG] = [id('c1'), id('c2')]
export const [BUCKET, OTHER_BUCKET] = [id('e1'), id('e2')]
export const AT = '2026-01-02T03:04:05.678901234Z'
const TIMES = { createdAt: AT, updatedAt: AT }
/** The form of a hash; of no password. */
export const BCRYPT = `$2a$04$${'a'.repeat(53)}`

export const user = (userID: ID, name: string) => ({ id: userID, name, status: 'active' }) as const
export const organization = (orgID: ID, name: string) => ({ id: orgID, name, description: 'd', ...TIMES })
export const bucket = (bucketID: ID, name: string, orgID = ORG) => ({
  ...({ id: bucketID, orgID, type: 'user', name, description: '', retentionPolicy: 'rp' } as const),
  ...{ retentionSeconds: 3600, shardGroupSeconds: 60, ...TIMES },
})
export const RIGHTS = { status: 'active', description: 'd', orgID: ORG, userID: ADA, ...TIMES } as const
export const READ = { action: 'read', resource: { type: 'buckets', orgID: ORG } } as const
export const token = (secret: string, fields: Partial<ForeignToken> = {}): ForeignToken => ({
  ...{ id: id(`d${secret.length}`), permissions: [READ], hashes: storedTokenHashes(secret) },
  ...RIGHTS,
  ...fields,
})
export function owner(userID: ID, resourceID: ID, resourceType = 'orgs', role = 'owner') {
  return { userID, resourceID, resourceType, role }
}

export const EVERYTHING: ForeignRecords = {
  users: [user(ADA, 'ada'), user(BOB, 'bob')],
  passwords: new Map([[ADA, BCRYPT]]),
  organizations: [organization(ORG, 'works'), organization(OTHER_ORG, 'plant')],
  buckets: [bucket(BUCKET, 'points'), bucket(OTHER_BUCKET, 'points', OTHER_ORG)],
  memberships: [
    owner(ADA, INSTANCE_ID, 'instance'),
    owner(ADA, ORG),
    owner(BOB, BUCKET, 'buckets', 'member'),
  ],
  tokens: [token('1'), token('22', { userID: BOB, status: 'inactive' })],
  legacyAuthorizations: [{ ...RIGHTS, id: id('f1'), name: 'v1', permissions: [READ] }],
  legacyPasswords: new Map([[id('f1'), BCRYPT]]),
  dbrpMappings: [
    {
      ...{ id: id('f5'), orgID: ORG, bucketID: BUCKET, database: 'db' },
      retentionPolicy: 'rp',
      isDefault: true,
    },
  ],
  tasks: [],
}
export const NOTHING: ForeignRecords = {
  ...{ users: [], organizations: [], buckets: [], memberships: [], tokens: [], dbrpMappings: [], tasks: [] },
  ...{ passwords: new Map(), legacyAuthorizations: [], legacyPasswords: new Map() },
}
export const foreign = (fields: Partial<ForeignRecords>) => ({ ...NOTHING, ...fields })

function importerOf({ changes }: World, longestName?: number) {
  const origin = { ...ORIGIN, userAgent: 'sluice import' }
  const importer = createImporter({ changes, longestName, origin })
  return (records: ForeignRecords, options: { add?: boolean; dryRun?: boolean } = {}) =>
    importer.run(records, { add: false, dryRun: false, ...options })
}

/** A world, and an import into it. */
export async function setUpImport(longestName?: number) {
  const world = await createWorld()
  return { ...world, run: importerOf(world, longestName) }
}

/** All that an import may write. */
export async function contents({ store }: Pick<World, 'store'>) {
  const all = { limit: 1000, offset: 0, descending: false }
  const users = await store.users.list(all)
  const passwords = await Promise.all(users.map((each) => store.passwords.get(each.id)))
  const memberships = await Promise.all(users.map((each) => store.memberships.ofUser(each.id)))
  return structuredClone({
    ...{ users, passwords, memberships: memberships.flat() },
    organizations: await store.organizations.list(all),
    buckets: await store.buckets.list({}, all),
    tokens: await store.authorizations.list({}),
    legacy: await store.legacyAuthorizations.list({}),
    mappings: await store.dbrpMappings.list({}),
    events: await store.audit.list({}, all),
  })
}

export const reasons = (notes: readonly { kind: string; id: string; why: string }[]) =>
  notes.map((note) => `${note.kind} ${note.id}: ${note.why}`)
