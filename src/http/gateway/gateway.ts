/** The gateway: takes requests that are not about identities, judges each, and forwards it with the caller's rights. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Caller, Principal, RequestOrigin } from '../../domain/access/principal.ts'
import { notFound, type SluiceError, unauthorized } from '../../domain/base/errors.ts'
import type { ID } from '../../domain/base/id.ts'
import { andThen, duringWait, type MaybePromise } from '../../domain/base/maybe-promise.ts'
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
import { answerFailure, answerOwn } from './answers.ts'
import type { Arrival, Judge, Outgoing } from './arrival.ts'
import { askSeveral } from './ask-several.ts'
import { lengthOf, readBody, uploadOf } from './body.ts'
import { checkBody, checkPacked } from './body-check.ts'
import { collect } from './collect.ts'
import { watchUpload } from './idle-upload.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import type { AuthenticateLegacy } from './legacy-authentication.ts'
import { answerWith, mergeLists, withoutAccept, withoutCoding } from './merged-list.ts'
import { type Exchanged, relay } from './relay.ts'
import {
  type FindMatch,
  type GatewayRoute,
  type Judgement,
  type Match,
  methodsOf,
  type RequestClass,
  routeOf,
} from './route-table.ts'
import { createReadTargets, plainPath, type ReadTargets } from './target.ts'
import type { Transport, UpstreamRequest } from './transport.ts'
import { upstreamHeaders } from './upstream-headers.ts'

export interface GatewayDeps {
  /** Authenticates by token or session cookie. */
  readonly authenticate: Authenticate
  /** Authenticates by the credentials of the 1.x API. */
  readonly authenticateLegacy: AuthenticateLegacy
  /** What upstream's kind has routes for. */
  readonly match: FindMatch
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
  /** Hears the length of each part of a body or an answer that passes through. */
  readonly onPassed: (bytes: number) => void
  /** Whether errors have their message under `error` too. The clients of InfluxDB 1.x, 3 and Prometheus read it there. */
  readonly repeatsMessage?: boolean
  /** Undefined if upstream's UI is not served. */
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
  /** The time from sending it upstream to the end of the answer; undefined if it was not sent. */
  readonly upstreamMs: number | undefined
  /** What refused it or failed; undefined for an answer of upstream's. */
  readonly error: unknown
}

export interface Gateway {
  /** Whether the gateway answers a request, whatever the answer. */
  takes(request: IncomingMessage): boolean
  readonly handle: RequestListener
  /** Answers a request that it takes with an error, in the documented schema. */
  refuse(request: IncomingMessage, response: ServerResponse, error: SluiceError): void
}

/** Whose requests are counted together: a user's, or those of one subject of an outside issuer. */
const whoOf = ({ external, user }: Principal) => (external ? user.name : user.id)

/** A body of at most this size is read before it is sent, and can be sent a second time. */
const SMALL_BYTES = 65_536
const MOST_REWRITTEN_BYTES = 8 * 1024 * 1024
const TOO_MUCH_AT_ONCE =
  'the answer is too long to be filtered; send the statements that list names in a request of their own'
const MOST_JOINED_AT_ONCE = { total: 8, perUser: 4 }

export function createGateway(deps: GatewayDeps): Gateway {
  const parts = { ...deps, readTarget: createReadTargets(), joining: createInFlight(MOST_JOINED_AT_ONCE) }
  return {
    takes: (request) => request.method !== 'OPTIONS' && matchOf(request, deps.match) !== undefined,
    handle(request, response) {
      const match = matchOf(request, deps.match)
      const route = match && routeOf(match, request.method ?? '')
      const exchange = new Exchange(parts, request, response)
      if (match && route) void exchange.run(match, route)
      else exchange.refuse(new MethodNotAllowedError(request.method ?? '', match ? methodsOf(match) : []))
    },
    refuse: (request, response, error) => new Exchange(parts, request, response).refuse(error),
  }
}

const MATCH = Symbol('what the target of a request matches')

interface WithMatch {
  [MATCH]?: { readonly by: FindMatch; readonly match: Match }
}

/** Kept with the request: it is asked for when the request is taken, and again when it is handled. */
function matchOf(request: IncomingMessage & WithMatch, find: FindMatch): Match | undefined {
  const known = request[MATCH]
  if (known?.by === find) return known.match
  const path = plainPath(request.url ?? '')
  const match = path === undefined ? undefined : find(path)
  if (match) request[MATCH] = { by: find, match }
  return match
}

interface ExchangeDeps extends GatewayDeps {
  readonly readTarget: ReadTargets
  /** Counts answers that are in memory until the client has read them: lists of several organizations, and filtered ones. */
  readonly joining: InFlight
}

class Exchange {
  readonly #deps: ExchangeDeps
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #origin: RequestOrigin
  readonly #startedAt = performance.now()
  #caller: Caller | undefined
  #outgoing: Outgoing | undefined
  /** How many bytes of the request's body this server has read. */
  #bytesIn = 0
  #sentAt: number | undefined
  #body: MaybePromise<Buffer> | undefined
  /** Headers of this server on the answer: names and values in turn. */
  readonly #own: string[]
  #hasAskedForBody = false
  #isSettled = false
  #endOfOutgoing: (() => void) | undefined

  constructor(deps: ExchangeDeps, request: IncomingMessage, response: ServerResponse) {
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

  /** Before anything else: there is no route, or another upstream has it. */
  refuse(error: SluiceError): void {
    this.#answer(error)
  }

  #answer(failure: unknown): number {
    const { repeatsMessage = false } = this.#deps
    const { requestID } = this.#origin
    return answerFailure(this.#response, failure, { own: this.#own, requestID, repeatsMessage })
  }

  async run(match: Match, route: GatewayRoute): Promise<void> {
    let end: (() => void) | undefined
    let error: unknown
    let status = 0
    let bytesOut = 0
    try {
      const exchanged = await andThen(this.#arrive(match, route), (arrival) => {
        end = this.#deps.inFlight.begin(whoOf(arrival.caller.principal))
        return this.#judgeAndForward(arrival)
      })
      status = exchanged.status ?? 0
      bytesOut = exchanged.bytesOut
      error = exchanged.failure
    } catch (failure) {
      error = failure
      // The user is known, so the audit log names it and its session is renewed.
      if (failure instanceof GateError) this.#admit(failure.found)
      const led = this.#deps.lead?.insteadOf(failure, this.#request)
      if (led) this.#own.push('set-cookie', led.setCookie)
      status = this.#answer(led?.error ?? failure)
    } finally {
      end?.()
    }
    try {
      await this.#settle(undefined)
      if (status >= 200 && status < 300) await this.#outgoing?.afterwards?.()
    } catch (failure) {
      error ??= failure
    } finally {
      this.#endOfOutgoing?.()
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

  /** Once, if anything was sent. */
  async #settle(status: number | undefined): Promise<void> {
    if (this.#isSettled || this.#sentAt === undefined) return
    this.#isSettled = true
    await this.#outgoing?.settle?.(status)
  }

  #arrive({ path, segments }: Match, route: GatewayRoute): MaybePromise<Arrival> {
    const request = this.#request
    const { parameters, decisive } = this.#deps.readTarget(request.url ?? '')
    return andThen(this.#authenticate(route, decisive), (found) => ({
      ...{ request, response: this.#response, route, path, segments, parameters, decisive },
      caller: this.#admit(found),
      // Several judges may look at the body; it is read once.
      read: (mostBytes) => {
        if (this.#body) return this.#body
        const length = lengthOf(request)
        // Refused before the client is asked for it.
        if (length === undefined || length <= mostBytes) this.#askForBody()
        const body = this.#watched(readBody(request, mostBytes), route)
        this.#body = body
        return body
      },
    }))
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
  #watched(reading: MaybePromise<Buffer>, route: GatewayRoute): MaybePromise<Buffer> {
    const read = andThen(reading, (body) => {
      this.#bytesIn = body.length
      return body
    })
    if (this.#request.complete) return read
    return duringWait(read, () => watchUpload(this.#request, this.#deps.timeouts[route.class]))
  }

  #authenticate(route: GatewayRoute, decisive: Arrival['decisive']): MaybePromise<Authenticated> {
    const isLegacy = route.judgement === 'legacy-write' || route.judgement === 'legacy-query'
    const { requestID } = this.#origin
    const bySession = () =>
      this.#deps.authenticate(plainRequest(this.#request, this.#deps.clientAddress, requestID))
    return isLegacy
      ? this.#deps.authenticateLegacy({
          headers: this.#request.headers,
          address: this.#origin.address,
          requestID,
          parameters: decisive,
          bySession,
        })
      : bySession()
  }

  #judgeAndForward(arrival: Arrival): MaybePromise<Exchanged> {
    const { route, caller } = arrival
    return andThen(this.#deps.judges[route.judgement](arrival), (outgoing) => {
      this.#outgoing = outgoing
      this.#endOfOutgoing = outgoing.begin?.()
      if (outgoing.answer) return answerOwn(this.#response, outgoing.answer, this.#own)
      if (outgoing.organizations) return this.#forwardToSeveral(arrival, outgoing, outgoing.organizations)
      if (outgoing.rewrite) return this.#forwardRewritten(arrival, outgoing, outgoing.rewrite)
      return andThen(this.#mint(route, caller.principal, outgoing), (minted) =>
        andThen(this.#bodyOf(outgoing, route), (body) => this.#forward(arrival, outgoing, minted, body)),
      )
    })
  }

  #mint(route: GatewayRoute, principal: Principal, { orgID, scope }: Outgoing): MaybePromise<MintedToken> {
    return andThen(this.#deps.tokens.of(principal, orgID, scope), (minted) => {
      if (minted) return minted
      throw nothingAllowed(route, orgID)
    })
  }

  #forward(
    { route, decisive }: Arrival,
    outgoing: Outgoing,
    first: MintedToken,
    body: UpstreamRequest['body'],
  ): Promise<Exchanged> {
    const { tokens, transport, tokenExists, leftOut, onPassed } = this.#deps
    const requestWith = (minted: MintedToken) => this.#requestWith(minted, route, outgoing, body)
    this.#sentAt = performance.now()
    let minted = first
    return relay({
      ...{ transport, response: this.#response, ownHeaders: this.#own, leftOut, onPassed },
      request: requestWith(first),
      holdBack: {
        holds: (status) => status === 401 || outgoing.settle !== undefined,
        decide: async (status) => {
          if (status !== 401) {
            await this.#settle(status)
            return undefined
          }
          if (await tokenExists(minted)) return undefined
          tokens.discard(minted)
          if (minted !== first || (body && !Buffer.isBuffer(body))) throw tokenGone()
          // The token is gone because the caller's rights changed, or its own token was deleted.
          const { principal } = await this.#authenticate(route, decisive)
          minted = await this.#mint(route, principal, outgoing)
          return requestWith(minted)
        },
      },
    })
  }

  #requestWith(
    { token }: MintedToken,
    route: GatewayRoute,
    { target, contentType, check }: Outgoing,
    body: UpstreamRequest['body'],
  ): UpstreamRequest {
    return {
      ...{ method: this.#request.method ?? '', target, body },
      timeoutMs: this.#deps.timeouts[route.class],
      isShort: route.class === 'write',
      headers: upstreamHeaders(this.#request.rawHeaders, {
        ...{ token, clientAddress: this.#origin.address, requestID: this.#origin.requestID },
        ...{ contentType, isDecoded: check !== undefined },
      }),
    }
  }

  /** A list of several organizations: each is asked with a token of its own. */
  async #forwardToSeveral(
    { route, decisive, caller, parameters }: Arrival,
    outgoing: Outgoing,
    organizations: readonly ID[],
  ): Promise<Exchanged> {
    this.#holdsInMemory(caller)
    const answers = await askSeveral(organizations, {
      ...this.#deps,
      client: this.#response,
      mint: async (orgID, isAgain) => {
        const { principal } = isAgain ? await this.#authenticate(route, decisive) : caller
        this.#sentAt ??= performance.now()
        return this.#deps.tokens.of(principal, orgID)
      },
      requestWith: (minted) => {
        const request = this.#requestWith(minted, route, outgoing, undefined)
        return { ...request, headers: withoutCoding(request.headers) }
      },
    })
    if (answers.length === 0) throw nothingAllowed(route, outgoing.orgID)
    return answerWith(mergeLists(answers, parameters), this.#response, {
      ...{ own: this.#own, leftOut: this.#deps.leftOut },
    })
  }

  /** What can be judged by its answer alone: the answer is read whole. */
  async #forwardRewritten(
    { route, caller }: Arrival,
    outgoing: Outgoing,
    rewrite: NonNullable<Outgoing['rewrite']>,
  ): Promise<Exchanged> {
    const { transport, tokenExists, leftOut } = this.#deps
    this.#holdsInMemory(caller)
    const minted = await this.#mint(route, caller.principal, outgoing)
    const request = this.#requestWith(minted, route, outgoing, await this.#bodyOf(outgoing, route))
    this.#sentAt = performance.now()
    const answer = await collect(
      transport,
      { ...request, headers: withoutAccept(request.headers) },
      { client: this.#response, budget: { left: MOST_REWRITTEN_BYTES }, tooMuch: TOO_MUCH_AT_ONCE },
    )
    if (answer.status === 401 && !(await tokenExists(minted))) throw tokenGone()
    await this.#settle(answer.status)
    const body = await rewrite(answer.body)
    return answerWith({ ...answer, body }, this.#response, { own: this.#own, leftOut })
  }

  /** Throws for one who has too many such answers already. */
  #holdsInMemory({ principal }: Caller): void {
    const end = this.#deps.joining.begin(whoOf(principal))
    if (this.#response.destroyed) end()
    else this.#response.once('close', end)
  }

  #bodyOf({ body, check }: Outgoing, route: GatewayRoute): MaybePromise<UpstreamRequest['body']> {
    if (body !== 'as-sent') return body
    const request = this.#request
    const { maxWriteBytes, timeouts, onPassed } = this.#deps
    const length = lengthOf(request)
    if (length !== undefined && length <= SMALL_BYTES) {
      this.#askForBody()
      const small = this.#watched(readBody(request, SMALL_BYTES), route)
      if (!check) return small
      return andThen(small, (found) => {
        const checked = checkBody(found, check.lines, check.coding, maxWriteBytes)
        return Buffer.isBuffer(checked) ? checked : { stream: checked, length: undefined }
      })
    }
    const plainCheck = check?.coding === 'identity' ? check.lines : undefined
    const stream = uploadOf(request, maxWriteBytes, {
      onSize: (size) => {
        onPassed(size - this.#bytesIn)
        this.#bytesIn = size
      },
      check: plainCheck,
    })
    this.#response.once('close', watchUpload(request, timeouts[route.class]))
    this.#askForBody()
    if (check && !plainCheck) {
      return { stream: checkPacked(stream, check.lines, maxWriteBytes), length: undefined }
    }
    return { stream, length: plainCheck?.keepsLength === false ? undefined : length }
  }

  /** A client that sent `Expect: 100-continue` waits for this (RFC 9110, 10.1.1). */
  #askForBody(): void {
    if (this.#hasAskedForBody || this.#request.headers.expect === undefined) return
    this.#hasAskedForBody = true
    this.#response.writeContinue()
  }
}

/** InfluxDB's answer to a caller without any right in the organization: a query does not tell which buckets exist. */
function nothingAllowed({ class: kind, type }: GatewayRoute, orgID: ID): SluiceError {
  if (kind === 'query') return notFound(`could not find a bucket in the organization ${orgID}`)
  return unauthorized('missing-permission', `read:orgs/${orgID}/${type} is unauthorized`, { orgID })
}
