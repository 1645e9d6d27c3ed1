/** Finds what a person names on the command line, by its id or its name. */
import { type ID, idIn } from '../../domain/base/id.ts'
import { RefusedError, type Remote, type RemoteQuery, readAll } from '../remote/remote.ts'
import { CommandFailure } from '../terminal/failure.ts'
import { escaped } from '../terminal/table.ts'

export interface NamedRecord {
  readonly id: ID
  readonly name: string
}

export interface ListedUser extends NamedRecord {
  readonly status: string
  /** Only if it was asked for; the server gives it to operators alone. */
  readonly details?: {
    readonly organizations: readonly { readonly name: string; readonly role: string }[]
  }
}

export interface ListedOrganization extends NamedRecord {
  readonly description: string
  readonly createdAt: string
}

export interface ListedToken {
  readonly id: ID
  readonly token: string
  readonly status: string
  readonly description: string
  readonly orgID: ID
  readonly org: string
  readonly userID: ID
  readonly user: string
  readonly createdAt: string
  readonly expiresAt?: string
  readonly lastUsedAt?: string
}

/** An id is one if a user has it, so that each user can be named, whatever others are called. */
export function findUser(remote: Remote, given: string): Promise<ListedUser> {
  const byName = () => remote.get<{ users: ListedUser[] }>('/api/v2/users', { name: given })
  return find(remote, given, { path: '/api/v2/users', noun: 'user' }, async () => (await byName()).users)
}

export function findOrganization(remote: Remote, given: string): Promise<ListedOrganization> {
  const byName = () => remote.get<{ orgs: ListedOrganization[] }>('/api/v2/orgs', { org: given })
  const about = { path: '/api/v2/orgs', noun: 'organization' }
  return find(remote, given, about, async () => (await byName()).orgs)
}

/** A bucket of an organization. */
export function findBucket(remote: Remote, orgID: ID, given: string): Promise<NamedRecord> {
  const byName = () => remote.get<{ buckets: NamedRecord[] }>('/api/v2/buckets', { orgID, name: given })
  return find(
    remote,
    given,
    { path: '/api/v2/buckets', noun: 'bucket' },
    async () => (await byName()).buckets,
  )
}

/** Finds a token by its id, or by a description that no other token has. */
export async function findToken(remote: Remote, given: string): Promise<ListedToken> {
  const tokens = await listTokens(remote)
  const id = idIn(given)
  const one = tokens.find((token) => token.id === id)
  if (one) return one
  const [found, ...others] = tokens.filter(({ description }) => description === given)
  if (!found) throw missing('token', given, 'sluice token list')
  if (others.length > 0) {
    const ids = [found, ...others].map((token) => token.id).join(', ')
    throw new CommandFailure(`several tokens are described as ${escaped(given)}; name one by its id: ${ids}`)
  }
  return found
}

export async function listTokens(remote: Remote, query: RemoteQuery = {}): Promise<ListedToken[]> {
  const path = '/api/v2/authorizations'
  return (await remote.get<{ authorizations: ListedToken[] }>(path, { ...query, usage: 'true' }))
    .authorizations
}

/** The named organization, or the only one that the token may read. */
export async function organizationOrOnly(remote: Remote, given: string | undefined) {
  if (given !== undefined) return findOrganization(remote, given)
  const [only, ...others] = await readAll<ListedOrganization>(remote, '/api/v2/orgs', 'orgs')
  if (!only) throw new CommandFailure('this token may read no organization; name one with --org')
  if (others.length > 0) throw new CommandFailure('there are several organizations; name one with --org')
  return only
}

async function find<T extends NamedRecord>(
  remote: Remote,
  given: string,
  { path, noun }: { path: string; noun: string },
  byName: () => Promise<T[]>,
): Promise<T> {
  const id = idIn(given)
  const byID = id && (await unlessMissing(() => remote.get<T>(`${path}/${id}`)))
  const found = byID ?? (await unlessMissing(byName))?.find(({ name }) => name === given)
  if (found) return found
  throw missing(noun, given, noun === 'organization' ? 'sluice org list' : `sluice ${noun} list`)
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined
    throw error
  }
}

function missing(noun: string, given: string, list: string): CommandFailure {
  const advice = noun === 'bucket' ? '' : `; ${list} shows those there are`
  return new CommandFailure(`there is no ${noun} ${escaped(given)} that this token may read${advice}`)
}
