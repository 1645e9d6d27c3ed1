import { compilePermissions } from '../access/permission-set.ts'
import { NOBODY_ID, type Principal, type RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, SluiceError, unauthorized } from '../base/errors.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import { createTwoGenerationCache } from '../guessing/two-generation-cache.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { RightsOfRules, TokenRights } from './rights-of-rules.ts'
import type { IssuerOfToken, TokenIssuer } from './token-issuer.ts'
import { matchesRule, type TokenRule } from './token-rule.ts'

export interface ExternalTokens {
  /**
   * The principal of a token that was found right before and has not ended; undefined for any other text.
   */
  known(token: string): MaybePromise<Principal> | undefined
  /**
   * The principal of a token. Throws `unauthorized`: `unknown-token` for what is no token of an issuer of the settings,
   * `external-token-refused` or `token-expired`; `forbidden` if no rule is about it; `unavailable` if the issuer's keys
   * cannot be had. Refusals are in the audit log, as is the first use of each token on each node.
   */
  of(token: string, origin: RequestOrigin): Promise<Principal>
}

/** `no-rule` is right, and gives nothing. */
export type ExternalTokenOutcome = 'accepted' | 'refused' | 'expired' | 'no-rule' | 'issuer-away'

interface KeptToken {
  readonly issuer: string
  readonly subject: string
  /** The rules that match the token; what they give may change while the token is valid. */
  readonly rules: readonly TokenRule[]
  readonly endsAt: number
  readonly worksUntil: number
  made?: { readonly rights: TokenRights; readonly principal: Principal } | undefined
}

/** Three parts in base64url (RFC 7515, 7.1); the signature may be missing, which is refused later. */
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/
/** Longer ones would not fit into a request's headers. */
const LONGEST_TOKEN = 16_384
const MOST_KEPT = 20_000
/** How long an expired token is known to be one, so that a program that keeps sending it costs no check of a signature. */
const EXPIRED_FOR_MS = 60 * 60_000
const NOTHING = compilePermissions([])

/**
 * Signed tokens of outside issuers, which stand for no user. A token is checked once and kept by its SHA-256 until it
 * ends, so that it then costs little more than other tokens. What its rules give is looked up again whenever organizations or
 * buckets change.
 */
export function createExternalTokens(deps: {
  issuerOf: IssuerOfToken
  rules: readonly TokenRule[]
  rights: Pick<RightsOfRules, 'of'>
  changes: Changes
  audit: Pick<AuditTrail, 'refuse'>
  count: (issuer: string, outcome: ExternalTokenOutcome) => void
  now: Clock
}): ExternalTokens {
  const { rights, audit, count, now } = deps
  const kept = createTwoGenerationCache<KeptToken>(MOST_KEPT)
  // Apart, since anybody may get tokens of a public CI system for this audience, and must not drive out others.
  const withoutRules = createTwoGenerationCache<KeptToken>(MOST_KEPT)
  const expired = createTwoGenerationCache<true>(MOST_KEPT)
  /** Programs send several requests at once with a new token. */
  const checking = new Map<string, Promise<KeptToken>>()

  function principalOf(token: KeptToken): MaybePromise<Principal> {
    return andThen(rights.of(token.rules), (given) => {
      if (token.made?.rights !== given) token.made = { rights: given, principal: madeOf(token, given) }
      return token.made.principal
    })
  }

  /** Keeps the token once its first use is in the audit log, without which it does not count. */
  async function check(
    issuer: TokenIssuer,
    token: string,
    { hash, origin }: { hash: string; origin: RequestOrigin },
  ): Promise<KeptToken> {
    const { subject, claims, endsAt, worksUntil } = await issuer.verify(token)
    const facts = { issuer: issuer.name, subject, claims }
    const rules = deps.rules.filter((rule) => matchesRule(rule, facts))
    const found: KeptToken = { issuer: issuer.name, subject, rules, endsAt, worksUntil }
    if (rules.length > 0) await noteFirstUse(found, origin)
    const cache = rules.length > 0 ? kept : withoutRules
    cache.keep(hash, found, worksUntil, now())
    return found
  }

  async function checked(...[issuer, token, about]: Parameters<typeof check>): Promise<KeptToken> {
    const { hash } = about
    const pending = checking.get(hash) ?? check(issuer, token, about)
    checking.set(hash, pending)
    try {
      return await pending
    } finally {
      if (checking.get(hash) === pending) checking.delete(hash)
    }
  }

  async function noteFirstUse(token: KeptToken, origin: RequestOrigin): Promise<void> {
    await deps.changes(async (change) => {
      change.records({
        event: 'external-token.use',
        actor: { userName: nameOf(token) },
        target: targetOf(token.issuer, token.rules),
        origin,
      })
    })
    count(token.issuer, 'accepted')
  }

  function refused(error: unknown, issuer: string, hash: string, origin: RequestOrigin): unknown {
    if (!(error instanceof SluiceError)) return error
    const { reason } = error
    if (reason === 'token-issuer-away') count(issuer, 'issuer-away')
    if (reason !== 'external-token-refused' && reason !== 'token-expired') return error
    const isOver = reason === 'token-expired'
    if (isOver) noteEnd(hash)
    count(issuer, isOver ? 'expired' : 'refused')
    return audit.refuse(error, {
      event: 'external-token.use',
      // Nothing that a token says counts before its signature is known to be right.
      ...{ actor: {}, target: targetOf(issuer, []), origin },
    })
  }

  /** A token that was reported expired stays expired, even if the clock is set back. */
  function noteEnd(hash: string): void {
    for (const cache of [kept, withoutRules]) cache.drop(hash)
    if (!expired.get(hash)) expired.keep(hash, true, now() + EXPIRED_FOR_MS, now())
  }

  /** A right token that no rule is about. */
  function refusedByRules({ issuer, subject }: KeptToken, origin: RequestOrigin): SluiceError {
    count(issuer, 'no-rule')
    return audit.refuse(withoutRule(), {
      event: 'external-token.use',
      ...{ actor: { userName: nameOf({ issuer, subject }) }, target: targetOf(issuer, []), origin },
    })
  }

  function living(found: KeptToken | undefined): KeptToken | undefined {
    return found && found.worksUntil > now() ? found : undefined
  }

  return {
    known(token) {
      const found = living(kept.get(hashSecret(token)))
      return found && principalOf(found)
    },
    async of(token, origin) {
      const issuer = isSignedToken(token) ? deps.issuerOf(token) : undefined
      if (!issuer) throw unauthorized('unknown-token')
      const hash = hashSecret(token)
      if (expired.get(hash)) throw refused(isExpired(), issuer.name, hash, origin)
      const found =
        living(kept.get(hash) ?? withoutRules.get(hash)) ??
        (await checked(issuer, token, { hash, origin }).catch((error) => {
          throw refused(error, issuer.name, hash, origin)
        }))
      if (found.rules.length === 0) throw refusedByRules(found, origin)
      return principalOf(found)
    },
  }
}

/** Whether a text has the shape of a signed token. */
export const isSignedToken = (text: string) =>
  text.includes('.') && text.length <= LONGEST_TOKEN && JWT.test(text)

const isExpired = () => unauthorized('token-expired', 'token is expired')

const withoutRule = () =>
  forbidden(
    'no-rule-for-token',
    'the token is right, but no rule of this server is about it; an operator finds out more with sluice jwt test',
  )

/** The name of the caller in the audit log and for applications behind this server. */
const nameOf = ({ issuer, subject }: Pick<KeptToken, 'issuer' | 'subject'>) => `${issuer}:${subject}`

function targetOf(issuer: string, rules: readonly TokenRule[]): AuditTarget {
  const about =
    rules.length === 0 ? '' : ` (by the rules for ${rules.map(({ subject }) => subject).join(', ')})`
  return { type: 'external-token', name: `${issuer}${about}` }
}

function madeOf({ issuer, subject, endsAt }: KeptToken, { permissions, orgID }: TokenRights): Principal {
  return {
    kind: 'token',
    user: { id: NOBODY_ID, name: nameOf({ issuer, subject }), status: 'active' },
    external: { issuer, subject },
    permissions,
    // It ends, so nothing that lasts may be given away with it.
    ...{ lasting: NOTHING, endsAt },
    ...(orgID === undefined ? {} : { authorizationOrgID: orgID }),
  }
}
