import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import Type from 'typebox'
import { forbidden, invalid } from '../../../domain/base/errors.ts'
import { andThen, attempt, type MaybePromise } from '../../../domain/base/maybe-promise.ts'
import type { AuthCheck, TARGET_HEADER } from '../../forward-auth/auth-check.ts'
import { type CheckParameters, readCheckParameters } from '../../forward-auth/check-parameters.ts'
import type { DescribedRequest } from '../../forward-auth/forwarded-request.ts'
import type { IDENTITY_HEADERS } from '../../forward-auth/identity-headers.ts'
import { begunAuthentication, CHECK_PATH } from '../../forward-auth/quick-check.ts'
import { withoutCookie } from '../../request/credentials.ts'
import { rawQueryOf } from '../../request/path.ts'
import type { SessionCookie } from '../../request/session-cookie.ts'
import { CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import { createAdmit } from '../frame/admission.ts'
import type { Api } from '../frame/api.ts'

/** For gateways that cannot pass a redirect on, such as nginx. */
const SIGN_IN_HEADER = 'x-sluice-sign-in'

/** The path of the check for Envoy, and the header that its configuration sets in place of a query. */
const ENVOY = '/api/v2/auth/ext-authz'
const ENVOY_CHECK = 'x-sluice-check'

interface Asked {
  readonly forwarded: DescribedRequest
  readonly parameters: CheckParameters
  readonly status: 200 | 204
}

const MEANINGS: Readonly<
  Record<(typeof IDENTITY_HEADERS)[number] | 'cookie' | typeof TARGET_HEADER, string>
> = {
  'remote-user': 'The name of the user, percent-encoded where it is not visible ASCII',
  'x-sluice-user': 'The same',
  'x-sluice-user-id': 'The id of the user',
  'x-sluice-orgs': 'The names of the organizations, separated by commas',
  'x-sluice-groups': '`operator`, and `owner:ORG` or `member:ORG` for each organization of a session',
  'x-sluice-method': '`session` or `token`',
  cookie: "With `cookies=true`: the request's cookies without that of the session",
  'x-sluice-target': 'With `replace=true`: path and query for upstream',
}

export function registerAuthCheck(
  api: Api,
  { authCheck, cookie }: { authCheck: AuthCheck; cookie: SessionCookie },
): void {
  function check(request: FastifyRequest, reply: FastifyReply, asked: Asked): MaybePromise<void> {
    const { forwarded, parameters, status } = asked
    const described = parameters.upstream === undefined ? forwarded : withContent(forwarded, request)
    const admit = createAdmit(
      (each) => begunAuthentication(request.raw) ?? authCheck.authenticate(each, forwarded, parameters),
      cookie,
    )
    return andThen(admit(request, reply), () =>
      andThen(authCheck.decide(request, parameters, described), (headers) => {
        for (let at = 0; at < headers.length; at += 2) reply.header(headers[at] as string, headers[at + 1])
        if (parameters.givesCookies)
          reply.header('cookie', withoutCookie(request.headers.cookie, cookie.name))
        reply.code(status).send(status === 204 ? undefined : '')
      }),
    )
  }

  /** Sends the browser to the sign-in page, or says where that is. */
  function refused(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    { forwarded, parameters }: { forwarded: DescribedRequest; parameters: CheckParameters },
  ): void {
    const address = authCheck.signIn(error, request, forwarded)
    if (address === undefined) throw error
    reply.header(SIGN_IN_HEADER, address)
    if (!parameters.redirects) throw error
    reply.header('location', address).code(302).send()
  }

  function answer(request: FastifyRequest, reply: FastifyReply, asked: Asked): MaybePromise<void> {
    return attempt(
      () => check(request, reply, asked),
      () => {},
      (error) => refused(error, request, reply, asked),
    )
  }

  api.get(
    CHECK_PATH,
    {
      schema: {
        operationId: 'GetAuthCheck',
        summary:
          'Pass a request through a gateway, which asks who sends it and whether they may do what it needs',
        tags: ['Forward authentication'],
        querystring: Type.Object({
          action: Type.Optional(Type.String({ description: '`read` or `write`: needed on the bucket' })),
          bucket: Type.Optional(Type.String({ description: 'The bucket, by name or id' })),
          bucketID: Type.Optional(Type.String({ description: 'The same, by id' })),
          org: Type.Optional(Type.String({ description: 'Its organization, by name or id' })),
          orgID: Type.Optional(Type.String({ description: 'The same, by id' })),
          upstream: Type.Optional(
            Type.String({
              description: 'Judge the request itself, as if it were sent through Sluice to that upstream',
            }),
          ),
          replace: Type.Optional(
            Type.String({
              description: '`true`: the gateway sends `X-Sluice-Target` upstream in place of path and query',
            }),
          ),
          redirect: Type.Optional(
            Type.String({ description: '`true`: send a browser that opens a page to the sign-in page' }),
          ),
          cookies: Type.Optional(
            Type.String({
              description:
                "`true`: answer with the request's cookies without that of the session, in `Cookie`",
            }),
          ),
        }),
        response: {
          204: {
            ...NoContent,
            description: 'The caller is known and may do it',
            headers: Object.fromEntries(
              Object.entries(MEANINGS).map(([name, description]) => [name, { type: 'string', description }]),
            ),
          },
          302: { ...NoContent, description: 'To the sign-in page' },
          ...errors(...CREDENTIALS, 400),
        },
      },
    },
    ((request: FastifyRequest, reply: FastifyReply) =>
      answer(request, reply, {
        parameters: readCheckParameters(rawQueryOf(request)),
        forwarded: authCheck.forwarded.read(request),
        status: 204,
      })) as RouteHandlerMethod as never,
  )

  // Envoy puts the path of the request behind that of the check, and takes only 200 for a yes.
  for (const url of [ENVOY, `${ENVOY}/*`]) {
    api.route({
      ...{ method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], url },
      ...{ config: { ignoresBody: true }, schema: { hide: true } },
      exposeHeadRoute: false,
      handler: ((request: FastifyRequest, reply: FastifyReply) => {
        const forwarded = authCheck.forwarded.readBelow(ENVOY, request)
        const parameters = readCheckParameters(String(request.headers[ENVOY_CHECK] ?? ''))
        return answer(request, reply, { parameters, forwarded, status: 200 })
      }) as RouteHandlerMethod as never,
    })
  }

  api.get(
    '/api/v2/auth/return',
    {
      schema: {
        operationId: 'GetAuthReturn',
        summary: 'Go back to the page of another application from which a browser was sent to sign in',
        tags: ['Forward authentication'],
        security: [],
        querystring: Type.Object({
          to: Type.Optional(
            Type.String({ description: 'The address; its host must be one of allowed-return-hosts' }),
          ),
        }),
        response: { 303: { ...NoContent, description: 'To that address' }, ...errors(400) },
      },
    },
    ({ query: { to = '' }, headers: { host } }, reply) => {
      const address = authCheck.returnAddresses.safe(to, host)
      if (address === undefined) {
        throw invalid(
          'this server does not send browsers to that address; its host must be in allowed-return-hosts',
        )
      }
      reply
        .header('location', address)
        .code(303)
        .send(undefined as never)
    },
  )
}

/** Adds what the request says of its body. The media type is read as it was sent, since the API ignores it elsewhere. */
function withContent(forwarded: DescribedRequest, { headers, raw: { rawHeaders } }: FastifyRequest) {
  const types = rawHeaders.filter((_, at) => at % 2 === 1 && CONTENT_TYPE.test(rawHeaders[at - 1] ?? ''))
  if (types.length > 1) throw forbidden('not-by-check', 'Content-Type is there twice; send it once')
  return { ...forwarded, contentEncoding: headers['content-encoding'], contentType: types[0] }
}

const CONTENT_TYPE = /^content-type$/i
