/** What the settings of a provider or a directory say about the people whom it knows. */
import type { Role } from '../records/membership.ts'
import { claimValues } from './claims.ts'

export interface ProviderRules {
  /** Whether the first sign-in of an unknown person makes a user. */
  readonly signUp: boolean
  /** Each list that is not empty must be met, by one of its entries, at every sign-in. */
  readonly allowedGroups: readonly string[]
  /** The domains from which a verified e-mail address must come. */
  readonly allowedDomains: readonly string[]
  /** All names must be met, each by one of its values. */
  readonly allowedClaims: readonly ClaimRule[]
  readonly groupRoles: readonly GroupRole[]
  /** Their members own the instance. */
  readonly operatorGroups: readonly string[]
  readonly secondFactor: OutsideFactorRule
  /** Writes a group so that two spellings of one are equal, as distinguished names need it. Default: as it is. */
  readonly canonicalGroup?: ((group: string) => string) | undefined
}

/**
 * Whether a user with a second factor here is asked for it. `provider`: the provider answers for it. `amr`: unless the
 * provider says that two factors were used. `local`: always.
 */
export type OutsideFactorRule = 'provider' | 'amr' | 'local'

/** A claim's name or JSON pointer (RFC 6901), and a value that it must have. */
export interface ClaimRule {
  readonly claim: string
  readonly value: string
}

export interface GroupRole {
  /** `*` is everybody. */
  readonly group: string
  /** Name or id. */
  readonly organization: string
  /** Name or id of a bucket of the organization; undefined for the organization itself. */
  readonly bucket?: string | undefined
  readonly role: Role
}

export const EVERYBODY = '*'

const BUCKET_ROLES: Readonly<Record<string, Role>> = { read: 'member', write: 'owner' }

/**
 * Parses `GROUP=ORG:owner`, `GROUP=ORG:member`, `GROUP=ORG/BUCKET:read` or `GROUP=ORG/BUCKET:write`: cut at the last `=`
 * and the last `:`, and for a bucket at the first `/` after it. Undefined for anything else.
 */
export function parseGroupRole(text: string): GroupRole | undefined {
  const colon = text.lastIndexOf(':')
  const equals = text.lastIndexOf('=', colon)
  if (equals < 1 || colon < equals) return undefined
  const group = text.slice(0, equals).trim()
  const place = text.slice(equals + 1, colon).trim()
  const word = text.slice(colon + 1).trim()
  if (group === '' || place === '') return undefined
  if (word === 'owner' || word === 'member') return { group, organization: place, role: word }
  const role = Object.hasOwn(BUCKET_ROLES, word) ? BUCKET_ROLES[word] : undefined
  const bucket = parseBucketPlace(place)
  return role && bucket && { group, ...bucket, role }
}

/** Parses `ORG/BUCKET`, cut at the first `/`. Undefined for anything else. */
export function parseBucketPlace(text: string): { organization: string; bucket: string } | undefined {
  const slash = text.indexOf('/')
  const [organization, bucket] = [text.slice(0, slash).trim(), text.slice(slash + 1).trim()]
  return slash < 1 || organization === '' || bucket === '' ? undefined : { organization, bucket }
}

/** Parses `CLAIM=VALUE`, cut at the first `=`. Undefined for anything else. */
export function parseClaimRule(text: string): ClaimRule | undefined {
  const equals = text.indexOf('=')
  const [claim, value] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  return equals < 1 || claim === '' || value === '' ? undefined : { claim, value }
}

/** What of an outside identity the rules look at. */
export interface Judged {
  readonly groups: readonly string[]
  readonly email?: { readonly address: string; readonly isVerified: boolean } | undefined
  readonly claims: Readonly<Record<string, unknown>>
}

/** Whether the rules let somebody in, whether known or not. */
export function isAllowed(rules: ProviderRules, person: Judged): boolean {
  const isIn = membershipOf(rules, person)
  const inGroup = rules.allowedGroups.length === 0 || rules.allowedGroups.some(isIn)
  return inGroup && hasAllowedDomain(rules, person) && hasAllowedClaims(rules, person)
}

/** Says whether a person is in a group of the settings. */
export function membershipOf(
  { canonicalGroup = (group) => group }: Pick<ProviderRules, 'canonicalGroup'>,
  { groups }: Pick<Judged, 'groups'>,
): (group: string) => boolean {
  const held = new Set(groups.map(canonicalGroup))
  return (group) => group === EVERYBODY || held.has(canonicalGroup(group))
}

/** Exactly the domain: `corp.test` is neither `evil-corp.test` nor `sub.corp.test`. */
function hasAllowedDomain({ allowedDomains }: ProviderRules, { email }: Judged): boolean {
  if (allowedDomains.length === 0) return true
  if (!email?.isVerified) return false
  const at = email.address.lastIndexOf('@')
  const domain = at < 1 ? '' : email.address.slice(at + 1).toLowerCase()
  return allowedDomains.some((each) => each.toLowerCase() === domain)
}

/** Whether each claim that the rules name has one of the values that they name for it. */
export function hasAllowedClaims(
  { allowedClaims }: Pick<ProviderRules, 'allowedClaims'>,
  { claims }: Pick<Judged, 'claims'>,
): boolean {
  const names = new Set(allowedClaims.map(({ claim }) => claim))
  return [...names].every((name) => {
    const values = claimValues(claims, name)
    return allowedClaims.some(({ claim, value }) => claim === name && values.includes(value))
  })
}

/** How a person authenticated if two factors were used (RFC 8176; face and fingerprint only beside a password). */
const TWO_FACTORS: ReadonlySet<string> = new Set(['mfa', 'otp', 'hwk', 'swk', 'fido', 'pop'])
const BESIDE_PASSWORD: ReadonlySet<string> = new Set(['face', 'fpt'])

export function saysTwoFactors(methods: readonly string[] | undefined): boolean {
  if (!methods) return false
  if (methods.some((each) => TWO_FACTORS.has(each))) return true
  return methods.includes('pwd') && methods.some((each) => BESIDE_PASSWORD.has(each))
}
