/** The end of a login: the command gets its token for a decision. */
import type { RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { invalid, SluiceError } from '../base/errors.ts'
import { hashSecret } from '../base/secrets.ts'
import type { DeviceLoginStore } from '../records/device-login.ts'
import type { OnceStore } from '../records/once.ts'
import type { ActiveSession } from '../sessions/session-admission.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { type AskedLogin, CLOCKS_DIFFER_MS, isVerifierOf, LOGIN_MS, loginInvalid } from './asked-login.ts'
import type { CountLogin } from './count-login.ts'
import type { Decision, LoginDecisions } from './login-decisions.ts'
import type { IssueToken, LoginToken } from './login-token.ts'

/** How long the code in the address of the loopback page counts (RFC 6749, 4.1.2, has ten minutes at most). */
const CODE_MS = 60_000

export interface LoginRedemption {
  /** The token for the code that the browser brought. Throws `invalid` with `login-invalid`. */
  redeem(code: string, verifier: string, origin: RequestOrigin): Promise<LoginToken>
  /**
   * The token of an approved device. Throws `invalid` with `authorization-pending`, `slow-down`, `expired-token` or
   * `access-denied` (RFC 8628, 3.5).
   */
  poll(deviceCode: string, origin: RequestOrigin): Promise<LoginToken>
}

export function createLoginRedemption(deps: {
  readonly decisions: Pick<LoginDecisions, 'open'>
  readonly issueToken: IssueToken
  readonly deviceLogins: Pick<DeviceLoginStore, 'poll'>
  readonly once: OnceStore
  readonly sessions: Pick<Sessions, 'ofHash'>
  readonly audit: Pick<AuditTrail, 'refuse'>
  readonly count: CountLogin
  /** Throws if this server gives the command line no tokens. */
  readonly requireOffered: () => void
}): LoginRedemption {
  const { decisions, deviceLogins, once, count, requireOffered } = deps

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

  return {
    redeem: (code, verifier, origin) =>
      counted('loopback', origin, async () => {
        requireOffered()
        const decision = await decisions.open('login-code', code, CODE_MS)
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
        const decision = await decisions.open('login-decision', answer.decision, LOGIN_MS)
        if (decision.boundTo !== deviceHash) throw loginInvalid()
        if (!decision.scope) throw invalid('the request was refused', { reason: 'access-denied' })
        return issue(decision, origin)
      }),
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['login-invalid', 'access-denied', 'beyond-own-rights'])

const WAITING = {
  pending: ['nobody has approved it yet', 'authorization-pending'],
  'slow-down': ['ask less often: 5 seconds longer than before', 'slow-down'],
  unknown: ['the code has expired or was used; begin again', 'expired-token'],
} as const
