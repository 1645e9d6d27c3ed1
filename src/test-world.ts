/** For tests: the domain as `compose.ts` puts it together, on real stores in memory, with a clock to move. */
import assert from 'node:assert/strict'
import { createAuthorizations } from './domain/authorizations/authorizations.ts'
import { createBuckets } from './domain/buckets/buckets.ts'
import { createChanges } from './domain/changes.ts'
import { createIdGenerator, type Id } from './domain/id.ts'
import type { Log } from './domain/log.ts'
import { INSTANCE_ID } from './domain/memberships/membership.ts'
import { createMemberships } from './domain/memberships/memberships.ts'
import { createOrganizations } from './domain/organizations/organizations.ts'
import { createPasswordHasher } from './domain/passwords/password-hasher.ts'
import { createPasswordPolicy } from './domain/passwords/password-policy.ts'
import { createPasswords } from './domain/passwords/passwords.ts'
import type { PermissionInput } from './domain/permissions/permission.ts'
import type { Caller, Principal } from './domain/principals/principal.ts'
import { createPrincipals } from './domain/principals/principals.ts'
import { createSessions } from './domain/sessions/sessions.ts'
import { createSignIn, type Deployment, type SignInOutcome } from './domain/sessions/sign-in.ts'
import { createSetup } from './domain/setup/setup.ts'
import { createUsers } from './domain/users/users.ts'
import { createMemorySessionStore } from './store/memory/session-store.ts'
import { openMemoryStore } from './store/sqlite/open.ts'

export const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
export const ORIGIN = { requestID: 'r-1', address: '192.0.2.7', userAgent: 'test' }
/** An id that nobody has. */
export const NOBODY = 'ffffffffffff0001' as Id

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export type World = Awaited<ReturnType<typeof createWorld>>

export async function createWorld(
  options: { deployment?: Deployment; lengthMs?: number; renew?: boolean; strong?: boolean } = {},
) {
  const clock = {
    at: START,
    now: () => clock.at,
    forward(ms: number) {
      clock.at += ms
    },
  }
  const lines: LogLine[] = []
  const writer =
    (level: LogLine['level']): Log['info'] =>
    (message, fields = {}) =>
      lines.push({ level, message, fields })
  const log: Log = { info: writer('info'), warn: writer('warn'), error: writer('error') }
  const outcomes: SignInOutcome[] = []

  const { now } = clock
  const store = await openMemoryStore()
  const sessionStore = createMemorySessionStore({ now })
  const ids = createIdGenerator({ now, node: 7 })
  const argon = createPasswordHasher({ concurrency: 2, queue: 100 })
  /** What the hasher was asked, in order: whether with a stored hash or without. */
  const verified: ('hash' | 'nothing')[] = []
  const hasher: typeof argon = {
    ...argon,
    verify(password, stored) {
      verified.push(stored === undefined ? 'nothing' : 'hash')
      return argon.verify(password, stored)
    },
  }
  const policy = createPasswordPolicy({ strong: options.strong ?? false })
  const principals = createPrincipals(store)
  const changes = createChanges({ store, principals, log })
  const sessions = createSessions({
    store: sessionStore,
    principals,
    now,
    lengthMs: options.lengthMs ?? 600_000,
    renew: options.renew ?? true,
  })
  const common = { ids, now, changes }

  const services = {
    authorizations: createAuthorizations({ ...common, records: store }),
    buckets: createBuckets({ ...common, ...store }),
    memberships: createMemberships({ ...common, ...store }),
    organizations: createOrganizations({ ...common, ...store }),
    passwords: createPasswords({ ...store, hasher, policy, changes }),
    setup: createSetup({ ...common, records: store, hasher, policy, alwaysAllow: false }),
    signIn: createSignIn({
      ...store,
      hasher,
      policy,
      sessions,
      deployment: options.deployment ?? 'oss',
      log,
      count: (outcome) => outcomes.push(outcome),
    }),
    users: createUsers({ ...common, ...store, sessions }),
  }

  /** Who a user is in its next request by session. */
  async function asUser(userID: Id, confinedTo?: Id): Promise<Caller> {
    const principal = await principals.ofUser(userID, confinedTo)
    assert.ok(principal, `there is no user ${userID}`)
    return { principal, origin: ORIGIN }
  }

  /** Who comes with a token in its next request. */
  async function asToken(token: string): Promise<Caller> {
    return { principal: await principals.ofToken(token), origin: ORIGIN }
  }

  /** A user without a password, as the first one would make it. */
  async function addUser(name: string): Promise<Id> {
    const id = ids.next()
    assert.ok(await changes((change) => change.users.add({ id, name, status: 'active' })))
    return id
  }

  /** The owner of the instance, with an organization. */
  async function addOperator(name = 'operator') {
    const userID = await addUser(name)
    await store.memberships.add({ userID, resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' })
    const { id: orgID } = await services.organizations.create(await asUser(userID), { name: `${name}'s` })
    return { userID, orgID, caller: await asUser(userID) }
  }

  /** A token of a user with exactly these permissions, which the operator makes. */
  async function addToken(operator: Caller, userID: Id, orgID: Id, permissions: readonly PermissionInput[]) {
    const made = await services.authorizations.create(operator, { orgID, userID, permissions })
    return { token: made.token, id: made.details.authorization.id }
  }

  return {
    ...services,
    ...{ clock, lines, outcomes, verified, store, sessionStore, ids, hasher, policy },
    ...{ principals, changes, sessions, asUser, asToken, addUser, addOperator, addToken },
  }
}

/** A caller who has exactly these permissions and is nobody in the store. */
export function callerWith(permissions: Principal['permissions'], userID: Id = NOBODY): Caller {
  return {
    principal: { kind: 'token', user: { id: userID, name: 'somebody', status: 'active' }, permissions },
    origin: ORIGIN,
  }
}
