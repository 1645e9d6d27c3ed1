/** The name and domain under which this server asks authenticators (WebAuthn's relying party). */
import { forbidden } from '../base/errors.ts'

export interface RelyingParty {
  /** The domain to which passkeys belong (WebAuthn, section 4, "Relying Party Identifier"). */
  readonly id: string
  /** The only origin whose pages may ask for them. */
  readonly origin: string
  /** Shown when a passkey is made. */
  readonly name: string
}

/**
 * Why a server has no passkeys: `needs-public-url`, `public-url` is not set; `needs-name`, its host is an IP address,
 * for which no browser makes passkeys; `needs-https`, browsers ask for TLS except on localhost.
 */
export type PasskeysUnavailable = 'needs-public-url' | 'needs-name' | 'needs-https'

/** What the settings say about passkeys. */
export interface PasskeyOptions {
  readonly relyingParty: RelyingParty | PasskeysUnavailable
  /** Whether a passkey may sign in without a password. */
  readonly alone: boolean
}

/** What to do about it, for people. */
const PASSKEYS_NEED: Readonly<Record<PasskeysUnavailable, string>> = {
  'needs-public-url': 'passkeys need the setting public-url, such as https://sluice.example.com',
  'needs-name': 'passkeys need a name in public-url, not an IP address',
  'needs-https': 'passkeys need https in public-url, except on localhost',
}

/** Throws `forbidden` if the settings allow no passkeys. */
export function requireRelyingParty({ relyingParty }: Pick<PasskeyOptions, 'relyingParty'>): RelyingParty {
  if (typeof relyingParty !== 'string') return relyingParty
  throw forbidden('passkeys-unavailable', PASSKEYS_NEED[relyingParty])
}
