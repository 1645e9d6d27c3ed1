/** What the routes see of Fastify. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerBase,
} from 'fastify'
import type { Caller, Principal, RequestOrigin } from '../../../domain/access/principal.ts'
import type { Session } from '../../../domain/records/session.ts'
import type { TraceContext } from '../../../telemetry/trace-context.ts'
import type { RequestSpan } from '../../../telemetry/tracing.ts'
import type { ShapeProvider } from '../../request/shapes.ts'

export type Api = FastifyInstance<
  RawServerBase,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ShapeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** The principal of the request; set on every route that needs credentials. */
    principal: Principal
    /** The session of the request; undefined for a token. */
    session: Session | undefined
    /** The trace that the request continues; undefined if it names none. */
    trace: TraceContext | undefined
    span: RequestSpan | undefined
    /** The client's address: the connection's, or what trusted proxies say. */
    clientAddress(): string
    /** The principal, session and origin of the request. */
    caller(): Caller
    origin(): RequestOrigin
  }
  interface FastifyContextConfig {
    /** The route does not read the body. */
    ignoresBody?: boolean
    /** The route reads a form (application/x-www-form-urlencoded) of at most this number of bytes. */
    readsForm?: number
    /** The text that InfluxDB puts before the reason why a body cannot be read. */
    jsonErrorPrefix?: string
    /** A user who must change the password may do this before. */
    beforePasswordChange?: boolean
    /** A user who must enrol a second factor may do this before. */
    beforeEnrolment?: boolean
    /** Open tabs of upstream's UI send this request every minute. */
    polledByUI?: boolean
  }
}
