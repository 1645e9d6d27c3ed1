/** Sign-in through OpenID Connect providers. */
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { SluiceError } from '../../../domain/base/errors.ts'
import { SecondFactorDueError } from '../../../domain/sign-in/pending-sign-in.ts'
import type { BackChannelLogout } from '../../../domain/single-sign-on/back-channel.ts'
import type { ProviderSignIn } from '../../../domain/single-sign-on/provider-sign-in.ts'
import type { ProviderSignOut } from '../../../domain/single-sign-on/provider-sign-out.ts'
import { refuseForeignSignIn, refuseForeignSignOut, type TrustedOrigins } from '../../protection/forgery.ts'
import { readSessionKeys } from '../../request/credentials.ts'
import type { FlowCookies } from '../../request/flow-cookies.ts'
import { rawQueryOf } from '../../request/path.ts'
import { safeReturnPath } from '../../request/return-path.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { BODY, CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

/** What the sign-in page says after a failure, by the reason of the error. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'sign-in-expired': 'expired',
  'refused-by-provider': 'refused-by-provider',
  'provider-away': 'provider-away',
  'provider-misconfigured': 'misconfigured',
  'clock-differs': 'clock',
  'outside-not-allowed': 'not-allowed',
  'outside-no-name': 'misconfigured',
  'name-taken': 'name-taken',
  'identity-taken': 'identity-taken',
  'user-inactive': 'inactive',
}

const NameParams = Type.Object({ name: Type.String({ description: 'Of the provider in the settings' }) })
const RETURN = Type.Optional(Type.String({ description: 'A path of the console; / for all others' }))
/** A logout token is far smaller. */
const LARGEST_FORM = 16 * 1024

export interface ProviderSignInDeps {
  readonly providerSignIn: ProviderSignIn
  readonly providerSignOut: ProviderSignOut
  readonly backChannelLogout: BackChannelLogout
  readonly cookie: SessionCookie
  readonly pendingCookie: SessionCookie
  readonly flowCookies: FlowCookies
  readonly origins: TrustedOrigins
  /** Where browsers find the console, such as `/`. */
  readonly consolePath: string
}

export function registerProviderSignIn(api: Api, deps: ProviderSignInDeps): void {
  const { providerSignIn, cookie, pendingCookie, flowCookies, origins, consolePath } = deps
  const tags = ['Session']
  const to = (path: string) => consolePath + path.slice(1)

  api.post(
    '/api/v2/signin/oidc/:name',
    {
      schema: {
        operationId: 'PostSigninOidc',
        summary: 'Begin to sign in through a provider; the answer says where the browser goes',
        tags,
        security: [],
        params: NameParams,
        body: Type.Object({
          return: RETURN,
          org: Type.Optional(Type.String({ description: 'Deployment cloud: the organization, by name' })),
          orgID: Type.Optional(Type.String({ description: 'The same, by id' })),
          again: Type.Optional(
            Type.Boolean({ description: 'Whether the user must prove themselves at the provider once more' }),
          ),
        }),
        response: { 200: Type.Object({ url: Type.String() }), ...errors(403, 404, ...BODY) },
      },
    },
    async (request, reply) => {
      refuseForeignSignIn(request, origins)
      const { return: returnTo, org, orgID, again = false } = request.body
      const flow = await providerSignIn.begin({
        ...{ provider: request.params.name, returnTo: safeReturnPath(returnTo), isAgain: again },
        wanted: { org, orgID },
      })
      reply.header('set-cookie', flowCookies.begin(flow, request))
      return reply.code(200).send({ url: flow.url })
    },
  )

  api.get(
    '/api/v2/signin/oidc/:name/callback',
    {
      schema: {
        operationId: 'GetSigninOidcCallback',
        summary: 'Come back from a provider; leads to the console, also after a failure',
        tags,
        security: [],
        params: NameParams,
        response: { 303: NoContent, ...errors(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const query = rawQueryOf(request)
      const state = new URLSearchParams(query).get('state')
      const cookies = [flowCookies.end(state, request)]
      const lead = (path: string) => {
        reply.header('set-cookie', cookies)
        return leadTo(reply, to(path))
      }
      try {
        const finished = await providerSignIn.finish({
          ...{ provider: request.params.name, query, sealed: flowCookies.read(state, request) },
          presentedKeys: readSessionKeys(request.headers.cookie, cookie.name),
          origin: request.origin(),
        })
        if (finished.kind === 'in') {
          const { key, cookieExpiresAt } = finished.session
          cookies.push(cookie.write(key, cookieExpiresAt, request))
        }
        if (finished.kind === 'not-linked') {
          const problem = PROBLEMS[finished.error.reason ?? '']
          if (problem === undefined) throw finished.error
          return lead(withProblem(finished.returnTo, problem))
        }
        return lead(finished.returnTo)
      } catch (error) {
        if (error instanceof SecondFactorDueError) {
          cookies.push(pendingCookie.write(error.pending, error.expiresAt, request))
          return lead(`/signin?step=second-factor&factors=${error.methods.join(',')}`)
        }
        const problem = error instanceof SluiceError && PROBLEMS[error.reason ?? '']
        if (!problem) throw error
        return lead(`/signin?problem=${problem}`)
      }
    },
  )

  api.post(
    '/api/v2/signin/oidc/:name/backchannel-logout',
    {
      config: { readsForm: LARGEST_FORM },
      schema: {
        operationId: 'PostSigninOidcBackchannelLogout',
        summary: 'Hear from a provider that somebody has signed out there',
        tags,
        security: [],
        params: NameParams,
        body: Type.Object({ logout_token: Type.String() }),
        response: { 200: Type.Object({}), ...errors(400, 404, 408, 413) },
      },
    },
    async (request, reply) => {
      try {
        await deps.backChannelLogout(request.params.name, request.body.logout_token, request.origin())
      } catch (error) {
        // RFC 9700 and the specification want 400 and no more for every token that does not count.
        if (!(error instanceof SluiceError) || error.code !== 'unauthorized') throw error
        throw new SluiceError('invalid', 'the logout token does not count', {
          cause: error.cause,
          reason: error.reason,
        })
      }
      return reply.code(200).send({})
    },
  )

  api.post(
    '/api/v2/signout/provider',
    {
      config: { ignoresBody: true },
      schema: {
        operationId: 'PostSignoutProvider',
        summary:
          'End the session in use, by its cookie, and say where the browser ends the one at the provider',
        tags,
        security: [{ session: [] }],
        response: {
          200: Type.Object({
            url: Type.Optional(Type.String({ description: 'Missing if nothing is to be ended there' })),
          }),
          ...errors(...CREDENTIALS),
        },
      },
    },
    async (request) => {
      refuseForeignSignOut(request, origins)
      const keys = readSessionKeys(request.headers.cookie, cookie.name)
      const url = await deps.providerSignOut(keys, request.origin())
      return url === undefined ? {} : { url }
    },
  )
}

/** For a user who has signed in: adds an identity at a provider. */
export function registerIdentityLinking(
  api: Api,
  { providerSignIn, flowCookies }: Pick<ProviderSignInDeps, 'providerSignIn' | 'flowCookies'>,
): void {
  api.post(
    '/api/v2/me/identities/oidc/:name',
    {
      schema: {
        operationId: 'PostMeIdentitiesOidc',
        summary: "Begin to link one's own identity at a provider; the answer says where the browser goes",
        tags: ['Single sign-on'],
        params: NameParams,
        body: Type.Object({ return: RETURN }),
        response: { 200: Type.Object({ url: Type.String() }), ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request, reply) => {
      const flow = await providerSignIn.beginLinking(request.caller(), {
        ...{ provider: request.params.name, returnTo: safeReturnPath(request.body.return) },
      })
      reply.header('set-cookie', flowCookies.begin(flow, request))
      return reply.code(200).send({ url: flow.url })
    },
  )
}

/** @param path of the console, such as `/account?a=b#c` */
function withProblem(path: string, problem: string): string {
  const url = new URL(path, 'http://sluice.invalid')
  url.searchParams.set('problem', problem)
  return url.pathname + url.search + url.hash
}

/**
 * 303, so that no method and no body goes on (RFC 9700, 4.12). Every answer has `Cache-Control: no-store` and
 * `Referrer-Policy: no-referrer`, so the code stays out of caches and of the next request (4.2).
 */
function leadTo(reply: FastifyReply, path: string) {
  reply.header('location', path)
  return reply.code(303).send(null)
}
