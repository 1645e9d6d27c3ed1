/** The application: Fastify with the hooks and routes of Sluice, on a listener that exists already. */

import { parse } from 'node:querystring'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { invalid, SluiceError } from '../domain/errors.ts'
import type { Api } from './api.ts'
import { type Authenticate, requireCredentials } from './authentication.ts'
import { readJsonBody } from './body.ts'
import type { ClientAddress } from './client-address.ts'
import { type AllowedCorsOrigins, answerCrossOrigin } from './cross-origin.ts'
import { asSluiceError, causesOf, ERROR_CODE_HEADER, errorBody, STATUS_OF } from './errors.ts'
import type { Listener } from './listener.ts'
import { createPathTable, MethodNotAllowedError, refuseUnknown } from './not-found.ts'
import { type Observation, observeRequests, readTrace } from './observation.ts'
import { registerOpenApi } from './openapi.ts'
import { registerRoutes, type Services, sharedShapes } from './routes.ts'
import { createSerializerCompiler } from './serialization.ts'
import type { SessionCookie } from './session-cookie.ts'
import { createValidatorCompiler, validationError } from './validation.ts'

export interface AppOptions {
  readonly listener: Listener
  readonly services: Services
  readonly authenticate: Authenticate
  readonly cookie: SessionCookie
  readonly clientAddress: ClientAddress
  readonly cors: AllowedCorsOrigins
  /** Told of requests that were refused what they asked for. */
  readonly onRefusal: (error: SluiceError, request: FastifyRequest, op: string) => void
  readonly observation: Observation
  readonly version: string
  readonly maxBodyBytes: number
  readonly errorDetails: boolean
  readonly createRequestID: () => string
  readonly onFailure: (error: SluiceError, fields: Readonly<Record<string, unknown>>) => void
}

/** More than any id has. A segment of a route's path that is longer is refused as malformed, with 400. */
const LONGEST_PARAMETER = 1024

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { listener } = options
  const app = Fastify({
    serverFactory(handler) {
      listener.attach(handler)
      return listener.server as never
    },
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: LONGEST_PARAMETER,
      querystringParser: (text) => (text === '' ? {} : firstValues(parse(text))),
    },
    frameworkErrors: (error, request, reply) => answerError(error as FastifyError, request, reply),
    genReqId: options.createRequestID,
    // The listener answers what is not HTTP, and asks the parser to pause by the same event.
    clientErrorHandler: () => {},
    logger: false,
    return503OnClosing: false,
  })

  // No route takes it; Fastify would refuse one without a media type before anybody could say 405.
  app.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true })
  const paths = createPathTable()
  app.addHook('onRoute', ({ url, method }) => paths.add(url, [method].flat()))
  app.setValidatorCompiler(createValidatorCompiler())
  app.setSerializerCompiler(createSerializerCompiler(sharedShapes))
  decorateRequests(app, options.clientAddress)

  app.addHook('onRequest', (request, reply, done) => {
    ignoreMediaType(request)
    readTrace(request)
    if (!answerCrossOrigin(request, reply, options.cors)) done()
  })
  const countUnknown = options.observation.requestCounter('any', 'unknown')
  observeRequests(app, options.observation)
  parseBodies(app, options.maxBodyBytes)

  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const known = toSluiceError(error, request)
    if (request.is404) countUnknown(STATUS_OF[known.code])
    const op = request.routeOptions?.schema?.operationId ?? request.method
    if (known.code === 'internal error' || known.code === 'unavailable') {
      options.onFailure(known, { op, causes: causesOf(known), ...request.origin() })
    }
    if (REFUSALS.has(known.code)) options.onRefusal(known, request, op)
    if (known instanceof MethodNotAllowedError) reply.header('allow', known.allow)
    if (known.retryAfterSeconds !== undefined) reply.header('retry-after', known.retryAfterSeconds)
    reply.header('x-request-id', request.id)
    reply.header(ERROR_CODE_HEADER, known.code).code(STATUS_OF[known.code])
    reply.send(errorBody(known, options.errorDetails ? { op } : undefined))
  }

  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request) => refuseUnknown(request, { paths, authenticate: options.authenticate }))

  await registerOpenApi(app, options.version)
  for (const shape of sharedShapes) app.addSchema(shape)
  registerRoutes(
    app as unknown as Api,
    options.services,
    requireCredentials(options.authenticate, options.cookie),
  )
  await app.ready()
  return app
}

/** What is written to the audit log when it was answered to somebody. */
const REFUSALS: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'too many requests'])

function decorateRequests(app: FastifyInstance, clientAddress: ClientAddress): void {
  app.decorateRequest('principal', null as never)
  app.decorateRequest('session', undefined)
  app.decorateRequest('clientAddress', function (this: FastifyRequest) {
    return clientAddress(this.socket.remoteAddress, this.headers)
  })
  app.decorateRequest('origin', function (this: FastifyRequest) {
    return {
      requestID: this.id,
      address: this.clientAddress(),
      userAgent: shortened(this.headers['user-agent'] ?? ''),
      traceID: this.span?.traceId ?? this.trace?.traceId,
    }
  })
  app.decorateRequest('caller', function (this: FastifyRequest) {
    return { principal: this.principal, session: this.session, origin: this.origin() }
  })
}

/** More than any browser says of itself. What is longer would only fill the store. */
const LONGEST_USER_AGENT = 256

/** A copy, since a part of a text would keep all of it in memory for as long as a session lives. */
function shortened(userAgent: string): string {
  if (userAgent.length <= LONGEST_USER_AGENT) return userAgent
  return Buffer.from(userAgent.slice(0, LONGEST_USER_AGENT), 'latin1').toString('latin1')
}

/** The media type of a body is not looked at; without it even an unreadable one reaches the parser. */
function ignoreMediaType({ raw: { headers } }: FastifyRequest): void {
  if (headers['content-type'] !== undefined) headers['content-type'] = undefined as never
}

function parseBodies(app: FastifyInstance, limit: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request, payload, done) => {
    // As in Go, a body of DELETE means nothing and is not looked at (RFC 9110, 9.3.5).
    if (request.routeOptions.config.ignoresBody || request.is404 || request.method === 'DELETE') {
      payload.resume()
      done(null, undefined)
      return
    }
    readJsonBody(payload, limit).then((body) => done(null, body), done)
  })
}

/** What Fastify and its validation say, as this project's error. */
function toSluiceError(error: unknown, request: FastifyRequest): SluiceError {
  if (error instanceof SluiceError) return withPrefix(error, request)
  const { validation, validationContext, statusCode } = error as Partial<FastifyError>
  if (validation) {
    const known = validationError(validation, validationContext)
    return validationContext === 'body' ? withPrefix(known, request, true) : known
  }
  if (statusCode !== undefined && statusCode < 500)
    return invalid('the request is malformed', { cause: error })
  return asSluiceError(error)
}

/** InfluxDB says of some routes' bodies what they were being read as. */
function withPrefix(error: SluiceError, request: FastifyRequest, ofBody = false): SluiceError {
  const prefix = request.routeOptions?.config?.jsonErrorPrefix
  const unreadable = ofBody || (error.code === 'invalid' && request.body === undefined)
  return prefix && unreadable ? invalid(prefix + error.message, { cause: error.cause }) : error
}

/** As in Go: the first value of a key counts, and an empty one is as if it were not there. */
function firstValues(query: NodeJS.Dict<string | string[]>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [key, value] of Object.entries(query)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first) values[key] = first
  }
  return values
}
