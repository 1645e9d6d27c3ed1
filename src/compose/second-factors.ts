/** Second factors: what the settings say about them, and their services. */
import { isIP } from 'node:net'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { SecondFactorOptions } from '../domain/access/required-factor.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Changes } from '../domain/changes.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createApplicationPasswords } from '../domain/second-factors/application-passwords.ts'
import { createFactorAdministration } from '../domain/second-factors/factor-administration.ts'
import { createPasskeyEnrolment } from '../domain/second-factors/passkey-enrolment.ts'
import type { PasskeyOptions } from '../domain/second-factors/relying-party.ts'
import { createSeal, type Seal } from '../domain/second-factors/seal.ts'
import { createSecondFactors } from '../domain/second-factors/second-factors.ts'
import { readSettingFile } from './setting-file.ts'

export interface FactorSettings {
  readonly secondFactor: SecondFactorOptions
  readonly passkeys: PasskeyOptions
  /** The keys that seal secrets of factors, the newest first; undefined if the database has the key. */
  readonly secretKeys: readonly Uint8Array[] | undefined
  /** The server's name in authenticator apps. */
  readonly factorIssuer: string
}

/** The seal of this server's secrets. */
export function sealOf(store: Pick<IdentityStore, 'secondFactorKey'>, { secretKeys }: FactorSettings): Seal {
  return createSeal(async () => secretKeys ?? [await store.secondFactorKey.get()])
}

export function composeSecondFactors(parts: {
  store: IdentityStore
  seal: Seal
  options: FactorSettings
  freshness: Freshness
  changes: Changes
  ids: IDGenerator
  now: Clock
}) {
  const { store, options, ...common } = parts
  const { secondFactor, passkeys } = options
  const factors = { ...common, ...store, secondFactor, passkeys }
  return {
    applicationPasswords: createApplicationPasswords(factors),
    factorAdministration: createFactorAdministration(factors),
    passkeyEnrolment: createPasskeyEnrolment(factors),
    passkeyFeatures: passkeyFeatures(options),
    secondFactors: createSecondFactors({ ...factors, issuer: options.factorIssuer }),
  }
}

/** What a sign-in page must know about passkeys. */
function passkeyFeatures({ secondFactor, passkeys: { alone, relyingParty } }: FactorSettings) {
  if (typeof relyingParty === 'string') return { passkeySignIn: false }
  return { passkeySignIn: alone && secondFactor.rule !== 'off', passkeyOrigin: relyingParty.origin }
}

const KEY_BYTES = 32

export function secondFactorOptions(
  settings: Pick<
    Settings,
    'secondFactor' | 'secondFactorGrace' | 'secretKeyFile' | 'publicUrl' | 'passkeySignIn' | 'webauthnRpId'
  >,
): FactorSettings {
  const { publicUrl, secretKeyFile } = settings
  const factorIssuer = publicUrl === undefined ? 'Sluice' : `Sluice ${new URL(publicUrl).host}`
  return {
    secondFactor: { rule: settings.secondFactor, grace: settings.secondFactorGrace },
    passkeys: { relyingParty: relyingPartyOf(settings, factorIssuer), alone: settings.passkeySignIn },
    secretKeys: secretKeyFile === undefined ? undefined : readKeys(secretKeyFile),
    factorIssuer,
  }
}

/** Never from a request: a host that a client names must not decide whose passkeys count. */
function relyingPartyOf(
  { publicUrl, webauthnRpId }: Pick<Settings, 'publicUrl' | 'webauthnRpId'>,
  name: string,
): PasskeyOptions['relyingParty'] {
  if (publicUrl === undefined) return 'needs-public-url'
  const { hostname, protocol, origin } = new URL(publicUrl)
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return 'needs-name'
  if (protocol !== 'https:' && hostname !== 'localhost' && !hostname.endsWith('.localhost')) {
    return 'needs-https'
  }
  return { id: webauthnRpId ?? hostname, origin, name }
}

/** One key of 32 bytes in base64 on each line, the newest first. Throws ConfigurationError for anything else. */
function readKeys(path: string): readonly Uint8Array[] {
  const lines = readSettingFile('secret-key-file', path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const keys = lines.map((line) => Buffer.from(line, 'base64'))
  if (keys.length > 0 && keys.every(({ length }) => length === KEY_BYTES)) return keys
  throw new ConfigurationError(
    `secret-key-file must have a key of ${KEY_BYTES} bytes in base64 on each line, such as from: openssl rand -base64 ${KEY_BYTES}`,
  )
}
