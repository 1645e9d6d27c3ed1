/** Trying a signed token step by step, for `sluice jwt test`. */
import { decodeProtectedHeader, type JWTPayload } from 'jose'
import type { TrialStep } from '../domain/base/trial-step.ts'
import { type GivenRight, lacksFor, type TokenRule } from '../domain/external-tokens/token-rule.ts'
import { claimsIn, type OpenTokenIssuer } from './token-issuer.ts'
import { sentencesOf } from './trial.ts'

/**
 * Whether a server with these issuers and rules would take the token. Nothing is stored. Says what the token says of
 * itself, and nothing of its signature.
 */
export async function tryToken(
  token: string,
  {
    issuers,
    issuerOf,
    rules,
    say,
  }: {
    issuers: readonly OpenTokenIssuer[]
    issuerOf: (token: string) => OpenTokenIssuer | undefined
    rules: readonly TokenRule[]
    say: (step: TrialStep) => void
  },
): Promise<boolean> {
  const ok = (about: string) => say({ outcome: 'ok', about })
  const note = (about: string) => say({ outcome: 'note', about })
  function failed(about: string): false {
    say({ outcome: 'failed', about })
    return false
  }

  const header = headerOf(token)
  const claims = claimsIn(token)
  if (!header) return failed('it is no signed token (JWT) with a header, claims and a signature')
  ok(`it is a signed token, by ${header.alg} with the key ${header.kid ?? 'without an id'}`)
  note(`its subject is ${shown(claims.sub)}`)
  if (isTime(claims.iat) && isTime(claims.exp)) note(`it is valid ${timesOf(claims.iat, claims.exp)}`)

  const issuer = issuerOf(token)
  if (!issuer) {
    const known = issuers.map(({ options }) => options.url).join(', ')
    return failed(`its issuer is ${shown(claims.iss)}, and no jwt-issuer has this url; there are: ${known}`)
  }
  const { name, options, keys } = issuer
  ok(`its issuer is ${options.url}, the jwt-issuer ${name}`)
  if (!audiencesOf(claims).includes(options.audience)) {
    return failed(`its audience is ${shown(claims.aud)}, and that of the jwt-issuer is ${options.audience}`)
  }
  ok(`its audience is ${options.audience}`)

  try {
    const found = await keys.for(header.kid)
    ok(`the keys of the issuer can be read (${found.keys.length})`)
    await issuer.verify(token)
  } catch (error) {
    return failed(sentencesOf(error as Error))
  }
  ok('its signature is right, and it is valid now')
  return tryRules(token, { issuer: name, rules, ok, note, failed })
}

function tryRules(
  token: string,
  {
    issuer,
    rules,
    ok,
    note,
    failed,
  }: {
    issuer: string
    rules: readonly TokenRule[]
    ok: (about: string) => void
    note: (about: string) => void
    failed: (about: string) => false
  },
): boolean {
  const claims = claimsIn(token)
  const subject = String(claims.sub)
  const own = rules.filter((rule) => rule.issuer === issuer)
  let isAny = false
  for (const rule of own) {
    const about = `jwt-rule ${rule.number + 1} (${rule.subject})`
    const lacking = lacksFor(rule, { subject, claims })
    if (lacking === undefined) {
      isAny = true
      ok(`${about} is about it, and gives ${rule.gives.map(writtenRight).join(', ')}`)
    } else
      note(`${about} is not about it: its ${lacking === 'subject' ? 'subject is another' : 'claims differ'}`)
  }
  return isAny || failed('no rule is about it, so it is refused')
}

function headerOf(token: string) {
  try {
    return token.split('.').length === 3 ? decodeProtectedHeader(token) : undefined
  } catch {
    return undefined
  }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < 1e11

function timesOf(iat: number, exp: number): string {
  const written = (seconds: number) => new Date(seconds * 1000).toISOString()
  return `from ${written(iat)} to ${written(exp)} (${Math.round((exp - iat) / 60)} minutes)`
}

function audiencesOf({ aud }: JWTPayload): readonly unknown[] {
  return Array.isArray(aud) ? aud : [aud]
}

const shown = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value))

const writtenRight = ({ organization, bucket = '*', action }: GivenRight) =>
  `${organization}/${bucket}:${action}`
