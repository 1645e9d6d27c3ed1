/** What the settings say about the tokens of an issuer. */
import type { Action } from '../records/permission.ts'
import type { Claims } from '../single-sign-on/claims.ts'
import { type ClaimRule, hasAllowedClaims, parseBucketPlace } from '../single-sign-on/provider-rules.ts'
import { matchesSubject } from './subject-pattern.ts'

export interface TokenRule {
  /** Tells the rule from all others. */
  readonly number: number
  /** The name of the issuer in the settings. */
  readonly issuer: string
  /** A subject, or a pattern of `subject-pattern.ts`. */
  readonly subject: string
  /** All names must be met, each by one of its values. */
  readonly claims: readonly ClaimRule[]
  readonly gives: readonly GivenRight[]
}

/** Reading or writing one bucket, or all of an organization. */
export interface GivenRight {
  /** Name or id. */
  readonly organization: string
  /** Name or id; undefined for every bucket of the organization. */
  readonly bucket: string | undefined
  readonly action: Action
}

/** The claims of a token whose signature has been verified. */
export interface TokenFacts {
  readonly issuer: string
  readonly subject: string
  readonly claims: Claims
}

const EVERY_BUCKET = '*'

/** Parses `ORG/BUCKET:read`, `ORG/BUCKET:write` or the same with the bucket `*`. Undefined for anything else. */
export function parseGivenRight(text: string): GivenRight | undefined {
  const colon = text.lastIndexOf(':')
  const action = text.slice(colon + 1).trim()
  const place = colon < 0 ? undefined : parseBucketPlace(text.slice(0, colon))
  if (!place || (action !== 'read' && action !== 'write')) return undefined
  const { organization, bucket } = place
  return { organization, bucket: bucket === EVERY_BUCKET ? undefined : bucket, action }
}

export function matchesRule(rule: TokenRule, token: TokenFacts): boolean {
  return rule.issuer === token.issuer && lacksFor(rule, token) === undefined
}

/** What a token of the rule's issuer lacks for the rule; undefined if nothing. */
export function lacksFor(
  { subject, claims }: TokenRule,
  token: Pick<TokenFacts, 'subject' | 'claims'>,
): 'subject' | 'claims' | undefined {
  if (!matchesSubject(subject, token.subject)) return 'subject'
  return hasAllowedClaims({ allowedClaims: claims }, token) ? undefined : 'claims'
}
