/** The lists of `sluice recovery`: users, their identities, organizations and tokens, without secrets or hashes. */

import { operatorPermissions } from '../domain/access/grants.ts'
import { compilePermissions } from '../domain/access/permission-set.ts'
import type { PageRequest } from '../domain/base/paging.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { LinkedIdentity } from '../domain/records/outside-identity.ts'
import type { User } from '../domain/records/user.ts'
import { linksOfIssuer } from '../domain/single-sign-on/links-of-issuer.ts'
import type { Io } from './terminal/io.ts'
import { screenOf } from './terminal/screen.ts'
import { type Columns, table } from './terminal/table.ts'

type Out = Pick<Io, 'stdout' | 'env'>

const LIMIT = 100

const ID_COLUMN = { cell: ({ id }: { readonly id: string }) => id, fit: 'keep' } as const

async function all<T>(list: (page: PageRequest) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for (;;) {
    const some = await list({ limit: LIMIT, offset: found.length, descending: false })
    found.push(...some)
    if (some.length < LIMIT) return found
  }
}

export async function listUsers({ users }: IdentityStore, io: Out): Promise<void> {
  const rows = await all(users.list)
  io.stdout.write(
    table({ id: ID_COLUMN, status: ({ status }) => status, name: ({ name }) => name }, rows, screenOf(io)),
  )
}

export async function listOrganizations({ organizations }: IdentityStore, io: Out): Promise<void> {
  const rows = await all(organizations.list)
  io.stdout.write(table({ id: ID_COLUMN, name: ({ name }) => name }, rows, screenOf(io)))
}

/** All identities, by issuer and subject. */
export async function* identitiesOf({
  linkedIdentities,
}: Pick<IdentityStore, 'linkedIdentities'>): AsyncGenerator<LinkedIdentity, void> {
  for (const issuer of await linkedIdentities.issuers()) yield* linksOfIssuer(linkedIdentities, issuer)
}

/** @param user whose identities; undefined for those of all users */
export async function listIdentities(
  store: IdentityStore,
  io: Out,
  user: Pick<User, 'id'> | undefined,
): Promise<void> {
  const rows = user
    ? await store.linkedIdentities.ofUser(user.id)
    : await Array.fromAsync(identitiesOf(store))
  const names = new Map((await all(store.users.list)).map(({ id, name }) => [id, name]))
  const columns: Columns<LinkedIdentity> = {
    id: ID_COLUMN,
    user: ({ userID }) => names.get(userID) ?? userID,
    provider: ({ provider }) => provider,
    name: ({ nameThere }) => nameThere,
    'last sign-in': ({ lastSignInAt }) =>
      lastSignInAt === undefined ? 'never' : new Date(lastSignInAt).toISOString(),
    issuer: ({ issuer }) => issuer,
    subject: ({ subject }) => subject,
  }
  io.stdout.write(table(columns, rows, screenOf(io)))
}

export async function listAuthorizations(store: IdentityStore, io: Out): Promise<void> {
  const rows = await store.authorizations.list({})
  const names = new Map((await all(store.users.list)).map(({ id, name }) => [id, name]))
  const columns: Columns<Row> = {
    id: ID_COLUMN,
    status: ({ status }: Row) => status,
    user: ({ userID }: Row) => names.get(userID) ?? userID,
    operator: ({ permissions }: Row) => (isOperators(permissions) ? 'yes' : 'no'),
    expires: ({ expiresAt }: Row) => expiresAt ?? 'never',
    description: ({ description }: Row) => description,
  }
  io.stdout.write(table(columns, rows, screenOf(io)))
}

type Row = Awaited<ReturnType<IdentityStore['authorizations']['list']>>[number]

function isOperators(permissions: Row['permissions']): boolean {
  const held = compilePermissions(permissions)
  return operatorPermissions().every((each) => held.allows(each))
}
