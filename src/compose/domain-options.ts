/** What the settings say about the domain. */
import type { Settings } from '../config/settings.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import { commandLineOptions } from './command-line.ts'
import type { DomainOptions } from './domain.ts'
import { policyOf } from './password-policy.ts'
import { secondFactorOptions } from './second-factors.ts'
import { selfServiceOptions } from './self-service-options.ts'
import { singleSignOnOptions } from './single-sign-on.ts'

export function domainSettings(
  settings: Settings,
  counts: Counts,
  knownIssuers: ReadonlySet<string>,
): { policy: PasswordPolicy; options: DomainOptions } {
  return { policy: policyOf(settings), options: { ...domainOptions(settings, counts), knownIssuers } }
}

/** What of the domain is counted in metrics. */
type Counts = Pick<DomainOptions, 'countSignIn'> &
  Pick<DomainOptions['selfService'], 'countLink' | 'countMail'> &
  Pick<DomainOptions['commandLine'], 'countLogin'>

function domainOptions(settings: Settings, counts: Counts): DomainOptions {
  return {
    freshMs: settings.sessionFreshLength,
    maxTokenLengthMs: settings.authorizationMaxLength,
    alwaysAllowSetup: settings.testingAlwaysAllowSetup,
    deployment: settings.deployment,
    sessionLimit: settings.sessionMaxPerUser,
    countSignIn: counts.countSignIn,
    ...secondFactorOptions(settings),
    ...selfServiceOptions(settings, counts),
    ...singleSignOnOptions(settings),
    ...commandLineOptions(settings, counts),
    guessLimits: {
      pairFree: settings.guessPairFree,
      pairFirstDelayMs: settings.guessPairDelay,
      pairLongestDelayMs: settings.guessPairLongestDelay,
      user: settings.guessUserLimit,
      address: settings.guessAddressLimit,
      windowMs: settings.guessWindow,
    },
  }
}
