/** For tests: the domain as the server composes it, on real stores in memory, with a movable clock. */
import assert from 'node:assert/strict'
import { composeAudit } from '../../src/compose/audit.ts'
import type { DirectoryLink } from '../../src/compose/directory.ts'
import { composeDomain } from '../../src/compose/domain.ts'
import type { UpstreamLink } from '../../src/compose/upstream-link.ts'
import type { SsoTokens } from '../../src/domain/access/bounded-tokens.ts'
import type { Deployment } from '../../src/domain/access/confinement.ts'
import type { Caller, Principal } from '../../src/domain/access/principal.ts'
import type { SecondFactorRule } from '../../src/domain/access/required-factor.ts'
import { createIDGenerator, type ID } from '../../src/domain/base/id.ts'
import type { Log } from '../../src/domain/base/log.ts'
import { createSecret, hashSecret } from '../../src/domain/base/secrets.ts'
import { DEFAULT_GUESS_LIMITS, type GuessLimits } from '../../src/domain/guessing/guess-limits.ts'
import { commonPasswords } from '../../src/domain/passwords/common-passwords.ts'
import { failClosed } from '../../src/domain/passwords/fail-closed-hasher.ts'
import { createPasswordHasher } from '../../src/domain/passwords/password-hasher.ts'
import { createPasswordPolicy, type PasswordRule } from '../../src/domain/passwords/password-policy.ts'
import type { AuditEvent, AuditFilter } from '../../src/domain/records/audit-event.ts'
import { INSTANCE_ID } from '../../src/domain/records/membership.ts'
import type { PermissionInput } from '../../src/domain/records/permission.ts'
import type { Session } from '../../src/domain/records/session.ts'
import { ALONE } from '../../src/domain/records/stamps.ts'
import type { RelyingParty } from '../../src/domain/second-factors/relying-party.ts'
import type { InvitationRule } from '../../src/domain/self-service/invitations.ts'
import type { Mail } from '../../src/domain/self-service/outbox.ts'
import { createSessionTerms } from '../../src/domain/sessions/session-terms.ts'
import type { LocalSignInRule } from '../../src/domain/sign-in/local-sign-in.ts'
import type { SignInRequest } from '../../src/domain/sign-in/password-sign-in.ts'
import type { SignInOutcome } from '../../src/domain/sign-in/sign-in-report.ts'
import type { TokensWhenGone } from '../../src/domain/single-sign-on/end-outside.ts'
import { createMemoryDeviceLogins } from '../../src/store/memory/device-logins.ts'
import { createMemoryGuessCounters } from '../../src/store/memory/guess-counters.ts'
import { createMemoryOnce } from '../../src/store/memory/once.ts'
import { createMemorySessionStore } from '../../src/store/memory/session-store.ts'
import { createThrottledList } from '../../src/store/memory/throttled-list.ts'
import { openMemoryStore } from '../../src/store/sqlite/open.ts'
import { CHEAP_PASSWORDS } from './password-cost.ts'
import { byPassword } from './session.ts'

export const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
export const ORIGIN = { requestID: 'r-1', address: '192.0.2.7', userAgent: 'test' }
/** An id that no record has. */
export const NOBODY = 'ffffffffffff0001' as ID

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
  /** 0 disables it. */
  readonly rememberLengthMs?: number
  readonly renew?: boolean
  /** The most sessions of one user; 0 for no limit. */
  readonly sessionLimit?: number
  readonly policy?: PasswordRule
  /** How long a sign-in counts as recent; 0 disables the check. */
  readonly freshMs?: number
  readonly maxTokenLengthMs?: number
  /** How long tokens of the command line last; 0 for none, 12 hours by default. */
  readonly commandLineMs?: number
  readonly limits?: Partial<GuessLimits>
  /** Who must have a second factor; off by default. */
  readonly secondFactor?: SecondFactorRule
  /** As whom passkeys are asked for. Without it there are none. */
  readonly relyingParty?: RelyingParty
  /** What tokens of users with an identity give; bounded by default. */
  readonly ssoTokens?: SsoTokens
  readonly tokensWhenGone?: TokensWhenGone
  /** Who may sign in with a password; all by default. */
  readonly localSignIn?: LocalSignInRule
  readonly localNames?: readonly string[]
  /** Sign-ins without a required factor. */
  readonly grace?: number
  /** Who may invite. Default: owners. */
  readonly invitations?: InvitationRule
  /** Whether there is no mail server. */
  readonly withoutMail?: boolean
  /** What changes first. Default: nothing. */
  readonly upstream?: Pick<UpstreamLink, 'identities' | 'setup'> | undefined
  /** Whose passwords count beside those of the world. */
  readonly directory?: DirectoryLink | undefined
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
  const mails: Mail[] = []
  const counted: string[] = []

  const { now } = clock
  const store = await openMemoryStore()
  const ids = createIDGenerator({ now, node: 7 })
  const argon = createPasswordHasher({ concurrency: 2, queue: 100, cost: CHEAP_PASSWORDS })
  /** The hasher's calls in order: with a stored hash or without. */
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
  const audit = composeAudit({ store, ids, now, log, sink: undefined, recordsData: true })
  const { batches, trail, expiredUnpersisted, onExpired } = audit
  const dataTrail = audit.data ?? assert.fail('the world records the use of data')
  const sessionStore = createMemorySessionStore({ now, onExpired })
  const throttledList = createThrottledList({ now })
  const deviceLogins = createMemoryDeviceLogins({ now })
  const domain = composeDomain({
    ...{ store, ids, now, log, hasher, policy, terms, audit },
    backend: {
      ...{ sessionStore, counters: createMemoryGuessCounters(), throttled: throttledList },
      ...{ once: createMemoryOnce({ now }), deviceLogins },
      ...{ stamps: undefined, ownStamp: undefined, problem: () => undefined, close: async () => {} },
    },
    upstream: options.upstream,
    directory: options.directory,
    options: {
      freshMs: options.freshMs ?? 0,
      maxTokenLengthMs: options.maxTokenLengthMs,
      guessLimits: { ...DEFAULT_GUESS_LIMITS, ...options.limits },
      alwaysAllowSetup: false,
      deployment: options.deployment ?? 'oss',
      sessionLimit: options.sessionLimit ?? 0,
      countSignIn: (outcome) => outcomes.push(outcome),
      ssoTokens: options.ssoTokens ?? 'bounded',
      tokensWhenGone: options.tokensWhenGone ?? 'off-when-gone',
      localSignIn: { rule: options.localSignIn ?? 'all', names: options.localNames ?? [] },
      secondFactor: { rule: options.secondFactor ?? 'off', grace: options.grace ?? 0 },
      passkeys: { relyingParty: options.relyingParty ?? 'needs-public-url', alone: true },
      ...{ secretKeys: undefined, factorIssuer: 'Sluice' },
      commandLine: {
        lengthMs: options.commandLineMs ?? 12 * 3600_000,
        countLogin: (way, outcome) => counted.push(`login ${way} ${outcome}`),
      },
      selfService: {
        ...{ invitations: options.invitations ?? 'owners', invitationLengthMs: 72 * 3600_000 },
        passwordLinkLengthMs: 3600_000,
        linkAddress: (purpose, secret) => `https://id.example.com/${purpose}#${secret}`,
        mailer: options.withoutMail ? undefined : { send: async (mail) => void mails.push(mail) },
        countLink: (purpose, outcome) => counted.push(`link ${purpose} ${outcome}`),
        countMail: (purpose, outcome) => counted.push(`mail ${purpose} ${outcome}`),
      },
    },
  })
  const { principals, changes, sessions, tokenUsage, guard } = domain

  /** Signs in, from `ORIGIN` by default. */
  function enter(name: string | undefined, password: string, more: Partial<SignInRequest> = {}) {
    return domain.signIn({
      credentials: { name, password: Buffer.from(password) },
      ...{ wanted: {}, remember: false, presentedKeys: [], origin: ORIGIN },
      ...more,
    })
  }

  /** A session as a sign-in would start it, not yet in the store. */
  async function newSession(userID: ID, more: Partial<Session> = {}) {
    const [key, at] = [createSecret(), now()]
    const { instanceGeneration = 0, userGeneration = 0 } = (await store.sessionEnds.ofUser(userID)) ?? {}
    const session: Session = {
      keyHash: hashSecret(key),
      ...{ userID, orgID: undefined, createdAt: at, lastUsedAt: at, cookieSentAt: at },
      ...{ address: ORIGIN.address, userAgent: ORIGIN.userAgent, remembered: false },
      ...{ instanceGeneration, userGeneration, ...byPassword(at) },
      expiresAt: terms.firstEnd(at, more.remembered ?? false),
      ...more,
    }
    return { key, session }
  }

  async function startSession(userID: ID, more: Partial<Session> = {}) {
    const { key, session } = await newSession(userID, more)
    if (session.remembered) await store.rememberedSessions.add(session)
    await sessionStore.add(session)
    return { key, session, expiresAt: session.expiresAt }
  }

  /** The caller of the next request with a session. */
  async function asSession(key: string): Promise<Caller> {
    const { principal, session } = await sessions.authenticate(key, false)
    return { principal, session, origin: ORIGIN }
  }

  /** The whole audit log, oldest first. */
  async function audited(filter: AuditFilter = {}): Promise<AuditEvent[]> {
    await audit.flush()
    return store.audit.list(filter, { limit: 1000, offset: 0, descending: false })
  }

  /** The principal of a session that the user could start now. */
  async function ofUser(userID: ID, orgID?: ID) {
    const { session } = await newSession(userID, { orgID })
    return principals.ofSession(session, ALONE)
  }

  /** The principal of a user's next request by session. */
  async function asUser(userID: ID, confinedTo?: ID): Promise<Caller> {
    const principal = await ofUser(userID, confinedTo)
    assert.ok(principal, `there is no user ${userID}`)
    return { principal, origin: ORIGIN }
  }

  /** The caller of the next request with a token. */
  async function asToken(token: string): Promise<Caller> {
    return { principal: await principals.ofToken(token), origin: ORIGIN }
  }

  /** A user without a password, created by the operator. */
  async function addUser(name: string): Promise<ID> {
    const id = ids.next()
    assert.ok(await changes((change) => change.users.add({ id, name, status: 'active' })))
    return id
  }

  /** The owner of the instance, with an organization. */
  async function addOperator(name = 'operator') {
    const userID = await addUser(name)
    // Without a password it could not act by session, and would not count as an operator.
    const hash = await argon.hash(Buffer.from(`password of ${name}`))
    await store.passwords.set(userID, { hash, mustChange: false })
    await store.memberships.add({ userID, resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' })
    const { id: orgID } = await domain.organizations.create(await asUser(userID), { name: `${name}'s` })
    return { userID, orgID, caller: await asUser(userID) }
  }

  /** A token of a user with exactly these permissions, created by the operator. */
  async function addToken(operator: Caller, userID: ID, orgID: ID, permissions: readonly PermissionInput[]) {
    const made = await domain.authorizations.create(operator, { orgID, userID, permissions })
    return { token: made.token, id: made.details.authorization.id }
  }

  return {
    ...domain,
    /** Starts a session as sign-ins do; `startSession` adds one to the store without checks. */
    startNewSession: domain.startSession,
    ...{
      clock,
      lines,
      log,
      outcomes,
      mails,
      counted,
      verified,
      store,
      sessionStore,
      deviceLogins,
      ids,
      hasher,
      policy,
      guard,
      terms,
    },
    ...{ tokenUsage, batches, trail, dataTrail, audited, enter, startSession, expiredUnpersisted, onExpired },
    ...{ ofUser, asUser, asToken, asSession, addUser, addOperator, addToken },
  }
}

/** A caller with exactly these permissions, who is no user in the store. */
export function callerWith(permissions: Principal['permissions'], userID: ID = NOBODY): Caller {
  return {
    principal: {
      ...{ kind: 'token', user: { id: userID, name: 'somebody', status: 'active' } },
      ...{ permissions, lasting: permissions },
    },
    origin: ORIGIN,
  }
}
