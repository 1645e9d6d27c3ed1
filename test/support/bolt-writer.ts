/** For tests: writes bolt files, with a branch page above the leaves of every bucket that has more than one. */
import { hash } from 'node:crypto'

const PAGE = 4096
const HEADER = 16
const ELEMENT = 16
const [BRANCH, LEAF, META, FREELIST] = [0x01, 0x02, 0x04, 0x10]
const KEYS_OF_LEAF = 200

type Entries = readonly (readonly [key: string, value: string | Buffer])[]

/** A file with these buckets of keys and values. */
export function boltFile(buckets: Readonly<Record<string, Entries>>): Buffer {
  const pages: Buffer[] = []
  let next = 3
  function place(flags: number, count: number, body: Buffer): number {
    const id = next
    const length = Math.ceil((HEADER + body.length) / PAGE)
    const page = Buffer.alloc(length * PAGE)
    page.writeBigUInt64LE(BigInt(id), 0)
    page.writeUInt16LE(flags, 8)
    page.writeUInt16LE(count, 10)
    page.writeUInt32LE(length - 1, 12)
    body.copy(page, HEADER)
    pages.push(page)
    next += length
    return id
  }
  function placeTree(entries: Entries): number {
    const sorted = inOrder(entries)
    const leaves: { first: Buffer; id: number }[] = []
    for (let start = 0; start === 0 || start < sorted.length; start += KEYS_OF_LEAF) {
      const part = sorted.slice(start, start + KEYS_OF_LEAF)
      const id = place(LEAF, part.length, leafBody(part.map((each) => ({ ...each, flags: 0 }))))
      leaves.push({ first: part[0]?.key ?? Buffer.alloc(0), id })
    }
    const [only, another] = leaves
    if (only && !another) return only.id
    return place(BRANCH, leaves.length, branchBody(leaves))
  }

  const roots = inOrder(
    Object.entries(buckets).map(([name, entries]) => {
      const value = Buffer.alloc(16)
      value.writeBigUInt64LE(BigInt(placeTree(entries)), 0)
      return [name, value] as const
    }),
  )
  const root = place(LEAF, roots.length, leafBody(roots.map((each) => ({ ...each, flags: 1 }))))
  const freelist = Buffer.alloc(PAGE)
  freelist.writeBigUInt64LE(2n, 0)
  freelist.writeUInt16LE(FREELIST, 8)
  return Buffer.concat([metaPage(0, root, next), metaPage(1, root, next), freelist, ...pages])
}

function inOrder(entries: Entries): { key: Buffer; value: Buffer }[] {
  return entries
    .map(([key, value]) => ({ key: Buffer.from(key), value: Buffer.from(value as string) }))
    .toSorted((one, other) => Buffer.compare(one.key, other.key))
}

function leafBody(entries: readonly { key: Buffer; value: Buffer; flags: number }[]): Buffer {
  const elements = Buffer.alloc(entries.length * ELEMENT)
  let at = elements.length
  for (const [index, { key, value, flags }] of entries.entries()) {
    const start = index * ELEMENT
    elements.writeUInt32LE(flags, start)
    elements.writeUInt32LE(at - start, start + 4)
    elements.writeUInt32LE(key.length, start + 8)
    elements.writeUInt32LE(value.length, start + 12)
    at += key.length + value.length
  }
  return Buffer.concat([elements, ...entries.flatMap(({ key, value }) => [key, value])])
}

function branchBody(children: readonly { first: Buffer; id: number }[]): Buffer {
  const elements = Buffer.alloc(children.length * ELEMENT)
  let at = elements.length
  for (const [index, { first, id }] of children.entries()) {
    const start = index * ELEMENT
    elements.writeUInt32LE(at - start, start)
    elements.writeUInt32LE(first.length, start + 4)
    elements.writeBigUInt64LE(BigInt(id), start + 8)
    at += first.length
  }
  return Buffer.concat([elements, ...children.map(({ first }) => first)])
}

function metaPage(id: number, root: number, highWater: number): Buffer {
  const page = Buffer.alloc(PAGE)
  page.writeBigUInt64LE(BigInt(id), 0)
  page.writeUInt16LE(META, 8)
  page.writeUInt32LE(0xed0cdaed, 16)
  page.writeUInt32LE(2, 20)
  page.writeUInt32LE(PAGE, 24)
  page.writeBigUInt64LE(BigInt(root), 32)
  page.writeBigUInt64LE(2n, 48)
  page.writeBigUInt64LE(BigInt(highWater), 56)
  page.writeBigUInt64LE(BigInt(id), 64)
  let sum = 0xcbf29ce484222325n
  for (const byte of page.subarray(16, 72)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n)
  page.writeBigUInt64LE(sum, 72)
  return page
}

/** Records of an InfluxDB 2.x, by the name of their bucket and by id. */
export interface InfluxdRows {
  readonly users?: readonly object[]
  readonly passwords?: Readonly<Record<string, string>>
  readonly organizations?: readonly object[]
  readonly buckets?: readonly object[]
  readonly memberships?: readonly { readonly resourceID: string; readonly userID: string }[]
  readonly tokens?: readonly object[]
  readonly legacyAuthorizations?: readonly object[]
  readonly legacyPasswords?: Readonly<Record<string, string>>
  readonly mappings?: readonly object[]
  readonly tasks?: readonly object[]
  /** Organization and database, to the id of the mapping. */
  readonly defaults?: Readonly<Record<string, string>>
}

/** The bolt file of an InfluxDB with these records, as it writes them. */
export function influxdFile(rows: InfluxdRows): Buffer {
  const byID = (records: readonly object[] = []) =>
    records.map((record) => [(record as { id: string }).id, JSON.stringify(record)] as const)
  return boltFile({
    usersv1: byID(rows.users),
    userspasswordv1: Object.entries(rows.passwords ?? {}),
    organizationsv1: byID(rows.organizations),
    bucketsv1: byID(rows.buckets),
    userresourcemappingsv1: (rows.memberships ?? []).map((each) => [
      each.resourceID + each.userID,
      JSON.stringify({ mappingType: 'user', ...each }),
    ]),
    authorizationsv1: byID(rows.tokens),
    'legacy/authorizationsv1': byID(rows.legacyAuthorizations),
    'legacy/authorizationPasswordv1': Object.entries(rows.legacyPasswords ?? {}),
    dbrpv1: byID(rows.mappings),
    tasksv1: byID(rows.tasks),
    dbrpdefaultv1: Object.entries(rows.defaults ?? {}),
  })
}

const AT = '2026-01-02T03:04:05.678901234Z'
const TIMES = { createdAt: AT, updatedAt: AT }
const ORG = '9b260c5dcbe53705'
export const influxdID = (number: number) => (0x11b1a35e00000000n + BigInt(number)).toString(16)

/** One organization, `users` users, and this many tokens `token-N` of theirs, in plain text or as SHA-256 or SHA-512. */
export function manyTokens(count: number, users = 100): InfluxdRows {
  const forms = ['plain', 'sha256', 'sha512'] as const
  return {
    organizations: [{ id: ORG, name: 'works', description: '', ...TIMES }],
    users: Array.from({ length: users }, (_, n) => ({
      ...{ id: influxdID(n + 1), name: `user ${n}`, status: 'active' },
    })),
    memberships: Array.from({ length: users }, (_, n) => ({
      ...{ resourceID: ORG, userID: influxdID(n + 1), resourceType: 'orgs', userType: 'member' },
    })),
    tokens: Array.from({ length: count }, (_, n) => ({
      id: influxdID(1_000_000 + n),
      ...secretOf(`token-${n}`, forms[n % 3] ?? 'plain'),
      ...{ status: 'active', description: `token ${n}`, orgID: ORG, userID: influxdID((n % users) + 1) },
      permissions: Array.from({ length: 44 }, (_, at) => ({
        action: at % 2 === 0 ? 'read' : 'write',
        resource: { type: 'buckets', id: influxdID(at + 1), orgID: ORG },
      })),
      ...TIMES,
    })),
  }
}

/** A token as a row has it in each of its forms. */
export function secretOf(token: string, form: 'plain' | 'sha256' | 'sha512'): object {
  if (form === 'plain') return { token }
  const digits = Buffer.from(hash(form, token, 'hex'), 'hex').toString('base64')
  return { hashedToken: `$influxdb2-${form}$${digits.replaceAll('+', '-').replaceAll('/', '_')}` }
}
