/** A provider with what the settings say about it. */
import { SluiceError } from '../base/errors.ts'
import type { OutsideProvider } from '../records/outside-provider.ts'
import type { ProviderRules } from './provider-rules.ts'

export interface ConfiguredProvider {
  readonly provider: OutsideProvider
  readonly rules: ProviderRules
  /** What the button on the sign-in page says. */
  readonly label: string
  readonly autoRedirect: boolean
  /** Whether signing out here also ends the session at the provider. */
  readonly endsThere: boolean
  /** How often the provider is asked while a session lives; 0 for never. */
  readonly refreshMs: number
  /** How long a session lives that is not refreshed. */
  readonly maxLengthMs: number
}

/** The providers by their names, in the order of the settings. */
export type ConfiguredProviders = ReadonlyMap<string, ConfiguredProvider>

/** Throws `not found` for a name that the settings do not have. */
export function requireProvider(providers: ConfiguredProviders, name: string): ConfiguredProvider {
  const found = providers.get(name)
  if (found) return found
  throw new SluiceError('not found', 'no sign-in provider has this name', { reason: 'unknown-provider' })
}
