/** Signing in on the command line: a command asks, a person approves it in the console, and the command gets a token. */
import { randomBytes } from 'node:crypto'
import type { Caller, RequestOrigin } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, unavailable } from '../base/errors.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import type { DeviceLoginStore } from '../records/device-login.ts'
import type { OnceStore } from '../records/once.ts'
import type { Seal } from '../second-factors/seal.ts'
import type { Sessions } from '../sessions/sessions.ts'
import {
  type AskedLogin,
  type AskedLogins,
  LOGIN_MS,
  type LoopbackLogin,
  type WhichLogin,
} from './asked-login.ts'
import type { CountLogin } from './count-login.ts'
import { createLoginDecisions } from './login-decisions.ts'
import type { LoginLimit } from './login-limit.ts'
import { createLoginRedemption, type LoginRedemption } from './login-redemption.ts'
import type { LoginScope, RightsOfLogins } from './login-rights.ts'
import type { IssueToken } from './login-token.ts'
import { createUserCode, hashOfUserCode } from './user-code.ts'

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
export interface CommandLineLogins extends LoginRedemption {
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
  const { asked, deviceLogins, now, count } = deps
  const decisions = createLoginDecisions(deps)
  const redemption = createLoginRedemption({ ...deps, decisions, requireOffered })

  function requireOffered(): void {
    if (deps.lengthMs > 0) return
    throw forbidden(
      'command-line-off',
      'this server gives the command line no tokens: command-line-token-length is 0, or ui-disabled is set',
    )
  }

  function sessionOf({ session, principal }: Caller): string {
    if (session && principal.kind === 'session') return session.keyHash
    throw forbidden('session-needed', 'a token may not approve another; use a session')
  }

  async function record(event: 'command-line.approve' | 'command-line.deny', caller: Caller, host: string) {
    const target = { type: 'command-line', name: host, userID: caller.principal.user.id }
    await deps.changes(async (change) => change.records({ event, target, caller }))
  }

  return {
    ...redemption,

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
      const back = await decisions.decide(login, which, { keyHash, scope })
      await record('command-line.approve', caller, login.host)
      count(login.kind, 'approved')
      return back
    },

    async deny(caller, which) {
      requireOffered()
      const keyHash = sessionOf(caller)
      const login = await asked.find(which, caller)
      const back = await decisions.decide(login, which, { keyHash })
      await record('command-line.deny', caller, login.host)
      count(login.kind, 'denied')
      return back
    },
  }
}

const MOST_TRIES = 5
