/** The port of an OpenID Connect provider: what sign-in asks of it, without how it is asked. */
import type { OutsideIdentity } from './outside-identity.ts'

/** The secrets of one flow, each unguessable; they never reach the browser in the clear. */
export interface FlowSecrets {
  readonly state: string
  readonly nonce: string
  /** The code verifier of PKCE (RFC 7636): the provider gets its hash at the start and itself at the end. */
  readonly verifier: string
}

/** A sign-in that the provider confirmed and whose every check passed. */
export interface OutsideSignIn {
  readonly identity: OutsideIdentity
  /** The provider's session, by which a back-channel logout names it; undefined if the provider does not tell. */
  readonly sid: string | undefined
  /** The ID token that the provider signed, to end its session with; undefined after a refresh without one. */
  readonly idToken: string | undefined
  /** Undefined if the provider gives none. */
  readonly refreshToken: string | undefined
}

/** What a back-channel logout says (OpenID Connect Back-Channel Logout 1.0, 2.4): one of subject and sid at least. */
export interface OutsideLogout {
  readonly issuer: string
  readonly subject: string | undefined
  readonly sid: string | undefined
  /** Unique for the issuer; the same one must not count twice. */
  readonly jti: string
}

/**
 * Everything throws a SluiceError whose reason says what was wrong: `provider-away`, `refused-by-provider`,
 * `clock-differs` or `provider-misconfigured`. The provider's own words are in the cause, for the log only.
 */
export interface OutsideProvider {
  /** The provider's name in the settings and in the callback's path. */
  readonly name: string
  readonly issuer: string
  /** The address of the provider's sign-in page. `isAgain`: the user must prove themselves there once more. */
  begin(secrets: FlowSecrets, isAgain: boolean): Promise<string>
  /**
   * Redeems what the browser brought back.
   *
   * @param query of the callback, as it was sent
   * @param authenticatedAfter an earlier `auth_time` is refused, in milliseconds since 1970; undefined for any
   */
  finish(query: string, secrets: FlowSecrets, authenticatedAfter?: number): Promise<OutsideSignIn>
  /** Asks the provider again about the user. Throws `refused-by-provider` if it refuses or names somebody else. */
  refresh(refreshToken: string, subject: string): Promise<OutsideSignIn>
  /** Where the browser ends the provider's session; undefined if the provider has no such address or is away. */
  logoutUrl(idToken: string | undefined): Promise<string | undefined>
  /** Checks a logout token in full, but for its `jti`, which the caller must not have seen. */
  readLogout(token: string): Promise<OutsideLogout>
}
