/** A server whose provider is a test issuer, and a browser that goes through the flow without pages. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { type Received, send } from '../support/http.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type Signing,
  startIssuer,
  type TestIssuer,
} from '../support/oidc/issuer.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { parseSetCookie } from '../support/set-cookie.ts'

/** What a browser keeps: cookies by name, sent to every path. */
export type Jar = Map<string, string>

export const jarHeader = (jar: Jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

export function keep(jar: Jar, { headers }: Received): void {
  for (const line of headers['set-cookie'] ?? []) {
    const { name, value, 'max-age': age } = parseSetCookie(line) as Record<string, string>
    if (name === undefined) continue
    if (age === '0') jar.delete(name)
    else jar.set(name, value ?? '')
  }
}

export interface OidcWorld {
  readonly server: SetUpServer
  readonly issuer: TestIssuer
  /** Begins a flow as a browser; returns the parameters that the provider gets. */
  begin(jar: Jar, body?: object, name?: string): Promise<URLSearchParams>
  /** Comes back from the provider with a code. */
  comeBack(jar: Jar, query: string, name?: string): Promise<Received>
  /** The whole flow; the next ID token has these claims beside the ones that every token has. */
  signIn(
    claims: Readonly<Record<string, unknown>>,
    options?: { jar?: Jar; signing?: Signing; body?: object },
  ): Promise<Received>
  /** The name of the session's user; undefined if there is no session. */
  whoIs(jar: Jar): Promise<string | undefined>
  stop(): Promise<void>
}

/** @param argv such as `--oidc-group-roles dev=lab:member`; issuer, client and public URL are added */
export async function startOidc(
  argv: readonly string[] = [],
  {
    name = 'corp',
    now = Date.now,
    issuer: given,
  }: { name?: string; now?: () => number; issuer?: TestIssuer } = {},
): Promise<OidcWorld> {
  const issuer = given ?? (await startIssuer({ now }))
  const server = await startSetUp(
    [
      ...['--public-url', 'http://127.0.0.1:8086', '--oidc-issuer', issuer.url, '--oidc-name', name],
      ...['--oidc-client-id', CLIENT_ID, '--oidc-client-secret', CLIENT_SECRET, ...argv],
    ],
    { now },
  )
  const path = (provider: string) => `/api/v2/signin/oidc/${provider}`

  const world: OidcWorld = {
    ...{ server, issuer },
    async begin(jar, body = {}, provider = name) {
      const begun = await send(server.url, {
        ...{ method: 'POST', path: path(provider), body: JSON.stringify(body) },
        headers: { cookie: jarHeader(jar), 'sec-fetch-site': 'same-origin' },
      })
      assert.equal(begun.status, 200, begun.text)
      keep(jar, begun)
      return new URL(begun.json.url).searchParams
    },
    async comeBack(jar, query, provider = name) {
      const received = await send(server.url, {
        ...{ method: 'GET', path: `${path(provider)}/callback${query}` },
        headers: { cookie: jarHeader(jar), 'sec-fetch-site': 'cross-site' },
      })
      keep(jar, received)
      return received
    },
    async signIn(claims, { jar = new Map(), signing, body } = {}) {
      const asked = await world.begin(jar, body)
      issuer.token = async (form) => {
        assert.match(form.get('code_verifier') ?? '', /^[A-Za-z0-9._~-]{43,128}$/)
        const challenge = hash('sha256', form.get('code_verifier') ?? '', 'base64url')
        assert.equal(challenge, asked.get('code_challenge'))
        return {
          body: {
            ...{ access_token: 'a', token_type: 'Bearer' },
            id_token: await issuer.sign(tokenClaims(issuer, asked, claims, now), signing),
          },
        }
      }
      return world.comeBack(jar, answerTo(issuer, asked))
    },
    async whoIs(jar) {
      const me = await send(server.url, {
        ...{ method: 'GET', path: '/api/v2/me', headers: { cookie: jarHeader(jar) } },
      })
      return me.status === 200 ? me.json.name : undefined
    },
    async stop() {
      await server.stop()
      if (!given) await issuer.stop()
    },
  }
  return world
}

export function answerTo(issuer: TestIssuer, asked: URLSearchParams): string {
  return `?${new URLSearchParams({ code: 'c', state: asked.get('state') ?? '', iss: issuer.url })}`
}

export function tokenClaims(
  issuer: TestIssuer,
  asked: URLSearchParams,
  more: Readonly<Record<string, unknown>>,
  now: () => number = Date.now,
): Record<string, unknown> {
  const at = Math.floor(now() / 1000)
  return {
    ...{ iss: issuer.url, aud: CLIENT_ID, sub: '00u1', iat: at, exp: at + 300 },
    ...{ nonce: asked.get('nonce'), ...more },
  }
}
