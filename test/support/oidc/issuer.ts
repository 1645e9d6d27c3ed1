/** An issuer on loopback that signs what a test says, also what no honest provider would. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export interface Signing {
  readonly alg?: string
  /** The name of a key: `first` and `second` can be published; `foreign` never is; `client-secret` is symmetric. */
  readonly key?: 'first' | 'second' | 'foreign' | 'client-secret'
  readonly kid?: string | undefined
  readonly typ?: string
  readonly header?: Readonly<Record<string, unknown>>
  /** Replaces the signature. */
  readonly signature?: string
}

export interface TestIssuer {
  readonly url: string
  /** Added to the metadata, or replacing it. */
  metadata: Record<string, unknown>
  /** The names of the published keys. */
  published: ('first' | 'second')[]
  /** What the token endpoint answers next; by default an ID token of `claims`. */
  token: (form: URLSearchParams) => Promise<{ status?: number; body: unknown }>
  userinfo: Record<string, unknown> | undefined
  /** The paths that were asked for, in order. */
  readonly asked: string[]
  /** The forms that the token endpoint got. */
  readonly forms: URLSearchParams[]
  sign(claims: Readonly<Record<string, unknown>>, signing?: Signing): Promise<string>
  stop(): Promise<void>
}

export const CLIENT_ID = 'sluice'
export const CLIENT_SECRET = 'the-secret-of-the-client-0123456789'

/** @param tls certificate and key in PEM; without them http */
export async function startIssuer({
  tls,
  now = Date.now,
}: {
  tls?: { cert: string; key: string }
  now?: () => number
} = {}): Promise<TestIssuer> {
  const keys = await makeKeys()
  const server: Server = tls ? createTlsServer(tls, answer) : createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `${tls ? 'https' : 'http'}://${tls ? 'localhost' : '127.0.0.1'}:${port}`

  const issuer: TestIssuer = {
    url,
    metadata: {},
    published: ['first'],
    token: async () => ({
      body: { access_token: 'a', token_type: 'Bearer', id_token: await issuer.sign({}) },
    }),
    userinfo: undefined,
    asked: [],
    forms: [],
    async sign(claims, { alg = 'RS256', key = 'first', typ, header, signature, ...rest } = {}) {
      const kid = 'kid' in rest ? rest.kid : key
      const protectedHeader = { alg, ...(kid ? { kid } : {}), ...(typ ? { typ } : {}), ...header }
      if (alg === 'none') return `${encoded(protectedHeader)}.${encoded(claims)}.`
      const secret =
        key === 'client-secret' ? Buffer.from(CLIENT_SECRET) : (keys[key]?.privateKey as CryptoKey)
      const token = await new SignJWT(claims as JWTPayload).setProtectedHeader(protectedHeader).sign(secret)
      return signature === undefined ? token : token.replace(/[^.]*$/, signature)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', url)
    issuer.asked.push(pathname)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const json = (body: unknown, status = 200) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        date: new Date(now()).toUTCString(),
      })
      response.end(JSON.stringify(body))
    }
    if (pathname === '/.well-known/openid-configuration') {
      return json({
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        userinfo_endpoint: `${url}/userinfo`,
        end_session_endpoint: `${url}/logout`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        ...issuer.metadata,
      })
    }
    if (pathname === '/keys') return json({ keys: issuer.published.map((name) => keys[name].jwk) })
    if (pathname === '/token') {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      issuer.forms.push(form)
      const { status, body } = await issuer.token(form)
      return json(body, status)
    }
    if (pathname === '/userinfo' && issuer.userinfo) return json(issuer.userinfo)
    json({ error: 'not_found' }, 404)
  }
  return issuer
}

async function makeKeys() {
  const pair = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk: JWK = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }
    return { privateKey, jwk }
  }
  return { first: await pair('first'), second: await pair('second'), foreign: await pair('foreign') }
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
