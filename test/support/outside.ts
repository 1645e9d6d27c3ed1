/** For tests: people whom a provider has authenticated, and what its rules say. */
import type { OutsideIdentity } from '../../src/domain/records/outside-identity.ts'
import { type ProviderRules, parseGroupRole } from '../../src/domain/single-sign-on/provider-rules.ts'
import type { OutsideSignInRequest } from '../../src/domain/single-sign-on/sign-in-outside.ts'
import { ORIGIN } from './world.ts'

export const CORP = { provider: 'corp', issuer: 'https://id.corp.test' } as const

/** Ada, with the subject `00u1`. */
export function ada(groups: readonly string[] = [], more: Partial<OutsideIdentity> = {}): OutsideIdentity {
  return {
    ...{ ...CORP, subject: '00u1', names: ['ada'], groups, claims: {} },
    email: { address: 'ada@corp.test', isVerified: true },
    ...more,
  }
}

/** Lets in members of any group; `roles` such as `dev=lab:member`. */
export function rules(roles: readonly string[] = [], more: Partial<ProviderRules> = {}): ProviderRules {
  return {
    ...{ signUp: true, allowedGroups: [], allowedDomains: [], allowedClaims: [], operatorGroups: ['ops'] },
    groupRoles: roles.flatMap((text) => parseGroupRole(text) ?? []),
    secondFactor: 'provider',
    ...more,
  }
}

/** A sign-in by OpenID Connect from `ORIGIN`. */
export function outside(
  identity: OutsideIdentity,
  given: ProviderRules,
  more: Partial<OutsideSignInRequest> = {},
): OutsideSignInRequest {
  return {
    ...{
      identity,
      rules: given,
      method: 'oidc',
      wanted: {},
      remember: false,
      presentedKeys: [],
      origin: ORIGIN,
    },
    ...more,
  }
}
