/** Signing in on the command line: a command asks, a person approves it in the console, and the command gets a token. */
import { randomBytes } from 'node:crypto'
import type { Caller, RequestOrigin } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, invalid, SluiceError, unavailable } from '../base/errors.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import type { DeviceLoginStore } from '../records/device-login.ts'
import type { OnceStore } from '../records/once.ts'
import type { Seal, SealPurpose } from '../second-factors/seal.ts'
import type { ActiveSession, Sessions } from '../sessions/sessions.ts'
import {
  type AskedLogin,
  type AskedLogins,
  CLOCKS_DIFFER_MS,
  isFresh,
  isVerifierOf,
  LOGIN_MS,
  type LoopbackLogin,
  loginInvalid,
  type WhichLogin,
} from './asked-login.ts'
import type { LoginLimit } from './login-limit.ts'
import type { LoginScope, RightsOfLogins } from './login-rights.ts'
import type { IssueToken, LoginToken } from './login-token.ts'
import { createUserCode, hashOfUserCode } from './user-code.ts'

/** How long the code in the address of the loopback page counts (RFC 6749, 4.1.2, has ten minutes at most). */
const CODE_MS = 60_000

/** What happened, for metrics. */
export type LoginOutcome = 'begun' | 'approved' | 'denied' | 'issued' | 'refused'
export type CountLogin = (way: AskedLogin['kind'], outcome: LoginOutcome) => void

export interface BegunLoopback {
  /** For the page on which the person decides. */
  readonly request: string
  readonly expiresAt: number
}

export interface BegunDevice {
  /** The device asks with it and keeps it secret. */
  readonly deviceCode: string
  /** The code as it is shown to the person. */
  readonly userCode: string
  readonly lengthMs: number
}

export interface ShownLogin {
  readonly login: AskedLogin
  readonly choices: Awaited<ReturnType<RightsOfLogins['choices']>>
  /** When it must be decided: milliseconds since 1970. */
  readonly expiresAt: number
  /** How long the token lasts. */
  readonly lengthMs: number
}

/** Every method but `redeem` and `poll` needs a session of the person who decides, or begins something. */
export interface CommandLineLogins {
  beginLoopback(
    asked: Pick<LoopbackLogin, 'host' | 'redirectUri' | 'state' | 'challenge'>,
    origin: RequestOrigin,
  ): Promise<BegunLoopback>
  beginDevice(asked: Pick<AskedLogin, 'host'>, origin: RequestOrigin): Promise<BegunDevice>
  /** What the person decides about. Throws `invalid` with `login-invalid`. */
  look(caller: Caller, which: WhichLogin): Promise<ShownLogin>
  /**
   * Approves it, once. Returns where the browser goes, to a command on the same machine; undefined for a device.
   * Throws `forbidden` for a token, without a recent sign-in, and for more than the caller may.
   */
  approve(caller: Caller, which: WhichLogin, scope: LoginScope): Promise<string | undefined>
  /** Refuses it; returns the same. */
  deny(caller: Caller, which: WhichLogin): Promise<string | undefined>
  /** The token for the code that the browser brought. Throws `invalid` with `login-invalid`. */
  redeem(code: string, verifier: string, origin: RequestOrigin): Promise<LoginToken>
  /**
   * The token of an approved device. Throws `invalid` with `authorization-pending`, `slow-down`, `expired-token` or
   * `access-denied` (RFC 8628, 3.5).
   */
  poll(deviceCode: string, origin: RequestOrigin): Promise<LoginToken>
}

/** What the person decided. */
interface Decision {
  /**
   * The key hash of the approving session: the token has its rights, and none is issued after that session has ended.
   */
  readonly keyHash: string
  /** Undefined if they refused. */
  readonly scope?: LoginScope | undefined
  readonly host: string
  /**
   * The PKCE challenge, or the hash of the device's secret: only the command that knows the matching secret gets the
   * token.
   */
  readonly boundTo: string
  readonly at: number
}

export function createCommandLineLogins(deps: {
  asked: AskedLogins
  rights: RightsOfLogins
  issueToken: IssueToken
  limit: LoginLimit
  deviceLogins: DeviceLoginStore
  once: OnceStore
  sessions: Pick<Sessions, 'ofHash'>
  seal: Seal
  freshness: Freshness
  changes: Changes
  audit: Pick<AuditTrail, 'refuse'>
  count: CountLogin
  /** How long its tokens last at the most; 0 if the settings give the command line none. */
  lengthMs: number
  now: Clock
}): CommandLineLogins {
  const { asked, once, deviceLogins, now, count } = deps

  function requireOffered(): void {
    if (deps.lengthMs > 0) return
    throw forbidden(
      'command-line-off',
      'this server gives the command line no tokens: command-line-token-length is 0, or ui-disabled is set',
    )
  }

  async function open(purpose: SealPurpose, sealed: string, lengthMs: number): Promise<Decision> {
    const text = await deps.seal.open(purpose, sealed)
    const decision = text === undefined ? undefined : (JSON.parse(text) as Decision)
    if (!decision || !isFresh(decision, now(), lengthMs)) throw loginInvalid()
    return decision
  }

  /** Records the decision where the command finds it; throws `login-invalid` for one that was decided before. */
  async function decide(
    login: AskedLogin,
    which: WhichLogin,
    decision: Pick<Decision, 'keyHash' | 'scope'>,
  ): Promise<string | undefined> {
    const sealed = (purpose: SealPurpose, boundTo: string) =>
      deps.seal.seal(purpose, JSON.stringify({ ...decision, host: login.host, boundTo, at: now() }))
    if (login.kind === 'device') {
      const { codeHash, deviceHash } = login
      if (await deviceLogins.decide(codeHash, await sealed('login-decision', deviceHash))) return undefined
      throw loginInvalid()
    }
    const claimed = `login ${hashSecret(which.request ?? '')}`
    if (!(await once.claim(claimed, LOGIN_MS + CLOCKS_DIFFER_MS))) throw loginInvalid()
    const back = new URL(login.redirectUri)
    if (decision.scope) back.searchParams.set('code', await sealed('login-code', login.challenge))
    else back.searchParams.set('error', 'access_denied')
    back.searchParams.set('state', login.state)
    return back.href
  }

  function sessionOf({ session, principal }: Caller): string {
    if (session && principal.kind === 'session') return session.keyHash
    throw forbidden('session-needed', 'a token may not approve another; use a session')
  }

  /** The decision is of a session, so that a token follows only while its person is signed in and active. */
  async function issue(decision: Decision, origin: RequestOrigin): Promise<LoginToken> {
    const { keyHash, scope, host } = decision
    if (!scope) throw loginInvalid()
    let session: ActiveSession
    try {
      session = await deps.sessions.ofHash(keyHash)
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'unauthorized') throw loginInvalid({ cause: error })
      throw error
    }
    const { mustChangePassword, mustEnrol } = session.principal
    if (mustChangePassword || mustEnrol) throw loginInvalid()
    return deps.issueToken(session, { host, scope, origin })
  }

  /** Counts what came of it; a refusal is in the audit log. */
  async function counted(
    way: AskedLogin['kind'],
    origin: RequestOrigin,
    act: () => Promise<LoginToken>,
  ): Promise<LoginToken> {
    try {
      const token = await act()
      count(way, 'issued')
      return token
    } catch (error) {
      if (!(error instanceof SluiceError) || !REFUSALS.has(error.reason ?? '')) throw error
      count(way, 'refused')
      throw deps.audit.refuse(error, {
        ...{ event: 'command-line.token', actor: {}, origin },
        target: { type: 'command-line', name: way },
      })
    }
  }

  async function record(event: 'command-line.approve' | 'command-line.deny', caller: Caller, host: string) {
    const target = { type: 'command-line', name: host, userID: caller.principal.user.id }
    await deps.changes(async (change) => change.records({ event, target, caller }))
  }

  return {
    async beginLoopback({ host, redirectUri, state, challenge }, { address }) {
      requireOffered()
      const at = now()
      const login = { kind: 'loopback', host, redirectUri, state, challenge, address, at } as const
      count('loopback', 'begun')
      return { request: await asked.seal(login), expiresAt: at + LOGIN_MS }
    },

    async beginDevice({ host }, { address }) {
      requireOffered()
      await deps.limit(address)
      const secret = randomBytes(32).toString('base64url')
      const deviceHash = hashSecret(secret)
      const login = { kind: 'device', host, address, at: now(), deviceHash } as const
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const userCode = createUserCode()
        const codeHash = hashOfUserCode(userCode)
        const sealed = await asked.seal({ ...login, codeHash })
        if (await deviceLogins.add({ codeHash, deviceHash, asked: sealed }, LOGIN_MS)) {
          count('device', 'begun')
          return { deviceCode: `${secret}.${codeHash}`, userCode, lengthMs: LOGIN_MS }
        }
      }
      throw unavailable('no free code was found; try again')
    },

    async look(caller, which) {
      requireOffered()
      sessionOf(caller)
      const login = await asked.find(which, caller)
      const choices = await deps.rights.choices(caller.principal)
      return { login, choices, expiresAt: login.at + LOGIN_MS, lengthMs: deps.lengthMs }
    },

    async approve(caller, which, scope) {
      requireOffered()
      const keyHash = sessionOf(caller)
      deps.freshness.require(caller, 'command-line.approve')
      const login = await asked.find(which, caller)
      // Now, so that the person sees what is wrong; and again when the token is made.
      await deps.rights.of(caller.principal, scope)
      const back = await decide(login, which, { keyHash, scope })
      await record('command-line.approve', caller, login.host)
      count(login.kind, 'approved')
      return back
    },

    async deny(caller, which) {
      requireOffered()
      const keyHash = sessionOf(caller)
      const login = await asked.find(which, caller)
      const back = await decide(login, which, { keyHash })
      await record('command-line.deny', caller, login.host)
      count(login.kind, 'denied')
      return back
    },

    redeem: (code, verifier, origin) =>
      counted('loopback', origin, async () => {
        requireOffered()
        const decision = await open('login-code', code, CODE_MS)
        if (!isVerifierOf(decision.boundTo, verifier)) throw loginInvalid()
        const claimed = `login code ${hashSecret(code)}`
        if (!(await once.claim(claimed, CODE_MS + CLOCKS_DIFFER_MS))) throw loginInvalid()
        return issue(decision, origin)
      }),

    poll: (deviceCode, origin) =>
      counted('device', origin, async () => {
        requireOffered()
        const [secret = '', codeHash = ''] = deviceCode.split('.')
        const deviceHash = hashSecret(secret)
        const answer = await deviceLogins.poll({ codeHash, deviceHash })
        if (answer.kind !== 'decided') {
          const [message, reason] = WAITING[answer.kind]
          throw invalid(message, { reason })
        }
        const decision = await open('login-decision', answer.decision, LOGIN_MS)
        if (decision.boundTo !== deviceHash) throw loginInvalid()
        if (!decision.scope) throw invalid('the request was refused', { reason: 'access-denied' })
        return issue(decision, origin)
      }),
  }
}

const MOST_TRIES = 5
const REFUSALS: ReadonlySet<string> = new Set(['login-invalid', 'access-denied', 'beyond-own-rights'])

const WAITING = {
  pending: ['nobody has approved it yet', 'authorization-pending'],
  'slow-down': ['ask less often: 5 seconds longer than before', 'slow-down'],
  unknown: ['the code has expired or was used; begin again', 'expired-token'],
} as const
