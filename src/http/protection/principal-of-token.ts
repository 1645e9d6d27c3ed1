/** Who sends a token, whether one of this server or a signed one of an outside issuer. */
import type { Principal, RequestOrigin } from '../../domain/access/principal.ts'
import type { Principals } from '../../domain/access/principals.ts'
import { addressKey } from '../../domain/base/address-key.ts'
import { SluiceError } from '../../domain/base/errors.ts'
import { attempt, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { Reason } from '../../domain/base/reasons.ts'
import { type ExternalTokens, isSignedToken } from '../../domain/external-tokens/external-tokens.ts'
import type { GuessGuard } from '../../domain/guessing/guess-guard.ts'

export interface SentToken {
  readonly token: string
  /** Whether it came as `Authorization: Bearer`, the only way for tokens of outside issuers. */
  readonly isBearer: boolean
  readonly origin: () => RequestOrigin
}

/** Throws as `Principals.ofToken` and `ExternalTokens.of` do. Wrong tokens are counted for the address. */
export type PrincipalOfToken = (sent: SentToken) => MaybePromise<Principal>

export interface PrincipalOfTokenDeps {
  readonly principals: Pick<Principals, 'ofToken'>
  /** Undefined if the settings have no issuer. */
  readonly externalTokens?: ExternalTokens | undefined
  readonly guard: Pick<GuessGuard, 'countWrongToken'>
}

/**
 * Inactive and expired tokens are no guesses. One without a rule may be a stranger's: everybody gets tokens of a public CI
 * system, for any audience.
 */
const GUESSES: ReadonlySet<Reason | undefined> = new Set<Reason>([
  ...(['unknown-token', 'external-token-refused', 'no-rule-for-token'] as const),
])

export function createPrincipalOfToken(deps: PrincipalOfTokenDeps): PrincipalOfToken {
  const { principals, externalTokens, guard } = deps

  async function refused(error: unknown, origin: () => RequestOrigin): Promise<never> {
    if (error instanceof SluiceError && GUESSES.has(error.reason)) {
      await guard.countWrongToken(addressKey(origin().address))
    }
    throw error
  }

  /** A token of this server may look like any text, so it is looked up first. */
  async function ownOrExternal({ token, origin }: SentToken, external: ExternalTokens): Promise<Principal> {
    try {
      return await principals.ofToken(token)
    } catch (error) {
      if (!(error instanceof SluiceError) || error.reason !== 'unknown-token') throw error
      return external.of(token, origin())
    }
  }

  return (sent) => {
    const { token, isBearer, origin } = sent
    const external = isBearer && isSignedToken(token) ? externalTokens : undefined
    return attempt(
      () =>
        external === undefined
          ? principals.ofToken(token)
          : (external.known(token) ?? ownOrExternal(sent, external)),
      (found) => found,
      (error) => refused(error, origin),
    )
  }
}
