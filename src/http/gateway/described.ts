/**
 * A request that another gateway describes and sends upstream itself (docs/forward-auth.md). That gateway has a
 * credential of its own there, so nothing may be left to upstream.
 */
import type { IncomingMessage } from 'node:http'
import type { Caller } from '../../domain/access/principal.ts'
import { forbidden, SluiceError } from '../../domain/base/errors.ts'
import { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import type { Arrival } from './arrival.ts'
import { FORM, mediaTypeOf } from './form.ts'
import { type FindMatch, type GatewayRoute, methodsOf, routeOf } from './route-table.ts'
import { decisiveIn, type Parameters, plainPath, queryOf } from './target.ts'

export interface DescribedArrival {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly contentEncoding: string | undefined
  readonly contentType: string | undefined
  readonly caller: Caller
  /** Whether the other gateway sends the target in Sluice's answer in place of the client's. */
  readonly isReplaced: boolean
}

/** An upstream about whose requests other gateways may ask. */
export interface DescribedUpstream {
  /**
   * The `u` and `p` of a request for which the credentials of the 1.x API count; undefined if a token or session alone
   * does.
   */
  legacyCredentials(
    request: Pick<DescribedArrival, 'method' | 'target' | 'isReplaced'>,
  ): Readonly<Record<'u' | 'p', string | undefined>> | undefined
  /**
   * The target with which it may be sent. Throws `forbidden` with the reason for what the caller may not do, and for what
   * cannot be decided.
   */
  judge(described: DescribedArrival): Promise<string>
}

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE'])

export const mayHaveBody = (method: string): boolean => !WITHOUT_BODY.has(method)

export function isFormOfAnyKind(contentType: string | undefined): boolean {
  const type = mediaTypeOf(contentType)
  return type === FORM || type.startsWith('multipart/')
}

/**
 * The request as the judges of this gateway read it. To read its body refuses it. Throws SluiceError, maybe other than
 * `forbidden`, for one that this gateway would not take.
 *
 * @param judged the parameters that judges see of those that it has
 */
export function arrivalOf(
  { method, target, contentEncoding, contentType, caller, isReplaced }: DescribedArrival,
  match: FindMatch,
  judged: (parameters: Parameters) => Parameters = (all) => all,
): Arrival {
  const { path, segments, route } = routeIn(method, target, match)
  // Go reads a multipart form of any method, and adds its parameters to those of the query (net/http, ParseMultipartForm).
  if (!mayHaveBody(method) && isFormOfAnyKind(contentType)) {
    throw forbidden('not-by-check', `send ${method} without a form`)
  }
  const parameters = judged(queryOf(target))
  const decisive = decisiveIn(parameters)
  if (!isReplaced && (decisive.u || decisive.p)) {
    throw forbidden(
      'not-by-check',
      'send the credentials in Authorization; upstream would take u and p in their place',
    )
  }
  // Judges read only these parts of a request; there is no connection to answer on.
  const headers = {
    ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(mayHaveBody(method) ? { 'transfer-encoding': 'chunked' } : {}),
  }
  const request = { method, url: target, headers } as unknown as IncomingMessage
  return {
    ...{ request, response: undefined as never, route, path, segments },
    ...{ parameters, decisive, caller },
    read: () => {
      throw needsBody(route)
    },
  }
}

const LIVENESS: ReadonlySet<string> = new Set(['/ping', '/health'])

/** Whether a request asks only if upstream runs and in which version, which every known caller may ask. */
export function asksForLiveness({ method, target }: Pick<DescribedArrival, 'method' | 'target'>): boolean {
  return (method === 'GET' || method === 'HEAD') && LIVENESS.has(plainPath(target) ?? '')
}

function routeIn(method: string, target: string, find: FindMatch) {
  const path = plainPath(target)
  const match = path === undefined ? undefined : find(path)
  if (!match || path === undefined)
    throw forbidden('not-through-gateway', 'the gateway does not forward this path')
  const route = routeOf(match, method)
  if (!route) throw new MethodNotAllowedError(method, methodsOf(match))
  return { path, segments: match.segments, route }
}

/** The `u` and `p` of a request to the 1.x API, as far as they do not reach upstream; undefined for other requests. */
export function legacyCredentialsOf(
  { method, target, isReplaced }: Pick<DescribedArrival, 'method' | 'target' | 'isReplaced'>,
  match: FindMatch,
): Readonly<Record<'u' | 'p', string | undefined>> | undefined {
  try {
    const { judgement } = routeIn(method, target, match).route
    if (judgement !== 'legacy-write' && judgement !== 'legacy-query') return undefined
    const { u, p } = isReplaced ? decisiveIn(queryOf(target)) : {}
    return { u, p }
  } catch (error) {
    // The judge refuses it, once the caller is known.
    if (error instanceof SluiceError) return undefined
    throw error
  }
}

/** A gateway understands 401 and 403 only, and a caller who is known does not become another by signing in again. */
export function asForbidden(error: unknown): never {
  if (!(error instanceof SluiceError)) throw error
  const { code, message, reason, orgID } = error
  if (code === 'forbidden' || code === 'unavailable' || code === 'internal error') throw error
  throw forbidden(reason ?? 'not-by-check', message, { orgID })
}

export const needsBody = ({ name }: GatewayRoute) =>
  forbidden(
    'not-by-check',
    `what ${name} needs stands in its body, which the check does not see; send it through Sluice`,
  )
