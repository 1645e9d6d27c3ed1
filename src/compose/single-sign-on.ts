/** Single sign-on: what the settings say about it, and what is done with an outside identity. */
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { quoted } from '../config/refusals/quote.ts'
import type { Settings } from '../config/settings.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { Mirror } from '../domain/mirror/mirror.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { ConfinementOf } from '../domain/sign-in/confinement.ts'
import type { DueFactor } from '../domain/sign-in/due-factor.ts'
import type { LocalSignIn } from '../domain/sign-in/local-sign-in.ts'
import type { StartSession } from '../domain/sign-in/start-session.ts'
import { createAdmitOutside } from '../domain/single-sign-on/admit-outside.ts'
import { createEndOutside } from '../domain/single-sign-on/end-outside.ts'
import { createLinkedIdentities } from '../domain/single-sign-on/linked-identities.ts'
import { createProvideMemberships } from '../domain/single-sign-on/provide-memberships.ts'
import {
  EVERYBODY,
  type OutsideFactorRule,
  type ProviderRules,
  parseClaimRule,
  parseGroupRole,
} from '../domain/single-sign-on/provider-rules.ts'
import { createSignInOutside } from '../domain/single-sign-on/sign-in-outside.ts'
import { createSwitchedOffTokens } from '../domain/single-sign-on/switched-off-tokens.ts'
import type { SignInOptions } from './sign-in-options.ts'

export function singleSignOnOptions(
  settings: Pick<Settings, 'ssoTokens' | 'ssoGoneTokens' | 'localSignIn' | 'localSignInUsers'>,
): Pick<SignInOptions, 'ssoTokens' | 'tokensWhenGone' | 'localSignIn'> {
  return {
    ssoTokens: settings.ssoTokens,
    tokensWhenGone: settings.ssoGoneTokens,
    localSignIn: { rule: settings.localSignIn, names: settings.localSignInUsers },
  }
}

export function composeSingleSignOn(parts: {
  store: IdentityStore
  trail: Pick<AuditTrail, 'refuse'>
  dueFactor: DueFactor
  confinementOf: ConfinementOf
  localSignIn: LocalSignIn
  startSession: StartSession
  options: SignInOptions
  freshness: Freshness
  changes: Changes
  mirror: Mirror
  ids: IDGenerator
  now: Clock
  log: Log
}) {
  const { store, options, ...common } = parts
  const admitOutside = createAdmitOutside({ ...common, ...store })
  const provideMemberships = createProvideMemberships({ ...common, ...store })
  const endOutside = createEndOutside({ ...common, ...store, tokensWhenGone: options.tokensWhenGone })
  return {
    identities: createLinkedIdentities({ ...common, ...store, provideMemberships }),
    switchedOffTokens: createSwitchedOffTokens({ ...common, ...store }),
    provideMemberships,
    endOutside,
    signInOutside: createSignInOutside({
      ...{ ...common, ...store, admitOutside, provideMemberships, endOutside },
      ...{ audit: parts.trail, count: options.countSignIn },
    }),
  }
}

/** The settings of `mappingFields`. */
export interface MappingSettings {
  readonly signUp: boolean
  readonly allowedGroups: readonly string[]
  readonly allowedDomains: readonly string[]
  readonly allowedClaims: readonly string[]
  readonly groupRoles: readonly string[]
  readonly operatorGroups: readonly string[]
}

/**
 * The rules of a provider from its settings. Throws ConfigurationError for what cannot be read, and for sign-up without
 * a limit.
 *
 * @param subject names the provider in errors, such as `oidc corp`
 */
export function providerRulesOf(
  settings: MappingSettings,
  more: {
    readonly secondFactor: OutsideFactorRule
    readonly canonicalGroup?: ProviderRules['canonicalGroup']
  },
  subject: string,
): ProviderRules {
  const { signUp, allowedGroups, allowedDomains, operatorGroups } = settings
  const groupRoles = settings.groupRoles.map((text) => {
    const parsed = parseGroupRole(text)
    if (parsed) return parsed
    throw new ConfigurationError(
      `${subject}: group-roles has ${quoted(text)}; each must be GROUP=ORG:owner, GROUP=ORG:member, GROUP=ORG/BUCKET:read or GROUP=ORG/BUCKET:write`,
    )
  })
  const allowedClaims = settings.allowedClaims.map((text) => {
    const parsed = parseClaimRule(text)
    if (parsed) return parsed
    throw new ConfigurationError(`${subject}: allowed-claims has ${quoted(text)}; each must be CLAIM=VALUE`)
  })
  if (operatorGroups.includes(EVERYBODY)) {
    throw new ConfigurationError(`${subject}: operator-groups has *, which would make everybody an operator`)
  }
  const isLimited =
    [allowedGroups, allowedDomains, allowedClaims].some(({ length }) => length > 0) ||
    groupRoles.some(({ group }) => group !== EVERYBODY)
  if (signUp && !isLimited) {
    throw new ConfigurationError(
      `${subject}: sign-up lets everybody in whom the provider knows; set allowed-groups, allowed-domains or allowed-claims, give a group a role, or set sign-up to false`,
    )
  }
  return { signUp, allowedGroups, allowedDomains, allowedClaims, groupRoles, operatorGroups, ...more }
}
