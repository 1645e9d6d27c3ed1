/** Signed tokens of outside issuers: the issuers and rules of the settings, and what they give. */
import { readFile } from 'node:fs/promises'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { quoted } from '../config/refusals/quote.ts'
import type { Settings } from '../config/settings.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import { createExternalTokens, type ExternalTokens } from '../domain/external-tokens/external-tokens.ts'
import { createRightsOfRules } from '../domain/external-tokens/rights-of-rules.ts'
import { subjectProblem } from '../domain/external-tokens/subject-pattern.ts'
import { parseGivenRight, type TokenRule } from '../domain/external-tokens/token-rule.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { parseClaimRule } from '../domain/single-sign-on/provider-rules.ts'
import type { OpenTokenIssuer, TokenIssuerOptions } from '../oidc/token-issuer.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { AuditParts } from './audit.ts'
import type { ComposedDomain } from './domain.ts'
import { readSettingFile } from './setting-file.ts'

/** The domain with the external tokens, which it does not know itself. */
export type DomainOfHttp = ComposedDomain & {
  /** Undefined if the settings have no issuer. */
  readonly externalTokens?: ExternalTokens | undefined
}

type JwtSettings = Pick<Settings, 'jwtIssuer' | 'jwtRule'>

export interface OpenTokenIssuers {
  readonly issuers: readonly OpenTokenIssuer[]
  readonly issuerOf: (token: string) => OpenTokenIssuer | undefined
  close(): Promise<void>
}

/**
 * Opens the issuers of the settings, without asking any of them for anything. Throws ConfigurationError for a file that
 * cannot be read.
 */
export async function openTokenIssuers(
  { jwtIssuer }: Pick<Settings, 'jwtIssuer'>,
  { now }: { now: Clock },
): Promise<OpenTokenIssuers> {
  // Only here, so that a start without issuers is as quick as before.
  const { createTokenIssuer, createIssuerOf } = await import('../oidc/token-issuer.ts')
  const { parseKeys } = await import('../oidc/issuer-keys.ts')
  const issuers = jwtIssuer.map((each) => createTokenIssuer(optionsOf(each, parseKeys), { now }))
  return {
    ...{ issuers, issuerOf: createIssuerOf(issuers) },
    close: async () => void (await Promise.all(issuers.map((each) => each.close()))),
  }
}

function optionsOf(
  each: Settings['jwtIssuer'][number],
  parseKeys: (text: string) => Awaited<ReturnType<NonNullable<TokenIssuerOptions['readKeys']>>>,
): TokenIssuerOptions {
  const { name, url, audience, keysUrl, keysFile, caFile } = each
  const setting = `jwt-issuer ${name}: keys-file`
  if (keysFile !== undefined) {
    try {
      parseKeys(readSettingFile(setting, keysFile))
    } catch (error) {
      if (error instanceof ConfigurationError) throw error
      throw new ConfigurationError(`${setting} is no usable JWKS: ${(error as Error).message}`)
    }
  }
  return {
    ...{ name, url, audience, keysUrl },
    readKeys: keysFile === undefined ? undefined : async () => parseKeys(await readFile(keysFile, 'utf8')),
    ca: caFile === undefined ? undefined : readSettingFile(`jwt-issuer ${name}: ca-file`, caFile),
    ...{ timeoutMs: each.timeout, toleranceMs: each.clockTolerance, maxLengthMs: each.maxLength },
  }
}

/** The rules of the settings. Throws ConfigurationError for what cannot be read, and for a subject that is too wide. */
export function tokenRulesOf({ jwtRule }: Pick<Settings, 'jwtRule'>): readonly TokenRule[] {
  return jwtRule.map(({ issuer, subject, claims, gives }, number) => {
    const refuse = (text: string): never => {
      throw new ConfigurationError(`jwt-rule ${number + 1}: ${text}`)
    }
    const problem = subjectProblem(subject)
    if (problem !== undefined) refuse(`subject is ${quoted(subject)}; ${problem}`)
    return {
      ...{ number, issuer, subject },
      claims: claims.map(
        (text) => parseClaimRule(text) ?? refuse(`claims has ${quoted(text)}; each must be CLAIM=VALUE`),
      ),
      gives: gives.map(
        (text) =>
          parseGivenRight(text) ??
          refuse(`gives has ${quoted(text)}; each must be ORG/BUCKET:read or ORG/BUCKET:write`),
      ),
    }
  })
}

export async function composeExternalTokens(parts: {
  settings: JwtSettings
  store: Pick<IdentityStore, 'organizations' | 'buckets'>
  domain: ComposedDomain
  audit: Pick<AuditParts, 'trail'>
  metrics: Pick<Metrics, 'countExternalToken'>
  now: Clock
  log: Pick<Log, 'warn'>
}): Promise<{ domain: DomainOfHttp; close(): Promise<void> }> {
  const { settings, store, domain, audit, metrics, now, log } = parts
  if (settings.jwtIssuer.length === 0) return { domain, close: async () => {} }
  const rules = tokenRulesOf(settings)
  const { issuerOf, close } = await openTokenIssuers(settings, { now })
  const rights = createRightsOfRules({ ...store, now, log })
  domain.onChange(rights.forget)
  const externalTokens = createExternalTokens({
    ...{ issuerOf, rules, rights, changes: domain.changes, audit: audit.trail, now },
    count: metrics.countExternalToken,
  })
  return { domain: { ...domain, externalTokens }, close }
}
