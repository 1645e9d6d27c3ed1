/** Records shared by the suites of `identity-store.ts`. */
import type { TestContext } from 'node:test'
import type { ID } from '../../src/domain/base/id.ts'
import type { PageRequest } from '../../src/domain/base/paging.ts'
import type { Authorization } from '../../src/domain/records/authorization.ts'
import type { Bucket } from '../../src/domain/records/bucket.ts'
import type { IdentityStore } from '../../src/domain/records/identity-store.ts'
import type { Organization } from '../../src/domain/records/organization.ts'
import type { User } from '../../src/domain/records/user.ts'

export const ALL: PageRequest = { limit: 10_000, offset: 0, descending: false }
const AT = '2026-01-02T03:04:05.678Z'

/** More than the parameters that some databases accept in one statement. */
export const MANY = 1200

/** Names that a store must keep distinct and return unchanged. */
export const AWKWARD_NAMES: readonly string[] = [
  ' ',
  '  two ',
  'a\nb',
  'tab\t',
  `quotes ' " \` ''`,
  'back\\slash',
  '%_like_%',
  '$1 ? :name @x',
  'é',
  'e\u0301',
  'İıſK',
  '🙂 👩‍👩‍👧',
  '\u200f\u202e',
  'x'.repeat(5000),
  'ada',
  'Ada',
  'ADA',
  'ada ',
  'a\0b',
  'a',
  '\0',
  '\x01',
  '\x01\x01',
  '\x01\x02\0',
]

/**
 * In the order of their UTF-8 bytes, which is neither alphabetical nor the order of UTF-16, where the emoji would stand
 * before the last one.
 */
export const NAMES_IN_ORDER: readonly string[] = [
  '\0',
  '\0\0',
  '\0a',
  '\x01',
  '\x01\0',
  '\x01\x02',
  '\x02',
  '1',
  '10',
  '9',
  'B',
  'Ba',
  '_x',
  'a',
  'a b',
  'a-b',
  'ab',
  'b',
  'é',
  'ﬀ',
  '🙂',
]

export const idOf = (number: number): ID => number.toString(16).padStart(16, '0') as ID

/** The greatest ids: 64-bit numbers beyond signed integers and exact doubles. */
export const GREAT_IDS = [
  '7fffffffffffffff',
  '8000000000000000',
  'fffffffffffffffe',
  'ffffffffffffffff',
] as ID[]

export function user(number: number, fields: Partial<User> = {}): User {
  return { id: idOf(number), name: `user ${number}`, status: 'active', ...fields }
}

export function organization(number: number, fields: Partial<Organization> = {}): Organization {
  const times = { createdAt: AT, updatedAt: AT }
  return { id: idOf(number), name: `org ${number}`, description: '', ...times, ...fields }
}

export const bucket = (number: number, fields: Partial<Bucket> = {}): Bucket => ({
  id: idOf(number),
  orgID: idOf(1),
  type: 'user',
  name: `bucket ${number}`,
  description: '',
  retentionPolicy: '',
  retentionSeconds: 0,
  shardGroupSeconds: 604_800,
  createdAt: AT,
  updatedAt: AT,
  ...fields,
})

export const authorization = (number: number, fields: Partial<Authorization> = {}): Authorization => ({
  id: idOf(number),
  hashedToken: `$influxdb2-sha256$${number}`,
  status: 'active',
  description: '',
  orgID: idOf(1),
  userID: idOf(2),
  permissions: [{ action: 'read', resource: { type: 'buckets', orgID: idOf(1) } }],
  createdAt: AT,
  updatedAt: AT,
  ...{ expiresAt: undefined, lastUsedAt: undefined, previous: undefined },
  ...fields,
})

/** A store for this test, closed after it. */
export async function opened(t: TestContext, open: () => Promise<IdentityStore>): Promise<IdentityStore> {
  const store = await open()
  t.after(() => store.close())
  return store
}

/** A plain copy, without extras of a database's rows such as a prototype. */
export function plain<T>(records: T): T {
  return structuredClone(records)
}

export const idsOf = (records: readonly { id: ID }[]): ID[] => records.map(({ id }) => id)
