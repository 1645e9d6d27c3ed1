/** The lists of `sluice recovery`: users, organizations and tokens, without secrets or hashes. */

import { operatorPermissions } from '../domain/access/grants.ts'
import { compilePermissions } from '../domain/access/permission-set.ts'
import type { PageRequest } from '../domain/base/paging.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { table } from './table.ts'

type Out = Pick<NodeJS.WritableStream, 'write'>

const LIMIT = 100

async function all<T>(list: (page: PageRequest) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for (;;) {
    const some = await list({ limit: LIMIT, offset: found.length, descending: false })
    found.push(...some)
    if (some.length < LIMIT) return found
  }
}

export async function listUsers({ users }: IdentityStore, stdout: Out): Promise<void> {
  const rows = await all(users.list)
  stdout.write(table({ id: ({ id }) => id, status: ({ status }) => status, name: ({ name }) => name }, rows))
}

export async function listOrganizations({ organizations }: IdentityStore, stdout: Out): Promise<void> {
  const rows = await all(organizations.list)
  stdout.write(table({ id: ({ id }) => id, name: ({ name }) => name }, rows))
}

export async function listAuthorizations(store: IdentityStore, stdout: Out): Promise<void> {
  const rows = await store.authorizations.list({})
  const names = new Map((await all(store.users.list)).map(({ id, name }) => [id, name]))
  const columns = {
    id: ({ id }: Row) => id,
    status: ({ status }: Row) => status,
    user: ({ userID }: Row) => names.get(userID) ?? userID,
    operator: ({ permissions }: Row) => (isOperators(permissions) ? 'yes' : 'no'),
    expires: ({ expiresAt }: Row) => expiresAt ?? 'never',
    description: ({ description }: Row) => description,
  }
  stdout.write(table(columns, rows))
}

type Row = Awaited<ReturnType<IdentityStore['authorizations']['list']>>[number]

function isOperators(permissions: Row['permissions']): boolean {
  const held = compilePermissions(permissions)
  return operatorPermissions().every((each) => held.allows(each))
}
