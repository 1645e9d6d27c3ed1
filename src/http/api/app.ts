/** The API: Fastify with the hooks and routes of Sluice, as a handler for a listener. */
import type { RequestListener } from 'node:http'
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify'
import { causesOf, invalid, SluiceError } from '../../domain/base/errors.ts'
import type { Authenticate } from '../protection/authentication.ts'
import { answerCrossOrigin, type CorsOrigins } from '../protection/cross-origin.ts'
import type { LeadToConsole } from '../protection/lead-to-console.ts'
import type { ClientAddress } from '../request/client-address.ts'
import { asSluiceError, ERROR_CODE_HEADER, errorBody, REASON_HEADER, STATUS_OF } from '../request/errors.ts'
import { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import { createSerializerCompiler } from '../request/serialization.ts'
import type { SessionCookie } from '../request/session-cookie.ts'
import { createValidatorCompiler, validationError } from '../request/validation.ts'
import { createAdmit, requireCredentials } from './frame/admission.ts'
import type { Api } from './frame/api.ts'
import { decorateRequests } from './frame/request-fields.ts'
import { ignoreMediaType, parseBodies, parseQuery } from './lenient-reading.ts'
import { createPathTable, refuseUnknown } from './not-found.ts'
import { type Observation, observeRequests, readTrace } from './observation.ts'
import { registerOpenApi } from './openapi.ts'
import { registerRoutes, type Services, sharedShapes } from './routes.ts'

export interface AppOptions {
  readonly services: Services
  readonly authenticate: Authenticate
  readonly cookie: SessionCookie
  readonly clientAddress: ClientAddress
  readonly cors: CorsOrigins
  /** Called for every refused request. */
  readonly onRefusal: (error: SluiceError, request: FastifyRequest, op: string) => void
  readonly observation: Observation
  readonly version: string
  /** Below which clients find the API, such as `/sluice`; empty for none. */
  readonly basePath: string
  readonly maxBodyBytes: number
  readonly errorDetails: boolean
  readonly createRequestID: () => string
  /** Undefined if upstream's UI is not served. */
  readonly lead: LeadToConsole | undefined
  readonly onFailure: (error: SluiceError, fields: Readonly<Record<string, unknown>>) => void
}

/** Longer than any id. A longer path segment is refused as malformed, with 400. */
const LONGEST_PARAMETER = 1024

export interface App {
  /** Answers every request; with 404 if no route matches. */
  readonly handle: RequestListener
  close(): Promise<void>
}

/** Fastify gets a server of its own that never listens, because Sluice's listener owns the connections. */
export async function createApp(options: AppOptions): Promise<App> {
  const app = Fastify({
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: LONGEST_PARAMETER,
      querystringParser: parseQuery,
    },
    frameworkErrors: (error, request, reply) => answerError(error as FastifyError, request, reply),
    genReqId: options.createRequestID,
    // The listener answers what is not HTTP, and asks the parser to pause by the same event.
    clientErrorHandler: () => {},
    logger: false,
    return503OnClosing: false,
  })

  // No route has this method. Without the line Fastify would refuse a request without a media type before the 405.
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
    if (known.reason !== undefined) reply.header(REASON_HEADER, known.reason)
    const led = options.lead?.insteadOf(known, request)
    if (led) reply.header('set-cookie', led.setCookie)
    const { error: answered } = led ?? { error: known }
    reply.header('x-request-id', request.id)
    reply.header(ERROR_CODE_HEADER, answered.code).code(STATUS_OF[answered.code])
    reply.send(errorBody(answered, options.errorDetails ? { op } : undefined))
  }

  app.setErrorHandler(answerError)
  const admit = createAdmit(options.authenticate, options.cookie)
  app.setNotFoundHandler((request, reply) =>
    refuseUnknown(request, { paths, admit: () => admit(request, reply) }),
  )

  await registerOpenApi(app, options)
  for (const shape of sharedShapes) app.addSchema(shape)
  registerRoutes(app as unknown as Api, options.services, requireCredentials(admit))
  await app.ready()
  return { handle: app.routing, close: () => app.close() }
}

/** The error codes that are recorded in the audit log when a known user receives them. */
const REFUSALS: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'too many requests'])

/** Converts errors of Fastify and its validation. */
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

/** For some routes InfluxDB puts before the error what it was decoding the body as. */
function withPrefix(error: SluiceError, request: FastifyRequest, ofBody = false): SluiceError {
  const prefix = request.routeOptions?.config?.jsonErrorPrefix
  const unreadable = ofBody || (error.code === 'invalid' && request.body === undefined)
  return prefix && unreadable ? invalid(prefix + error.message, { cause: error.cause }) : error
}
