/** Reads who somebody is from the claims of a provider. */
import type { OutsideIdentity } from '../domain/records/outside-identity.ts'
import { type Claims, claimAt, groupsIn, lacksGroups } from '../domain/single-sign-on/claims.ts'
import { providerMisconfigured } from './problems.ts'

/** Which claims tell what. */
export interface ClaimNames {
  /** The claim that names a new user. */
  readonly username: string
  /** A claim, or a JSON pointer (RFC 6901) such as `/realm_access/roles`. */
  readonly groups: string
  /** What the rules about who may come in look at, written in the same way. */
  readonly needed: readonly string[]
}

/**
 * Whether the claims have groups, a name and what the rules look at; if not, userinfo may. Providers that follow the specification most closely
 * put names there only (OpenID Connect Core 1.0, 5.4).
 */
export function tellsAll(claims: Claims, { groups, username, needed }: ClaimNames): boolean {
  return [groups, username, ...needed].every((name) => claimAt(claims, name) !== undefined)
}

/**
 * The claims of the ID token, which is signed, and those of userinfo that it lacks. Whether an address is verified is
 * said of that address, so it is taken over from the other one only beside the same address.
 */
export function joinClaims(fromToken: Claims = {}, userinfo: Claims = {}): Claims {
  const { email_verified: _, ...joined } = { ...userinfo, ...fromToken }
  const isOfToken = fromToken.email !== undefined
  const [own, other] = isOfToken ? [fromToken, userinfo] : [userinfo, fromToken]
  const isVerified = own.email_verified ?? (other.email === own.email ? other.email_verified : undefined)
  return isVerified === undefined ? joined : { ...joined, email_verified: isVerified }
}

/**
 * The groups: of a list its texts, a text alone as one. Throws `provider-misconfigured` if the provider says only where
 * the groups are to be had (OpenID Connect Core 1.0, 5.6.2), as Entra ID does for users with more than 200: neither all
 * rights nor none would be right.
 */
export function groupsOf(claims: Claims, { groups: name }: ClaimNames): string[] {
  if (claimAt(claims, name) === undefined && lacksGroups(claims, name)) {
    throw providerMisconfigured(
      `its token has no ${name} and points to another service for them; let it send fewer groups, or roles`,
    )
  }
  return groupsIn(claims, name)
}

/** @param subject that was checked */
export function identityOf(
  about: { readonly provider: string; readonly issuer: string; readonly subject: string },
  claims: Claims,
  names: ClaimNames,
): OutsideIdentity {
  const { email, amr, auth_time: authTime } = claims
  const name = claimAt(claims, names.username)
  return {
    ...about,
    names: typeof name === 'string' ? [name] : [],
    // The text "true" is no proof: some providers let users write such claims.
    ...(typeof email === 'string'
      ? { email: { address: email, isVerified: claims.email_verified === true } }
      : {}),
    groups: groupsOf(claims, names),
    claims,
    ...(typeof authTime === 'number' ? { authenticatedAt: authTime * 1000 } : {}),
    ...(Array.isArray(amr) ? { methods: amr.filter((each) => typeof each === 'string') } : {}),
  }
}
