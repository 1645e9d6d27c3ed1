/**
 * Answers gateways that ask about a request before they pass it on (nginx `auth_request`, Caddy `forward_auth`, Traefik
 * `forwardAuth`, Envoy `ext_authz`): who sends it, and whether the caller may do what the gateway names.
 */
import type { Caller, Principal } from '../../domain/access/principal.ts'
import { forbidden, invalid, SluiceError } from '../../domain/base/errors.ts'
import { andThen, attempt, type MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { BucketAccess } from '../../domain/gateway/bucket-access.ts'
import type { BelongingsOf } from '../../domain/memberships/belongings.ts'
import { asksForLiveness, type DescribedArrival, type DescribedUpstream } from '../gateway/described.ts'
import type { AuthenticateLegacy } from '../gateway/legacy-authentication.ts'
import type { Authenticate } from '../protection/authentication.ts'
import type { TrustedOrigins } from '../protection/forgery.ts'
import type { Authenticated } from '../protection/gates.ts'
import type { PlainRequest } from '../request/plain-request.ts'
import type { ReceivedRequest } from '../request/secure-request.ts'
import type { CheckParameters } from './check-parameters.ts'
import type { DescribedRequest, ForwardedRequests } from './forwarded-request.ts'
import { type IdentityHeaders, identityHeaders } from './identity-headers.ts'
import { type ReturnAddresses, signInAddress } from './sign-in-address.ts'

/** Path and query for upstream. */
export const TARGET_HEADER = 'x-sluice-target'

export interface AuthCheck {
  readonly forwarded: ForwardedRequests
  readonly returnAddresses: ReturnAddresses
  /**
   * The caller of the forwarded request. For a session, the cross-site check is about that request: its method, its
   * host, and the `Origin` and `Sec-Fetch-Site` that its browser sent. A method that no trusted proxy names counts as
   * one that changes something. For an upstream with the 1.x API its credentials count too. Throws as `authenticate`
   * does.
   */
  authenticate(
    request: PlainRequest,
    forwarded: DescribedRequest,
    asked: Pick<CheckParameters, 'upstream' | 'isReplaced'>,
  ): MaybePromise<Authenticated>
  /**
   * The headers for the application, and the target for upstream if it replaces the client's. Throws as `identify`
   * does, and `invalid` if the gateway asks for an upstream that there is not, or does not describe the request.
   */
  decide(
    request: { readonly principal: Principal; caller(): Caller },
    asked: Pick<CheckParameters, 'wanted' | 'upstream' | 'isReplaced'>,
    described: DescribedRequest & Partial<Pick<DescribedArrival, 'contentEncoding' | 'contentType'>>,
  ): MaybePromise<IdentityHeaders>
  /** The headers for the application. Throws `forbidden` if the caller may not do what is wanted. */
  identify(principal: Principal, wanted: CheckParameters['wanted']): MaybePromise<IdentityHeaders>
  /**
   * Where a browser signs in that opened a page and was refused; undefined for all other requests, and for refusals
   * that a sign-in does not change.
   */
  signIn(error: unknown, request: ReceivedRequest, forwarded: DescribedRequest): string | undefined
}

export function createAuthCheck(deps: {
  authenticateWith: (origins: TrustedOrigins) => Authenticate
  origins: TrustedOrigins
  forwarded: ForwardedRequests
  returnAddresses: ReturnAddresses
  belongingsOf: BelongingsOf
  buckets: Pick<BucketAccess, 'bucket'>
  /** Authenticates by the credentials of the 1.x API, or by session. */
  authenticateLegacy: AuthenticateLegacy
  /** The upstreams that a check can name, by name. */
  upstreams: ReadonlyMap<string, DescribedUpstream>
  /** The address of the sign-in page: absolute if the server knows its own. */
  signInPage: string
}): AuthCheck {
  const { authenticateWith, origins, belongingsOf, buckets } = deps
  // A page may send requests to an application only from the application's own host; this server's host does not count.
  const withSchemes = (...schemes: TrustedOrigins['schemes']) =>
    authenticateWith({ ...origins, schemes, publicOrigin: undefined })
  const byScheme = {
    http: withSchemes('http'),
    https: withSchemes('https'),
    unknown: withSchemes(...origins.schemes),
  }

  const identify: AuthCheck['identify'] = (principal, wanted) =>
    andThen(wanted && requireBucket(buckets, principal, wanted), () =>
      andThen(belongingsOf(principal), (belongings) => identityHeaders(principal, belongings)),
    )

  return {
    forwarded: deps.forwarded,
    identify,
    returnAddresses: deps.returnAddresses,

    authenticate(request, { method = '', scheme, host, target = '' }, { upstream, isReplaced }) {
      const bySession = () =>
        byScheme[scheme ?? 'unknown']({
          ...(request.id === undefined ? {} : { id: request.id }),
          method,
          headers: withHost(request.headers, host),
          clientAddress: () => request.clientAddress(),
        })
      if (upstream === undefined) return bySession()
      const parameters = upstreamOf(deps.upstreams, upstream)?.legacyCredentials({
        method,
        target,
        isReplaced,
      })
      if (!parameters) return bySession()
      const { authorization } = request.headers
      return deps.authenticateLegacy({
        ...{ headers: { authorization }, address: request.clientAddress(), requestID: request.id },
        ...{ parameters, bySession },
      })
    },

    decide(request, { wanted, upstream, isReplaced }, described) {
      if (upstream === undefined) return identify(request.principal, wanted)
      const asked = { ...described, isReplaced, caller: request.caller() }
      return andThen(requireUpstream(deps.upstreams, upstream, asked), (target) =>
        andThen(identify(request.principal, undefined), (headers) =>
          isReplaced ? [...headers, TARGET_HEADER, target] : headers,
        ),
      )
    },

    signIn(error, request, forwarded) {
      if (!mayHelp(error) || !opensPage(request, forwarded)) return undefined
      const { scheme, host, target } = forwarded
      const address = scheme && host && target ? `${scheme}://${host}${target}` : undefined
      return signInAddress(deps.signInPage, address && deps.returnAddresses.safe(address, host))
    },
  }
}

/** The headers that authentication reads. */
function withHost(
  {
    authorization,
    cookie,
    origin,
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-websocket-version': webSocket,
    'x-sluice-background': background,
    upgrade,
  }: PlainRequest['headers'],
  host: string | undefined,
): PlainRequest['headers'] {
  return {
    ...{ authorization, cookie, origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, host, upgrade },
    ...{ 'sec-websocket-version': webSocket, 'x-sluice-background': background },
  }
}

/** `name` is empty for the only one. */
function upstreamOf(
  upstreams: ReadonlyMap<string, DescribedUpstream>,
  name: string,
): DescribedUpstream | undefined {
  const [only] = upstreams.size === 1 ? upstreams.values() : []
  return name === '' ? only : upstreams.get(name)
}

/** Promises the target with which the request may be sent. */
function requireUpstream(
  upstreams: ReadonlyMap<string, DescribedUpstream>,
  name: string,
  described: Parameters<AuthCheck['decide']>[2] & Pick<DescribedArrival, 'caller' | 'isReplaced'>,
): Promise<string> {
  const upstream = upstreamOf(upstreams, name)
  if (!upstream) {
    throw invalid(`there is no such upstream; name one of: ${[...upstreams.keys()].join(', ') || 'none'}`)
  }
  const { method, target, contentEncoding, contentType } = described
  if (method === undefined || target === undefined) {
    throw invalid(
      'the method and the path of the request are missing: the gateway must say them, and be one of trusted-proxies',
    )
  }
  if (asksForLiveness({ method, target })) return Promise.resolve(target)
  return upstream.judge({ ...described, method, target, contentEncoding, contentType })
}

/**
 * A bucket that does not exist and one that the caller may not use are refused alike: gateways understand no 404, and
 * the answer does not tell which buckets exist.
 */
function requireBucket(
  buckets: Pick<BucketAccess, 'bucket'>,
  principal: Principal,
  { action, bucket }: NonNullable<CheckParameters['wanted']>,
): MaybePromise<unknown> {
  const named = bucket.org || bucket.orgID ? bucket : { ...bucket, orgID: onlyOrganization(principal) }
  const refusal = `you may not ${action} this bucket, or it does not exist`
  const refuse = (error: unknown): never => {
    if (error instanceof SluiceError && error.code === 'not found') {
      throw forbidden('missing-permission', refusal, { cause: error })
    }
    throw error
  }
  return attempt(
    () => buckets.bucket(principal, action, named, refusal),
    (found) => found,
    refuse,
  )
}

function onlyOrganization({ authorizationOrgID, confinedTo }: Principal) {
  const id = authorizationOrgID ?? confinedTo
  if (id === undefined) throw invalid('the check must name the organization of the bucket, in org or orgID')
  return id
}

/** Whether signing in can change the answer. */
function mayHelp(error: unknown): boolean {
  if (!(error instanceof SluiceError)) return false
  return error.code === 'unauthorized' || error.reason === 'password-change-due'
}

/** Whether a browser opens a page by this request (Fetch Metadata; for older browsers, the media types they accept). */
function opensPage({ headers }: ReceivedRequest, { method = 'GET' }: DescribedRequest): boolean {
  if (method !== 'GET' || headers.authorization !== undefined) return false
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return headers.accept?.includes('text/html') ?? false
}
