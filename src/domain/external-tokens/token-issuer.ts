/** The issuers of the settings, as far as the domain asks them. */
import type { Claims } from '../single-sign-on/claims.ts'

export interface TokenIssuer {
  /** In the settings. */
  readonly name: string
  /**
   * Checks a token in full: signature, issuer, audience, times, type. Throws `unauthorized` with the reason
   * `external-token-refused`, or `token-expired` for one that was right before; `unavailable` with `token-issuer-away` if
   * the keys cannot be had.
   */
  verify(token: string): Promise<VerifiedToken>
}

export interface VerifiedToken {
  readonly subject: string
  readonly claims: Claims
  /** The token's `exp`, in milliseconds since 1970. */
  readonly endsAt: number
  /** Until when it is accepted, since clocks differ. */
  readonly worksUntil: number
}

/** The issuer for which a token says that it is, of which nothing is checked; undefined if the settings have none. */
export type IssuerOfToken = (token: string) => TokenIssuer | undefined
