/** What the settings say about the domain. */
import type { Settings } from '../config/settings.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { DomainOptions } from './domain.ts'
import { policyOf } from './password-policy.ts'
import { secondFactorOptions } from './second-factors.ts'

export function domainSettings(
  settings: Settings,
  countSignIn: DomainOptions['countSignIn'],
): { policy: PasswordPolicy; options: DomainOptions } {
  return { policy: policyOf(settings), options: domainOptions(settings, countSignIn) }
}

function domainOptions(settings: Settings, countSignIn: DomainOptions['countSignIn']): DomainOptions {
  return {
    freshMs: settings.sessionFreshLength,
    maxTokenLengthMs: settings.authorizationMaxLength,
    alwaysAllowSetup: settings.testingAlwaysAllowSetup,
    deployment: settings.deployment,
    sessionLimit: settings.sessionMaxPerUser,
    countSignIn,
    ...secondFactorOptions(settings),
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
