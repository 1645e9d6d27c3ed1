/** For tests: the domain as `compose.ts` puts it together, on real stores in memory, with a clock to move. */
import assert from 'node:assert/strict'
import { createAudit } from './domain/audit/audit.ts'
import { createAuditBatches } from './domain/audit/audit-batches.ts'
import type { AuditEvent, AuditFilter } from './domain/audit/audit-event.ts'
import { createAuditTrail } from './domain/audit/audit-trail.ts'
import { createAuthorizations } from './domain/authorizations/authorizations.ts'
import { createTokenUsage } from './domain/authorizations/token-usage.ts'
import { createBuckets } from './domain/buckets/buckets.ts'
import { createChanges } from './domain/changes.ts'
import { createGuessGuard } from './domain/guessing/guess-guard.ts'
import { DEFAULT_GUESS_LIMITS, type GuessLimits } from './domain/guessing/guess-limits.ts'
import { createKnownAddresses } from './domain/guessing/known-addresses.ts'
import { createMemoryGuessCounters } from './domain/guessing/memory-guess-counters.ts'
import { createIdGenerator, type Id } from './domain/id.ts'
import type { Log } from './domain/log.ts'
import { INSTANCE_ID } from './domain/memberships/membership.ts'
import { createMemberships } from './domain/memberships/memberships.ts'
import { createOrganizations } from './domain/organizations/organizations.ts'
import { commonPasswords } from './domain/passwords/common-passwords.ts'
import { failClosed } from './domain/passwords/fail-closed-hasher.ts'
import { createPasswordHasher } from './domain/passwords/password-hasher.ts'
import { createPasswordPolicy, type PasswordRule } from './domain/passwords/password-policy.ts'
import { createPasswords } from './domain/passwords/passwords.ts'
import type { PermissionInput } from './domain/permissions/permission.ts'
import type { Caller, Principal } from './domain/principals/principal.ts'
import { createPrincipals } from './domain/principals/principals.ts'
import { ALONE } from './domain/principals/stamps.ts'
import { createSecret, hashSecret } from './domain/secrets.ts'
import { createFreshness } from './domain/sessions/freshness.ts'
import type { Session } from './domain/sessions/session.ts'
import { expiryOf } from './domain/sessions/session-expiry.ts'
import { createSessionTerms } from './domain/sessions/session-terms.ts'
import { createSessions } from './domain/sessions/sessions.ts'
import {
  createSignIn,
  type Deployment,
  type SignInOutcome,
  type SignInRequest,
} from './domain/sessions/sign-in.ts'
import { createSignOuts } from './domain/sessions/sign-outs.ts'
import { createSetup } from './domain/setup/setup.ts'
import { createUsers } from './domain/users/users.ts'
import { createMemorySessionStore } from './store/memory/session-store.ts'
import { openMemoryStore } from './store/sqlite/open.ts'
import { CHEAP_PASSWORDS } from './test-password-cost.ts'

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

export interface WorldOptions {
  readonly deployment?: Deployment
  readonly lengthMs?: number
  readonly maxLengthMs?: number
  /** 0 is none. */
  readonly rememberLengthMs?: number
  readonly renew?: boolean
  /** How many sessions a user may have; 0 is no limit. */
  readonly sessionLimit?: number
  readonly policy?: PasswordRule
  /** How long a sign-in is fresh; 0 asks for none. */
  readonly freshMs?: number
  readonly maxTokenLengthMs?: number
  readonly limits?: Partial<GuessLimits>
}

export async function createWorld(options: WorldOptions = {}) {
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
  const ids = createIdGenerator({ now, node: 7 })
  const argon = createPasswordHasher({ concurrency: 2, queue: 100, cost: CHEAP_PASSWORDS })
  /** What the hasher was asked, in order: whether with a stored hash or without. */
  const verified: ('hash' | 'nothing')[] = []
  const hasher = failClosed(
    {
      ...argon,
      verify(password, stored, lane) {
        verified.push(stored === undefined ? 'nothing' : 'hash')
        return argon.verify(password, stored, lane)
      },
    },
    log,
  )
  const policy = createPasswordPolicy({ policy: options.policy ?? 'none', commonPasswords })
  const terms = createSessionTerms({
    lengthMs: options.lengthMs ?? 600_000,
    maxLengthMs: options.maxLengthMs ?? 12 * 3600_000,
    rememberLengthMs: options.rememberLengthMs ?? 0,
    renew: options.renew ?? true,
  })
  const freshness = createFreshness({ now, freshMs: options.freshMs ?? 0 })
  const guard = createGuessGuard({
    counters: createMemoryGuessCounters(),
    limits: { ...DEFAULT_GUESS_LIMITS, ...options.limits },
    now,
  })
  const known = createKnownAddresses({ ...store, now })

  const batches = createAuditBatches({ append: store.audit.append, ids, now, log, sink: undefined })
  const trail = createAuditTrail({ batches, ids, now, log, sink: undefined })
  const overdue = new Set<string>()
  function onExpired(session: Session): void {
    if (session.remembered) overdue.add(session.keyHash)
    batches.add(expiryOf(session))
  }
  const sessionStore = createMemorySessionStore({ now, onExpired })
  const tokenUsage = createTokenUsage({ write: store.authorizations.noteUse, log })
  const principals = createPrincipals({ ...store, now, noteUse: tokenUsage.note, stamps: undefined })
  const changes = createChanges({ store, principals, sessionStore, audit: trail, stamps: undefined })
  const signOuts = createSignOuts({ changes, terms, now, log })
  const sessions = createSessions({
    ...store,
    store: sessionStore,
    signOuts,
    principals,
    changes,
    terms,
    now,
    onExpired,
    overdue,
  })
  const common = { ids, now, changes, freshness }

  const services = {
    audit: createAudit({ ...store, batches }),
    authorizations: createAuthorizations({
      ...common,
      records: store,
      maxLengthMs: options.maxTokenLengthMs,
    }),
    buckets: createBuckets({ ...common, ...store }),
    memberships: createMemberships({ ...common, ...store }),
    organizations: createOrganizations({ ...common, ...store }),
    passwords: createPasswords({
      ...common,
      ...store,
      ...{ hasher, policy, guard, known, audit: trail },
    }),
    setup: createSetup({ ...common, records: store, hasher, policy, alwaysAllow: false }),
    signIn: createSignIn({
      ...common,
      ...store,
      ...{ hasher, policy, guard, known, sessionStore, terms, audit: trail },
      limit: options.sessionLimit ?? 0,
      deployment: options.deployment ?? 'oss',
      count: (outcome) => outcomes.push(outcome),
    }),
    users: createUsers({ ...common, ...store }),
  }

  /** Signs in, from `ORIGIN` unless more is said. */
  function enter(name: string | undefined, password: string, more: Partial<SignInRequest> = {}) {
    return services.signIn({
      credentials: { name, password: Buffer.from(password) },
      ...{ wanted: {}, remember: false, presentedKey: undefined, origin: ORIGIN },
      ...more,
    })
  }

  /** A session as a sign-in would start it, which nobody has yet. */
  async function newSession(userID: Id, more: Partial<Session> = {}) {
    const [key, at] = [createSecret(), now()]
    const { instanceGeneration = 0, userGeneration = 0 } = (await store.sessionEnds.ofUser(userID)) ?? {}
    const session: Session = {
      keyHash: hashSecret(key),
      ...{ userID, orgID: undefined, createdAt: at, lastUsedAt: at, cookieSentAt: at },
      ...{ address: ORIGIN.address, userAgent: ORIGIN.userAgent, remembered: false },
      ...{ instanceGeneration, userGeneration },
      expiresAt: terms.firstEnd(at, more.remembered ?? false),
      ...more,
    }
    return { key, session }
  }

  async function startSession(userID: Id, more: Partial<Session> = {}) {
    const { key, session } = await newSession(userID, more)
    if (session.remembered) await store.rememberedSessions.add(session)
    await sessionStore.add(session)
    return { key, session, expiresAt: session.expiresAt }
  }

  /** Who comes with a session in its next request. */
  async function asSession(key: string): Promise<Caller> {
    const { principal, session } = await sessions.authenticate(key, false)
    return { principal, session, origin: ORIGIN }
  }

  /** All that the audit log holds, the oldest first. */
  async function audited(filter: AuditFilter = {}): Promise<AuditEvent[]> {
    await batches.flush()
    return store.audit.list(filter, { limit: 1000, offset: 0, descending: false })
  }

  /** The principal of a session that the user might start now. */
  async function ofUser(userID: Id, orgID?: Id) {
    const { session } = await newSession(userID, { orgID })
    return principals.ofSession(session, ALONE)
  }

  /** Who a user is in its next request by session. */
  async function asUser(userID: Id, confinedTo?: Id): Promise<Caller> {
    const principal = await ofUser(userID, confinedTo)
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
    ...{ clock, lines, log, outcomes, verified, store, sessionStore, ids, hasher, policy, guard, terms },
    ...{ principals, changes, sessions, signOuts, tokenUsage, batches, trail, audited, enter, startSession },
    ...{ overdue, onExpired, ofUser, asUser, asToken, asSession, addUser, addOperator, addToken },
  }
}

/** A caller who has exactly these permissions and is nobody in the store. */
export function callerWith(permissions: Principal['permissions'], userID: Id = NOBODY): Caller {
  return {
    principal: { kind: 'token', user: { id: userID, name: 'somebody', status: 'active' }, permissions },
    origin: ORIGIN,
  }
}
