/** Sign-in by name and password. */
import type { RequestOrigin } from '../access/principal.ts'
import { forbidden, isUnauthorized, type SluiceError, unauthorized } from '../base/errors.ts'
import type { Credentials } from '../passwords/credentials.ts'
import type { OutsideIdentity } from '../records/outside-identity.ts'
import type { ConfinementOf, WantedOrganization } from './confinement.ts'
import type { DueFactor } from './due-factor.ts'
import type { CheckFirstFactor, FirstFactor } from './first-factor.ts'
import type { Rehash } from './rehash.ts'
import type { SignInOutcome, SignInReport } from './sign-in-report.ts'
import type { StartSession } from './start-session.ts'

export interface SignInRequest {
  /** Undefined if the request has no well-formed credentials. */
  readonly credentials: Credentials | undefined
  readonly wanted: WantedOrganization
  readonly remember: boolean
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
}

export type PasswordSignIn = (request: SignInRequest) => ReturnType<StartSession>

/**
 * Every refusal is the same `unauthorized` after the same work, so that it does not reveal which users exist. Only a
 * caller who knows the password is answered `forbidden`: if the user is deactivated, may not sign in by password, or
 * has one that is too weak.
 */
export function createPasswordSignIn(deps: {
  checkFirstFactor: CheckFirstFactor
  /** The sign-in of somebody whose password the directory has checked; refusals are audited and counted there. */
  byDirectory: (
    identity: OutsideIdentity,
    request: Omit<SignInRequest, 'credentials'>,
  ) => ReturnType<StartSession>
  confinementOf: ConfinementOf
  rehash: Rehash
  dueFactor: DueFactor
  startSession: StartSession
  report: SignInReport
}): PasswordSignIn {
  const { report, dueFactor, startSession } = deps

  async function byApplicationPassword(
    { user, start }: Extract<FirstFactor, { kind: 'application-password' }>,
    { wanted, presentedKeys, origin }: SignInRequest,
  ) {
    const orgID = await deps.confinementOf(user.id, wanted)
    const started = await startSession({
      ...{ userID: user.id, orgID, remember: false, presentedKeys, origin },
      ...start,
    })
    report.count('success', 'application-password')
    return started
  }

  async function byPassword(
    { user, password, stored }: Extract<FirstFactor, { kind: 'password' }>,
    { wanted, remember, presentedKeys, origin }: SignInRequest,
  ) {
    const refuse = (outcome: SignInOutcome, error: SluiceError) =>
      report.refuse(outcome, error, { method: 'password', origin, user })
    const orgID = await deps.confinementOf(user.id, wanted).catch((error) => {
      throw isUnauthorized(error) ? refuse('no-organization', error) : error
    })
    const passwordHash = await deps.rehash(user.id, password, stored)
    const due = await dueFactor.of({ userID: user.id, orgID, remember, passwordHash })
    if (due) {
      report.count('second-factor-due', 'password')
      throw due
    }
    const started = await startSession({
      ...{ userID: user.id, orgID, remember, presentedKeys, origin },
      authentication: { method: 'password', level: 'one-factor' },
      async confirm(change, current) {
        // The user may have been deactivated, or the password changed, while the password was being verified.
        if (!current) throw refuse('inactive', unauthorized('wrong-credentials'))
        if (current.status !== 'active') {
          throw refuse('inactive', forbidden('user-inactive', 'User is inactive'))
        }
        const isUnchanged = (await change.passwords.get(user.id))?.hash === passwordHash
        if (!isUnchanged) throw refuse('refused', unauthorized('wrong-credentials'))
        if (!(await dueFactor.confirmNone(change, user.id))) {
          throw refuse('second-factor-due', unauthorized('wrong-credentials'))
        }
      },
    })
    report.count('success', 'password')
    return started
  }

  return async (request) => {
    const { credentials: _, ...signIn } = request
    const right = await deps.checkFirstFactor(request)
    if (right.kind === 'directory') return deps.byDirectory(right.identity, signIn)
    if (right.kind === 'application-password') return byApplicationPassword(right, request)
    return byPassword(right, request)
  }
}
