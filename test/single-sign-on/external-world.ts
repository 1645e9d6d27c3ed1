/** A server that takes signed tokens of a test issuer by rules of its settings. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'
import { type Received, send } from '../support/http.ts'
import { type Signing, startIssuer, type TestIssuer } from '../support/oidc/issuer.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

export const AUDIENCE = 'sluice-lab'
export const TELEGRAF = 'system:serviceaccount:monitoring:telegraf'

export interface TestRule {
  readonly subject: string
  readonly gives: readonly string[]
  readonly claims?: readonly string[]
  readonly issuer?: string
}

export interface ExternalWorld {
  readonly server: SetUpServer
  readonly issuer: TestIssuer
  /** A token that is right, unless claims or signing say otherwise. A claim that is undefined is left out. */
  token(claims?: Readonly<Record<string, unknown>>, signing?: Signing): Promise<string>
  /** Sends a request with that token as Bearer. */
  as(token: string, method: string, path: string, body?: string): Promise<Received>
  stop(): Promise<void>
}

/** @param more further lines of the issuer's table */
export async function startExternal(
  rules: readonly TestRule[],
  {
    now = Date.now,
    more = '',
    audience = AUDIENCE,
    argv = [],
    issuer: given,
    ...options
  }: {
    more?: string
    audience?: string
    argv?: readonly string[]
    issuer?: TestIssuer
  } & NonNullable<Parameters<typeof startSetUp>[1]> = {},
): Promise<ExternalWorld> {
  const issuer = given ?? (await startIssuer({ now }))
  const server = await startSetUp([...externalSettings(issuer.url, rules, more, audience), ...argv], {
    now,
    ...options,
  })
  return {
    ...{ server, issuer },
    token: (claims, signing) => issuer.sign(claimsOf(issuer.url, now(), claims), signing),
    as: (token, method, path, body) =>
      send(server.url, { method, path, body, headers: { authorization: `Bearer ${token}` } }),
    async stop() {
      await server.stop()
      if (!given) await issuer.stop()
    },
  }
}

/** The claims of a token as Kubernetes signs it, from now on for an hour. */
export function claimsOf(
  iss: string,
  at: number,
  claims: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const seconds = Math.floor(at / 1000)
  const all = {
    ...{ iss, aud: [AUDIENCE], sub: TELEGRAF, iat: seconds, nbf: seconds, exp: seconds + 3600 },
    'kubernetes.io': { namespace: 'monitoring', serviceaccount: { name: 'telegraf' } },
    ...claims,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** The command line for a file with an issuer and its rules. */
export function externalSettings(
  url: string,
  rules: readonly TestRule[],
  more = '',
  audience = AUDIENCE,
): readonly string[] {
  const path = join(temporaryFolder(), 'sluice.toml')
  writeFileSync(path, settingsOf(url, rules, { more, audience }))
  return ['--config-path', path]
}

function settingsOf(
  url: string,
  rules: readonly TestRule[],
  { more, audience }: { more: string; audience: string },
): string {
  const list = (items: readonly string[]) => JSON.stringify(items)
  return [
    `[[jwt-issuer]]\nname = "lab"\nurl = "${url}"\naudience = "${audience}"\n${more}`,
    ...rules.map(
      ({ subject, gives, claims = [], issuer = 'lab' }) =>
        `[[jwt-rule]]\nissuer = "${issuer}"\nsubject = "${subject}"\nclaims = ${list(claims)}\ngives = ${list(gives)}\n`,
    ),
  ].join('\n')
}
