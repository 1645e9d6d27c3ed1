/** The gateway: takes what is not about identities, judges it, and forwards it with the caller's own rights. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Caller, Principal, RequestOrigin } from '../../domain/access/principal.ts'
import { notFound, type SluiceError, unauthorized } from '../../domain/base/errors.ts'
import type { ID } from '../../domain/base/id.ts'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import { type MintedToken, type MintedTokens, tokenGone } from '../../domain/gateway/minted-tokens.ts'
import type { Authenticate } from '../protection/authentication.ts'
import { type CorsOrigins, crossOriginHeaders } from '../protection/cross-origin.ts'
import { type Authenticated, GateError } from '../protection/gates.ts'
import type { LeadToConsole } from '../protection/lead-to-console.ts'
import type { ClientAddress } from '../request/client-address.ts'
import { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import { plainRequest } from '../request/plain-request.ts'
import { renewedCookie, type SessionCookie } from '../request/session-cookie.ts'
import { userAgentOf } from '../request/user-agent.ts'
import { answerFailure } from './answers.ts'
import type { Arrival, Judge, Outgoing } from './arrival.ts'
import { lengthOf, readBody, uploadOf } from './body.ts'
import { watchUpload } from './idle-upload.ts'
import type { InFlight } from './in-flight.ts'
import type { AuthenticateLegacy } from './legacy-authentication.ts'
import { relay } from './relay.ts'
import {
  type GatewayRoute,
  type Judgement,
  type Match,
  matchPath,
  methodsOf,
  type RequestClass,
  routeOf,
} from './route-table.ts'
import { decisiveIn, plainPath, queryOf } from './target.ts'
import type { Transport, UpstreamRequest } from './transport.ts'
import { upstreamHeaders } from './upstream-headers.ts'

export interface GatewayDeps {
  /** By token or session cookie. */
  readonly authenticate: Authenticate
  /** By the credentials of the 1.x API. */
  readonly authenticateLegacy: AuthenticateLegacy
  readonly judges: Readonly<Record<Judgement, Judge>>
  readonly tokens: Pick<MintedTokens, 'of' | 'discard'>
  /** Whether upstream still has a token that it refused. */
  readonly tokenExists: (minted: MintedToken) => Promise<boolean>
  readonly transport: Transport
  readonly inFlight: InFlight
  readonly clientAddress: ClientAddress
  readonly cookie: SessionCookie
  readonly cors: CorsOrigins
  readonly timeouts: Readonly<Record<RequestClass, number>>
  readonly maxWriteBytes: number
  readonly createRequestID: () => string
  /** The constant headers of this server, in lower case, that forwarded answers do not have. */
  readonly leftOut: ReadonlySet<string>
  readonly observer: GatewayObserver
  /** Undefined where upstream's UI is not served. */
  readonly lead: LeadToConsole | undefined
}

/** Hears what came of each request, for metrics, the log and the audit log. */
export interface GatewayObserver {
  done(record: GatewayRecord): void
}

export interface GatewayRecord {
  readonly route: GatewayRoute
  readonly origin: RequestOrigin
  readonly caller: Caller | undefined
  readonly outgoing: Outgoing | undefined
  readonly status: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly durationMs: number
  /** The time from sending it upstream to the end of the answer; undefined where it was not sent. */
  readonly upstreamMs: number | undefined
  /** What refused it or failed; undefined for an answer of upstream's. */
  readonly error: unknown
}

export interface Gateway {
  /** Whether the gateway answers a request, whatever the answer. */
  takes(request: IncomingMessage): boolean
  readonly handle: RequestListener
}

/** A body of at most this size is read before it is sent, and can be sent a second time. */
const SMALL_BYTES = 65_536

export function createGateway(deps: GatewayDeps): Gateway {
  return {
    takes: (request) => request.method !== 'OPTIONS' && matchOf(request) !== undefined,
    handle(request, response) {
      const match = matchOf(request)
      const route = match && routeOf(match, request.method ?? '')
      const exchange = new Exchange(deps, request, response)
      if (match && route) void exchange.run(match, route)
      else exchange.refuseMethod(match ? methodsOf(match) : [])
    },
  }
}

function matchOf({ url = '' }: IncomingMessage): Match | undefined {
  const path = plainPath(url)
  return path === undefined ? undefined : matchPath(path)
}

class Exchange {
  readonly #deps: GatewayDeps
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #origin: RequestOrigin
  readonly #startedAt = performance.now()
  #caller: Caller | undefined
  #outgoing: Outgoing | undefined
  /** Of the body, as far as this server read it. */
  #bytesIn = 0
  #sentAt: number | undefined
  #body: Promise<Buffer> | undefined
  /** Headers of this server on the answer: names and values in turn. */
  readonly #own: string[]
  #hasAskedForBody = false

  constructor(deps: GatewayDeps, request: IncomingMessage, response: ServerResponse) {
    this.#deps = deps
    this.#request = request
    this.#response = response
    this.#own = crossOriginHeaders(request.headers.origin, deps.cors)
    this.#origin = {
      requestID: deps.createRequestID(),
      address: deps.clientAddress(request.socket.remoteAddress, request.headers),
      userAgent: userAgentOf(request.headers),
    }
  }

  /** Before anything else, since there is no route. */
  refuseMethod(methods: readonly string[]): void {
    const refusal = new MethodNotAllowedError(this.#request.method ?? '', methods)
    answerFailure(this.#response, refusal, { own: this.#own, requestID: this.#origin.requestID })
  }

  async run(match: Match, route: GatewayRoute): Promise<void> {
    let end: (() => void) | undefined
    let error: unknown
    let status = 0
    let bytesOut = 0
    try {
      const arrival = await this.#arrive(match, route)
      end = this.#deps.inFlight.begin(arrival.caller.principal.user.id)
      const outgoing = await this.#deps.judges[route.judgement](arrival)
      this.#outgoing = outgoing
      const exchanged = await this.#forward(arrival, outgoing)
      status = exchanged.status ?? 0
      bytesOut = exchanged.bytesOut
      error = exchanged.failure
      if (status >= 200 && status < 300) outgoing.afterwards?.()
    } catch (failure) {
      error = failure
      // The user is known, so the audit log names it and its session is renewed.
      if (failure instanceof GateError) this.#admit(failure.found)
      const led = this.#deps.lead?.insteadOf(failure, this.#request)
      if (led) this.#own.push('set-cookie', led.setCookie)
      status = answerFailure(this.#response, led?.error ?? failure, {
        ...{ own: this.#own, requestID: this.#origin.requestID },
      })
    } finally {
      end?.()
    }
    const now = performance.now()
    this.#deps.observer.done({
      ...{
        route,
        status,
        bytesOut,
        error,
        origin: this.#origin,
        caller: this.#caller,
        outgoing: this.#outgoing,
      },
      bytesIn: this.#bytesIn,
      durationMs: now - this.#startedAt,
      upstreamMs: this.#sentAt === undefined ? undefined : now - this.#sentAt,
    })
  }

  async #arrive({ segments }: Match, route: GatewayRoute): Promise<Arrival> {
    const request = this.#request
    const target = request.url ?? ''
    const parameters = queryOf(target)
    const decisive = decisiveIn(parameters)
    const caller = this.#admit(await this.#authenticate(route, decisive))
    return {
      ...{ request, response: this.#response, route, parameters, decisive, caller, segments },
      path: plainPath(target) as string,
      // Several judges may look at the body; it is read once.
      read: (mostBytes) => {
        if (this.#body) return this.#body
        const length = lengthOf(request)
        // Refused before the client is asked for it.
        if (length === undefined || length <= mostBytes) this.#askForBody()
        this.#body = this.#watched(readBody(request, mostBytes), route)
        return this.#body
      },
    }
  }

  #admit(found: Authenticated): Caller {
    const isSession = 'session' in found
    this.#caller = {
      ...{ principal: found.principal, origin: this.#origin },
      ...(isSession ? { session: found.session } : {}),
    }
    const renewed = isSession ? renewedCookie(found, this.#request, this.#deps.cookie) : undefined
    if (renewed !== undefined) this.#own.push('set-cookie', renewed)
    return this.#caller
  }

  /** Ends the connection of a client that sends nothing more of a body that is waited for. */
  async #watched(reading: Promise<Buffer>, route: GatewayRoute): Promise<Buffer> {
    const unwatch = this.#request.complete
      ? undefined
      : watchUpload(this.#request, this.#deps.timeouts[route.class])
    try {
      const body = await reading
      this.#bytesIn = body.length
      return body
    } finally {
      unwatch?.()
    }
  }

  #authenticate(route: GatewayRoute, decisive: Arrival['decisive']): MaybePromise<Authenticated> {
    const isLegacy = route.judgement === 'legacy-write' || route.judgement === 'legacy-query'
    return isLegacy
      ? this.#deps.authenticateLegacy({
          headers: this.#request.headers,
          address: this.#origin.address,
          parameters: decisive,
        })
      : this.#deps.authenticate(plainRequest(this.#request, this.#deps.clientAddress))
  }

  async #forward(arrival: Arrival, outgoing: Outgoing) {
    const { route } = arrival
    const { tokens, transport, tokenExists, timeouts, leftOut } = this.#deps
    const mint = async (principal: Principal) => {
      const minted = await tokens.of(principal, outgoing.orgID, outgoing.scope)
      if (!minted) throw nothingAllowed(route, outgoing.orgID)
      return minted
    }
    let minted = await mint(arrival.caller.principal)
    const body = await this.#bodyOf(outgoing, route)
    const requestWith = (token: string): UpstreamRequest => ({
      method: this.#request.method ?? '',
      target: outgoing.target,
      body,
      timeoutMs: timeouts[route.class],
      headers: upstreamHeaders(this.#request.rawHeaders, {
        ...{ token, clientAddress: this.#origin.address, requestID: this.#origin.requestID },
        contentType: outgoing.contentType,
      }),
    })
    this.#sentAt = performance.now()
    return relay({
      ...{ transport, response: this.#response, ownHeaders: this.#own, leftOut },
      request: requestWith(minted.token),
      holdBack: {
        status: 401,
        decide: async () => {
          if (await tokenExists(minted)) return undefined
          tokens.discard(minted)
          if (body && !Buffer.isBuffer(body)) throw tokenGone()
          // The token is gone because the caller's rights changed, or its own token was deleted.
          minted = await mint((await this.#authenticate(route, arrival.decisive)).principal)
          return requestWith(minted.token)
        },
      },
    })
  }

  async #bodyOf({ body }: Outgoing, route: GatewayRoute): Promise<UpstreamRequest['body']> {
    if (body !== 'as-sent') return body
    const request = this.#request
    const { maxWriteBytes, timeouts } = this.#deps
    const length = lengthOf(request)
    if (length !== undefined && length <= SMALL_BYTES) {
      this.#askForBody()
      return this.#watched(readBody(request, SMALL_BYTES), route)
    }
    const stream = uploadOf(request, maxWriteBytes, (size) => {
      this.#bytesIn = size
    })
    this.#response.once('close', watchUpload(request, timeouts[route.class]))
    this.#askForBody()
    return { stream, length }
  }

  /** A client that sent `Expect: 100-continue` waits for this (RFC 9110, 10.1.1). */
  #askForBody(): void {
    if (this.#hasAskedForBody || this.#request.headers.expect === undefined) return
    this.#hasAskedForBody = true
    this.#response.writeContinue()
  }
}

/** As InfluxDB answers a caller without any right in the organization: a query does not tell which buckets there are. */
function nothingAllowed({ class: kind, type }: GatewayRoute, orgID: ID): SluiceError {
  if (kind === 'query') return notFound(`could not find a bucket in the organization ${orgID}`)
  return unauthorized('missing-permission', `read:orgs/${orgID}/${type} is unauthorized`, { orgID })
}
