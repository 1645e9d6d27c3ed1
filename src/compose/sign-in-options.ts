/** What the settings say about signing in. */
import type { SsoTokens } from '../domain/access/bounded-tokens.ts'
import type { Deployment } from '../domain/access/confinement.ts'
import type { SecondFactorOptions } from '../domain/access/required-factor.ts'
import type { PasskeyOptions } from '../domain/second-factors/relying-party.ts'
import type { LocalSignInOptions } from '../domain/sign-in/local-sign-in.ts'
import type { SessionLimit } from '../domain/sign-in/session-limit.ts'
import type { CountSignIn } from '../domain/sign-in/sign-in-report.ts'
import type { TokensWhenGone } from '../domain/single-sign-on/end-outside.ts'
import type { CommandLineSettings } from './command-line.ts'

export interface SignInOptions extends CommandLineSettings {
  readonly deployment: Deployment
  readonly sessionLimit: SessionLimit
  readonly countSignIn: CountSignIn
  readonly localSignIn: LocalSignInOptions
  readonly ssoTokens: SsoTokens
  readonly tokensWhenGone: TokensWhenGone
  /** The issuers of the settings; undefined for any. */
  readonly knownIssuers?: ReadonlySet<string> | undefined
  readonly secondFactor: SecondFactorOptions
  readonly passkeys: PasskeyOptions
}
