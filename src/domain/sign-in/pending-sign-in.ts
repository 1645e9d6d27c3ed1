/** A sign-in whose first factor was right and whose second is still due, sealed and kept by the client. */
import type { Clock } from '../base/clock.ts'
import { SluiceError, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { hashSecret } from '../base/secrets.ts'
import type { PasswordStore } from '../records/password-store.ts'
import type { SecondFactor } from '../records/second-factor.ts'
import type { Authentication } from '../records/session.ts'
import type { SessionEndStore } from '../records/session-ends.ts'
import type { User, UserStore } from '../records/user.ts'
import type { Seal } from '../second-factors/seal.ts'

/** How long a second factor can follow the password. */
export const PENDING_MS = 5 * 60_000
/** Another node, whose clock may differ, may have begun it. */
export const CLOCKS_DIFFER_MS = 60_000

export interface PendingSignIn {
  readonly userID: ID
  readonly orgID?: ID | undefined
  readonly remember: boolean
  /** How a provider or a directory authenticated the user; undefined if a password was right. */
  readonly outside?: Omit<Authentication, 'level'> | undefined
  /** A stamp of the password's hash: a change of the password ends the pending sign-in. */
  readonly passwordStamp: string
  /** Ending all sessions of the user or of everybody ends it too. */
  readonly generations: readonly [instance: number, user: number]
  /** Milliseconds since 1970. */
  readonly at: number
  /** The last WebAuthn challenge; undefined until one is asked for. */
  readonly challenge?: string | undefined
}

/** By which factors a sign-in can go on. */
export type FactorMethod = 'totp' | 'passkey' | 'recovery-code'

/** `unauthorized`: the first factor was right. The client sends `pending` back with a factor. */
export class SecondFactorDueError extends SluiceError {
  readonly pending: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly methods: readonly FactorMethod[]

  constructor({
    pending,
    expiresAt,
    methods,
  }: { pending: string; expiresAt: number; methods: FactorMethod[] }) {
    super(
      'unauthorized',
      'second factor required: send it to /api/v2/signin/second-factor with the cookie of this answer, or sign in with an application password',
      { reason: 'second-factor-required' },
    )
    this.pending = pending
    this.expiresAt = expiresAt
    this.methods = methods
  }
}

export interface PendingSignIns {
  /**
   * The error to throw once the first factor was right. `passwordHash` is undefined for a user without a password.
   * Passkeys are left out of the methods if the settings allow none.
   */
  begin(
    started: Pick<PendingSignIn, 'userID' | 'orgID' | 'remember' | 'outside'> & {
      readonly passwordHash: string | undefined
    },
    methods: FactorMethod[],
  ): Promise<SecondFactorDueError>
  /**
   * The pending sign-in and its user. Throws `unauthorized` if it is too old, or if the user, the password or the
   * generations have changed since.
   */
  open(sealed: string | undefined): Promise<{ readonly pending: PendingSignIn; readonly user: User }>
  seal(pending: PendingSignIn): Promise<string>
}

const isExpired = () => unauthorized('second-factor-expired', 'the sign-in took too long; begin it again')

export const passwordStampOf = (hash: string | undefined): string => hashSecret(`stamp of ${hash}`)

export function createPendingSignIns(deps: {
  users: Pick<UserStore, 'byID'>
  passwords: Pick<PasswordStore, 'get'>
  sessionEnds: Pick<SessionEndStore, 'ofUser'>
  seal: Seal
  /** Whether the settings allow passkeys at all. */
  hasPasskeys: boolean
  now: Clock
}): PendingSignIns {
  const seal = (pending: PendingSignIn) => deps.seal.seal('pending-sign-in', JSON.stringify(pending))
  async function generationsOf(userID: ID): Promise<PendingSignIn['generations']> {
    const ends = await deps.sessionEnds.ofUser(userID)
    return [ends?.instanceGeneration ?? -1, ends?.userGeneration ?? -1]
  }
  return {
    seal,
    async begin({ passwordHash, ...started }, allMethods) {
      const methods = allMethods.filter((method) => method !== 'passkey' || deps.hasPasskeys)
      const at = deps.now()
      const generations = await generationsOf(started.userID)
      const pending = await seal({
        ...started,
        passwordStamp: passwordStampOf(passwordHash),
        generations,
        at,
      })
      return new SecondFactorDueError({ pending, expiresAt: at + PENDING_MS, methods })
    },
    async open(sealed) {
      const text = sealed === undefined ? undefined : await deps.seal.open('pending-sign-in', sealed)
      if (text === undefined) throw isExpired()
      const pending = JSON.parse(text) as PendingSignIn
      const age = deps.now() - pending.at
      if (age < -CLOCKS_DIFFER_MS || age >= PENDING_MS) throw isExpired()
      const user = await deps.users.byID(pending.userID)
      const stored = await deps.passwords.get(pending.userID)
      const generations = await generationsOf(pending.userID)
      const isSame =
        passwordStampOf(stored?.hash) === pending.passwordStamp &&
        generations.every((each, at) => each === pending.generations[at])
      if (user?.status !== 'active' || !isSame) throw isExpired()
      return { pending, user }
    },
  }
}

/** The methods that a user's factors allow; the first is the one to offer. */
export function methodsOf(factors: readonly SecondFactor[], recoveryCodesLeft: number): FactorMethod[] {
  const kinds = (['passkey', 'totp'] as const).filter((kind) => factors.some((each) => each.kind === kind))
  return recoveryCodesLeft > 0 ? [...kinds, 'recovery-code'] : [...kinds]
}
