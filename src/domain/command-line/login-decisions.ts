/** Records which logins a person approved or refused. The decision is sealed, so that a program that writes to the store cannot forge one. */
import type { Clock } from '../base/clock.ts'
import { hashSecret } from '../base/secrets.ts'
import type { DeviceLoginStore } from '../records/device-login.ts'
import type { OnceStore } from '../records/once.ts'
import type { Seal, SealPurpose } from '../second-factors/seal.ts'
import {
  type AskedLogin,
  CLOCKS_DIFFER_MS,
  isFresh,
  LOGIN_MS,
  loginInvalid,
  type WhichLogin,
} from './asked-login.ts'
import type { LoginScope } from './login-rights.ts'

/** What the person decided. */
export interface Decision {
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

export interface LoginDecisions {
  /** A decision that is not older than `lengthMs`; throws `login-invalid` for anything else. */
  open(purpose: SealPurpose, sealed: string, lengthMs: number): Promise<Decision>
  /**
   * Records the decision where the command finds it, and returns where the browser goes, to a command on the same
   * machine. Throws `login-invalid` for a login that was decided before.
   */
  decide(
    login: AskedLogin,
    which: WhichLogin,
    decision: Pick<Decision, 'keyHash' | 'scope'>,
  ): Promise<string | undefined>
}

export function createLoginDecisions(deps: {
  readonly deviceLogins: Pick<DeviceLoginStore, 'decide'>
  readonly once: OnceStore
  readonly seal: Seal
  readonly now: Clock
}): LoginDecisions {
  const { deviceLogins, once, now } = deps

  return {
    async open(purpose, sealed, lengthMs) {
      const text = await deps.seal.open(purpose, sealed)
      const decision = text === undefined ? undefined : (JSON.parse(text) as Decision)
      if (!decision || !isFresh(decision, now(), lengthMs)) throw loginInvalid()
      return decision
    },

    async decide(login, which, decision) {
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
    },
  }
}
