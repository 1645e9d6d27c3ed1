/** The second factors of the caller. */
import { type Caller, type Principal, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { isFactorRequiredOf, type SecondFactorOptions } from '../access/required-factor.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, invalid, notFound } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import type { MembershipStore } from '../records/membership.ts'
import { permission } from '../records/permission.ts'
import type {
  RecoveryCodeStore,
  SecondFactor,
  SecondFactorPolicyStore,
  SecondFactorStore,
} from '../records/second-factor.ts'
import {
  factorTarget,
  parseFactorName,
  requireMayEnrol,
  requireOwnSession,
  requireRoom,
} from './factor-rules.ts'
import { createRecoveryCodes, hashOneTimeCode } from './one-time-codes.ts'
import type { PasskeyOptions, PasskeysUnavailable } from './relying-party.ts'
import type { Seal } from './seal.ts'
import { checkTotp, createTotpSecret, totpUri } from './totp.ts'

export interface OwnFactors {
  /** Whether the settings let users enrol. */
  readonly offered: boolean
  /** The same for passkeys, or why not. */
  readonly passkeys: 'offered' | 'off' | PasskeysUnavailable
  readonly required: boolean
  readonly factors: readonly SecondFactor[]
  readonly recoveryCodesLeft: number
}

export interface BegunTotp {
  /** Base 32, for typing. */
  readonly secret: string
  /** The `otpauth:` URI of the QR code. */
  readonly uri: string
  /** To be sent back with a code within ten minutes. */
  readonly enrolment: string
}

export interface EnrolledFactor {
  readonly factor: SecondFactor
  /** Shown once, with the first factor; otherwise undefined. */
  readonly recoveryCodes: readonly string[] | undefined
}

/**
 * Everything but `list` needs a session, not a token. Adding and removing needs a recent sign-in (with a second factor,
 * if there is one), and ends the user's other sessions.
 */
export interface SecondFactors {
  list(principal: Principal): Promise<OwnFactors>
  /** A new secret for an authenticator app; nothing is stored yet. */
  beginTotp(caller: Caller): Promise<BegunTotp>
  /** Stores the secret once a code shows that the app has it. */
  finishTotp(
    caller: Caller,
    given: { readonly enrolment: string; readonly code: string; readonly name: string },
  ): Promise<EnrolledFactor>
  rename(caller: Caller, id: ID, name: string): Promise<void>
  /** `conflict` for the last one while a second factor is required. Without any, recovery codes are removed too. */
  remove(caller: Caller, id: ID): Promise<void>
  /** Replaces the recovery codes; returns the new ones, which are shown once. */
  renewRecoveryCodes(caller: Caller): Promise<readonly string[]>
}

/** How long an enrolment can be finished. */
export const ENROLMENT_MS = 10 * 60_000
/** Another node, whose clock may differ, may have begun it. */
const CLOCKS_DIFFER_MS = 60_000

const factorNotFound = () => notFound('second factor not found')

export function createSecondFactors(deps: {
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  recoveryCodes: Pick<RecoveryCodeStore, 'left'>
  memberships: Pick<MembershipStore, 'ofUser'>
  secondFactorPolicies: Pick<SecondFactorPolicyStore, 'ofOrganizations'>
  secondFactor: SecondFactorOptions
  passkeys: Pick<PasskeyOptions, 'relyingParty'>
  /** The name of this server that authenticator apps show beside the code. */
  issuer: string
  seal: Seal
  freshness: Freshness
  changes: Changes
  ids: IDGenerator
  now: Clock
}): SecondFactors {
  const { rule } = deps.secondFactor
  const { relyingParty } = deps.passkeys
  const passkeys = typeof relyingParty === 'string' ? relyingParty : 'offered'
  const { seal, changes, now } = deps

  return {
    async list(principal) {
      const { id } = principal.user
      requirePermission(principal, permission('read', 'users', { id }))
      return {
        offered: rule !== 'off',
        passkeys: rule === 'off' ? 'off' : passkeys,
        required: await isFactorRequiredOf(id, rule, deps),
        factors: await deps.secondFactors.ofUser(id),
        recoveryCodesLeft: await deps.recoveryCodes.left(id),
      }
    },

    async beginTotp(caller) {
      requireMayEnrol(caller, deps)
      const { user } = caller.principal
      const secret = createTotpSecret()
      const uri = totpUri(secret, { issuer: deps.issuer, account: user.name })
      const begun = { userID: user.id, secret: Buffer.from(secret).toString('base64url'), at: now() }
      return {
        secret: new URL(uri).searchParams.get('secret') ?? '',
        uri,
        enrolment: await seal.seal('enrolment', JSON.stringify(begun)),
      }
    },

    async finishTotp(caller, { enrolment, code, name: given }) {
      requireMayEnrol(caller, deps)
      const userID = caller.principal.user.id
      const name = parseFactorName('a second factor', given)
      const opened = await seal.open('enrolment', enrolment)
      const begun: BegunEnrolment | undefined = opened === undefined ? undefined : JSON.parse(opened)
      const at = now()
      if (begun?.secret === undefined || begun.userID !== userID || isOver(begun, at)) {
        throw invalid('the enrolment is over; begin it again')
      }
      const verdict = checkTotp(Buffer.from(begun.secret, 'base64url'), code.replaceAll(/\s/g, ''), {
        at,
        after: -1,
      })
      if (verdict.kind === 'off') {
        throw invalid(`the code is ${verdict.steps} times 30 seconds off; set the clock of the device right`)
      }
      if (verdict.kind === 'wrong') throw invalid('the code is wrong; enter the one that the app shows now')
      const factor: SecondFactor = {
        ...{ id: deps.ids.next(), userID, kind: 'totp', name },
        secret: await seal.seal('totp-secret', begun.secret),
        ...{ credentialID: undefined, passkey: undefined, counter: verdict.step },
        ...{ createdAt: at, lastUsedAt: undefined },
      }
      const recoveryCodes = await changes((change) => addFactor(change, factor, caller))
      return { factor, recoveryCodes }
    },

    async rename(caller, id, given) {
      requireOwnSession(caller)
      const name = parseFactorName('a second factor', given)
      const userID = caller.principal.user.id
      await changes(async (change) => {
        if (!(await change.secondFactors.rename(userID, id, name))) throw factorNotFound()
        const target = { type: 'second-factor', id, name, userID }
        change.records({ event: 'factor.update', target, caller })
      })
    },

    async remove(caller, id) {
      requireOwnSession(caller)
      deps.freshness.require(caller, 'factor.remove')
      const userID = caller.principal.user.id
      await changes(async (change) => {
        const held = await change.secondFactors.ofUser(userID)
        const factor = held.find((each) => each.id === id)
        if (!factor) throw factorNotFound()
        if (held.length === 1) {
          if (await isFactorRequiredOf(userID, rule, change)) {
            throw conflict('second-factor-required', 'a second factor is required; enrol another one first')
          }
          await change.recoveryCodes.removeOfUser(userID)
        }
        await change.secondFactors.remove(userID, id)
        await change.endsSessionsOf(userID, { caller }, caller.session?.keyHash)
        change.affects(userID)
        change.records({ event: 'factor.remove', target: factorTarget(factor), caller })
      })
    },

    async renewRecoveryCodes(caller) {
      requireOwnSession(caller)
      deps.freshness.require(caller, 'recovery-codes.create')
      const { id, name } = caller.principal.user
      const codes = createRecoveryCodes()
      await changes(async (change) => {
        if (!(await change.secondFactors.hasAny(id))) {
          throw conflict('second-factor-required', 'recovery codes need a second factor; enrol one first')
        }
        await change.recoveryCodes.replace(id, codes.map(hashOneTimeCode))
        change.records({ event: 'recovery-codes.create', target: { type: 'user', id, name }, caller })
      })
      return codes
    },
  }
}

/** What is sealed between the two steps of an enrolment. */
export interface BegunEnrolment {
  readonly userID: ID
  readonly at: number
  /** The secret of an authenticator app, in URL-safe base64. */
  readonly secret?: string
  /** The challenge for a passkey. */
  readonly challenge?: string
  /** The hash of the key of the session that began to enrol a passkey. */
  readonly session?: string | undefined
}

/** Whether an enrolment can no longer be finished. */
export function isOver({ at }: Pick<BegunEnrolment, 'at'>, now: number): boolean {
  return now < at - CLOCKS_DIFFER_MS || now - at > ENROLMENT_MS
}

/** Within a change, stores a factor; returns recovery codes with the first one. */
export async function addFactor(
  change: Change,
  factor: SecondFactor,
  caller: Caller,
): Promise<readonly string[] | undefined> {
  const { userID } = factor
  const held = await change.secondFactors.ofUser(userID)
  requireRoom('second factors', held)
  if (!(await change.secondFactors.add(factor))) {
    throw invalid('this passkey is enrolled already; use another one')
  }
  await change.endsSessionsOf(userID, { caller }, caller.session?.keyHash)
  change.affects(userID)
  change.records({ event: 'factor.add', target: factorTarget(factor), caller })
  if (held.length > 0) return undefined
  const codes = createRecoveryCodes()
  await change.recoveryCodes.replace(userID, codes.map(hashOneTimeCode))
  return codes
}
