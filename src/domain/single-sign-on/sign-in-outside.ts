/** Sign-in of somebody whom a provider or a directory has authenticated. */
import type { RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, SluiceError, unauthorized } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Change } from '../changes.ts'
import type { LinkedIdentityStore, OutsideIdentity } from '../records/outside-identity.ts'
import type { PasswordStore } from '../records/password-store.ts'
import type { Authentication, OutsideMethod, OutsideOfSession } from '../records/session.ts'
import type { User } from '../records/user.ts'
import type { ConfinementOf, WantedOrganization } from '../sign-in/confinement.ts'
import type { DueFactor } from '../sign-in/due-factor.ts'
import type { CountSignIn, SignInOutcome } from '../sign-in/sign-in-report.ts'
import type { StartedSession, StartSession } from '../sign-in/start-session.ts'
import { type AdmitOutside, nameThere } from './admit-outside.ts'
import type { EndOutside } from './end-outside.ts'
import type { ProvideMemberships } from './provide-memberships.ts'
import { type ProviderRules, saysTwoFactors } from './provider-rules.ts'

export interface OutsideSignInRequest {
  /** Verified: every signature, password and time was checked before. */
  readonly identity: OutsideIdentity
  readonly method: OutsideMethod
  readonly rules: ProviderRules
  readonly wanted: WantedOrganization
  /** `false` for a provider that does not report changes of groups. */
  readonly remember: boolean
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
  /** The session at the provider, and when this one ends at the latest. */
  readonly session?: Pick<OutsideOfSession, 'sid' | 'endsAt'> | undefined
  /** What to keep with the identity, such as a sealed refresh token; undefined keeps what is there. */
  readonly data?: string | undefined
}

export interface OutsideSession extends StartedSession {
  readonly user: User
}

/**
 * Finds or makes the user, sets what the groups give, and starts a session. Throws `forbidden` with the reason
 * `outside-not-allowed`, `outside-no-name` or `user-inactive`, `conflict` with `name-taken`, and `SecondFactorDueError`,
 * whose pending sign-in goes on as one by password does. Each refusal is audited and counted here.
 */
export type SignInOutside = (request: OutsideSignInRequest) => Promise<OutsideSession>

const OUTCOMES: Readonly<Record<string, SignInOutcome>> = {
  'outside-not-allowed': 'not-allowed',
  'outside-no-name': 'no-name',
  'name-taken': 'name-taken',
  'identity-taken': 'refused',
  'user-inactive': 'inactive',
  'wrong-credentials': 'no-organization',
}

export function createSignInOutside(deps: {
  admitOutside: AdmitOutside
  provideMemberships: ProvideMemberships
  endOutside: EndOutside
  linkedIdentities: Pick<LinkedIdentityStore, 'find'>
  passwords: Pick<PasswordStore, 'get'>
  dueFactor: DueFactor
  confinementOf: ConfinementOf
  startSession: StartSession
  audit: Pick<AuditTrail, 'refuse'>
  count: CountSignIn
  now: Clock
  log: Pick<Log, 'warn'>
}): SignInOutside {
  /** Counts and audits a refusal, with its reason in the name of the target; passes failures of the server on. */
  function refuse(error: unknown, { identity, method, origin }: OutsideSignInRequest, user?: User): unknown {
    const outcome = error instanceof SluiceError && error.reason ? OUTCOMES[error.reason] : undefined
    if (!(error instanceof SluiceError) || outcome === undefined) return error
    deps.count(outcome, method)
    const { provider, issuer, subject } = identity
    deps.log.warn('a sign-in through a provider was refused', {
      ...{ provider, issuer, subject, reason: error.reason, userID: user?.id },
    })
    const target = user
      ? { type: 'user', id: user.id, name: user.name }
      : { type: 'identity', name: `${provider}: ${error.reason}` }
    return deps.audit.refuse(error, { event: 'signin', actor: { userID: user?.id }, target, origin })
  }

  async function admit(request: OutsideSignInRequest): Promise<User> {
    const { identity, rules, origin } = request
    try {
      return await deps.admitOutside(identity, rules, origin)
    } catch (error) {
      const isOut = error instanceof SluiceError && error.reason === 'outside-not-allowed'
      // Somebody known who is no longer let in must not go on by the sessions and tokens of before.
      if (isOut && (await deps.linkedIdentities.find(identity))) {
        await deps.endOutside({ identity }, 'not-allowed', origin)
      }
      throw refuse(error, request)
    }
  }

  /** `one-factor` unless somebody answers for a second one. */
  function levelOf({ identity, rules }: OutsideSignInRequest): Authentication['level'] {
    if (rules.secondFactor === 'provider') return 'two-factors'
    return rules.secondFactor === 'amr' && saysTwoFactors(identity.methods) ? 'two-factors' : 'one-factor'
  }

  async function confirm(change: Change, current: User | undefined, request: OutsideSignInRequest) {
    const { identity, data } = request
    if (current?.status !== 'active') {
      throw current ? forbidden('user-inactive', 'User is inactive') : unauthorized('wrong-credentials')
    }
    // It may have been unlinked meanwhile.
    const link = await change.linkedIdentities.find(identity)
    if (link?.userID !== current.id)
      throw forbidden('outside-not-allowed', 'the identity was unlinked just now')
    const { provider, names } = identity
    await change.linkedIdentities.noteSignIn(identity, {
      provider,
      nameThere: nameThere(names),
      at: deps.now(),
    })
    if (data !== undefined) await change.linkedIdentities.setData(identity, data)
    if (levelOf(request) === 'two-factors') return
    if (!(await deps.dueFactor.confirmNone(change, current.id))) throw unauthorized('wrong-credentials')
  }

  return async (request) => {
    const { identity, method, rules, wanted, remember, presentedKeys, origin } = request
    const user = await admit(request)
    const started = async (): Promise<StartedSession> => {
      if (user.status !== 'active') throw forbidden('user-inactive', 'User is inactive')
      await deps.provideMemberships(user.id, identity, rules, origin)
      const orgID = await deps.confinementOf(user.id, wanted)
      const { provider, issuer, subject } = identity
      const authentication = {
        method,
        // Without a time the sign-in counts as recent for nothing: the provider may have asked for nothing.
        authenticatedAt: identity.authenticatedAt ?? 0,
        outside: { provider, issuer, subject, ...request.session },
      }
      const level = levelOf(request)
      const passwordHash = (await deps.passwords.get(user.id))?.hash
      const begun = { userID: user.id, orgID, remember, passwordHash, outside: authentication }
      const due = level === 'two-factors' ? undefined : await deps.dueFactor.of(begun)
      if (due) {
        deps.count('second-factor-due', method)
        throw due
      }
      return deps.startSession({
        ...{ userID: user.id, orgID, remember, presentedKeys, origin },
        authentication: { ...authentication, level },
        confirm: (change, current) => confirm(change, current, request),
      })
    }
    try {
      const session = await started()
      deps.count('success', method)
      return { ...session, user }
    } catch (error) {
      throw refuse(error, request, user)
    }
  }
}
