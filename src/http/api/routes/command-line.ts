/** Signing in on the command line: what the command asks, what the person decides in the console, and its token. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { invalid, SluiceError } from '../../../domain/base/errors.ts'
import type { WhichLogin } from '../../../domain/command-line/asked-login.ts'
import type { CommandLineLogins } from '../../../domain/command-line/command-line-logins.ts'
import type { EndOwnToken, LoginToken } from '../../../domain/command-line/login-token.ts'
import { POLL_INTERVAL_MS } from '../../../domain/records/device-login.ts'
import { refuseForeignPage, type TrustedOrigins } from '../../protection/forgery.ts'
import { ERROR_CODE_HEADER, errorBody, REASON_HEADER } from '../../request/errors.ts'
import { toID } from '../../request/page-query.ts'
import {
  BODY,
  CREDENTIALS,
  errors,
  IDShape,
  NoContent,
  named,
  ref,
  TimeShape,
  timeOf,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

/** Letters of host names only, so that a device cannot write a text of its own on the page. */
const HOST = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
  description: 'The name of the machine, which the page shows',
})

export const CommandLineTokenShape = named(
  'CommandLineToken',
  Type.Object({
    token: Type.String({ description: 'Shown once' }),
    id: IDShape,
    user: Type.String(),
    org: Type.String(),
    expiresAt: TimeShape,
  }),
)

export const CommandLineLoginShape = named(
  'CommandLineLogin',
  Type.Object({
    kind: Type.String({ enum: ['loopback', 'device'] }),
    host: Type.String({ description: 'As the command names its machine' }),
    address: Type.String({ description: 'From which the command asked' }),
    isOwnAddress: Type.Boolean({ description: 'Whether the caller has the same address' }),
    askedAt: TimeShape,
    expiresAt: TimeShape,
    tokenSeconds: Type.Integer({ description: 'How long the token lasts, unless a right ends earlier' }),
    operator: Type.Boolean({ description: 'Whether the caller may give a token for everything' }),
    organizations: Type.Array(Type.Object({ id: IDShape, name: Type.String() })),
  }),
)

/** The error names of RFC 8628 (3.5) and RFC 6749 (5.2), by Sluice's reason. */
const OAUTH_ERRORS: Readonly<Record<string, string>> = {
  'authorization-pending': 'authorization_pending',
  'slow-down': 'slow_down',
  'expired-token': 'expired_token',
  'access-denied': 'access_denied',
  'login-invalid': 'invalid_grant',
}

const Which = {
  request: Type.Optional(Type.String({ maxLength: 4096, description: 'Of the address of the page' })),
  userCode: Type.Optional(Type.String({ maxLength: 64, description: 'As the device shows it' })),
}

function whichOf({ request, userCode }: { request?: string; userCode?: string }): WhichLogin {
  if (request !== undefined && userCode === undefined) return { request }
  if (userCode !== undefined && request === undefined) return { userCode }
  throw invalid('either request or userCode is needed')
}

function tokenBody({ userName, orgName, ...token }: LoginToken): Static<typeof CommandLineTokenShape> {
  return { ...token, user: userName, org: orgName }
}

export interface CommandLineDeps {
  readonly commandLineLogins: CommandLineLogins
  readonly endOwnToken: EndOwnToken
  readonly origins: TrustedOrigins
  /** Where browsers find the console, such as `/`. */
  readonly consolePath: string
}

const TAGS = ['Command line']

/** What the command sends, before it has a token. Pages of other sites are refused, as at sign-in. */
export function registerCommandLine(api: Api, deps: CommandLineDeps): void {
  const { commandLineLogins, origins, consolePath } = deps
  const common = { tags: TAGS, security: [] }
  const noOtherSite = (request: FastifyRequest) => refuseForeignPage(request, origins)
  const pageAt = (path: string) => `${origins.publicOrigin ?? ''}${consolePath}${path}`
  const ADDRESS = 'Of the page on which the person decides; without public-url, a path of this server'

  api.post(
    '/api/v2/signin/command-line',
    {
      schema: {
        ...common,
        operationId: 'PostSigninCommandLine',
        summary: 'Ask for a token, where the browser is on the same machine (RFC 8252)',
        body: Type.Object({
          host: HOST,
          redirectUri: Type.String({
            pattern: '^http://(127\\.0\\.0\\.1|\\[::1\\]):[1-9][0-9]{0,4}/$',
            description: 'Where the command listens, such as http://127.0.0.1:49152/',
          }),
          state: Type.String({ pattern: '^[A-Za-z0-9_-]{22,128}$' }),
          challenge: Type.String({
            pattern: '^[A-Za-z0-9_-]{43}$',
            description: 'The SHA-256 of the verifier, in base64url (RFC 7636, S256)',
          }),
        }),
        response: {
          200: Type.Object({ url: Type.String({ description: ADDRESS }), expiresAt: TimeShape }),
          ...errors(403, ...BODY),
        },
      },
    },
    async (request) => {
      noOtherSite(request)
      if (!URL.canParse(request.body.redirectUri)) throw invalid('redirectUri is no URL')
      const begun = await commandLineLogins.beginLoopback(request.body, request.origin())
      const query = new URLSearchParams({ request: begun.request })
      return { url: pageAt(`command-line?${query}`), expiresAt: timeOf(begun.expiresAt) }
    },
  )

  api.post(
    '/api/v2/signin/command-line/token',
    {
      schema: {
        ...common,
        operationId: 'PostSigninCommandLineToken',
        summary: 'Get the token for the code that the browser brought, within a minute',
        body: Type.Object({
          code: Type.String({ maxLength: 4096 }),
          verifier: Type.String({ pattern: '^[A-Za-z0-9._~-]{43,128}$' }),
        }),
        response: { 200: ref(CommandLineTokenShape), ...errors(403, ...BODY) },
      },
    },
    async (request, reply) => {
      noOtherSite(request)
      const { code, verifier } = request.body
      return answerToken(reply, () => commandLineLogins.redeem(code, verifier, request.origin()))
    },
  )

  api.post(
    '/api/v2/signin/device',
    {
      schema: {
        ...common,
        operationId: 'PostSigninDevice',
        summary: 'Ask for a token, where the browser is on another machine (RFC 8628)',
        body: Type.Object({ host: HOST }),
        response: {
          // The names are those of RFC 8628, 3.2. There is no address that has the code in it: whoever can send
          // such a link need not get the other person to type a code that is not theirs (5.4).
          200: Type.Object({
            device_code: Type.String({ description: 'By which the device asks; secret' }),
            user_code: Type.String({ description: 'What the person types' }),
            verification_uri: Type.String({ description: ADDRESS }),
            expires_in: Type.Integer({ description: 'Seconds' }),
            interval: Type.Integer({ description: 'Seconds between two tries' }),
          }),
          ...errors(403, 429, ...BODY),
        },
      },
    },
    async (request) => {
      noOtherSite(request)
      const origin = request.origin()
      const begun = await commandLineLogins.beginDevice(request.body, origin)
      return {
        device_code: begun.deviceCode,
        user_code: begun.userCode,
        verification_uri: pageAt('device'),
        expires_in: begun.lengthMs / 1000,
        interval: POLL_INTERVAL_MS / 1000,
      }
    },
  )

  api.post(
    '/api/v2/signin/device/token',
    {
      schema: {
        ...common,
        operationId: 'PostSigninDeviceToken',
        summary: 'Get the token once the person has approved the device',
        body: Type.Object({ device_code: Type.String({ maxLength: 256 }) }),
        response: { 200: ref(CommandLineTokenShape), ...errors(403, ...BODY) },
      },
    },
    async (request, reply) => {
      noOtherSite(request)
      return answerToken(reply, () => commandLineLogins.poll(request.body.device_code, request.origin()))
    },
  )
}

async function answerToken(reply: FastifyReply, act: () => Promise<LoginToken>) {
  try {
    return tokenBody(await act())
  } catch (error) {
    const oauth = error instanceof SluiceError ? OAUTH_ERRORS[error.reason ?? ''] : undefined
    if (!oauth || !(error instanceof SluiceError)) throw error
    reply.header(REASON_HEADER, error.reason).header(ERROR_CODE_HEADER, error.code)
    return reply.code(400).send({ ...errorBody(error), error: oauth })
  }
}

/** What the console sends by the person's session, and how a token ends itself. */
export function registerCommandLineDecisions(api: Api, deps: CommandLineDeps): void {
  const { commandLineLogins } = deps
  const Decided = Type.Object({
    url: Type.Optional(
      Type.String({ description: 'Where the browser goes: to the command on the same machine' }),
    ),
  })
  const decided = (url: string | undefined) => (url === undefined ? {} : { url })

  api.post(
    '/api/v2/me/command-line',
    {
      schema: {
        operationId: 'PostMeCommandLine',
        summary: 'Look at a command line that asks for a token',
        tags: TAGS,
        body: Type.Object(Which),
        response: { 200: ref(CommandLineLoginShape), ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request) => {
      const caller = request.caller()
      const { login, choices, expiresAt, lengthMs } = await commandLineLogins.look(
        caller,
        whichOf(request.body),
      )
      const body: Static<typeof CommandLineLoginShape> = {
        ...{ kind: login.kind, host: login.host, address: login.address },
        isOwnAddress: login.address === caller.origin.address,
        ...{ askedAt: timeOf(login.at), expiresAt: timeOf(expiresAt) },
        tokenSeconds: Math.floor(lengthMs / 1000),
        ...{ operator: choices.isOperator, organizations: [...choices.organizations] },
      }
      return body
    },
  )

  api.post(
    '/api/v2/me/command-line/approve',
    {
      schema: {
        operationId: 'PostMeCommandLineApprove',
        summary: 'Give a command line a token, which ends by itself',
        tags: TAGS,
        body: Type.Object({
          ...Which,
          orgID: Type.Optional(
            Type.String({ format: 'id', description: 'What it reaches; everything if not given' }),
          ),
          readOnly: Type.Optional(Type.Boolean()),
        }),
        response: { 200: Decided, ...errors(...CREDENTIALS, ...BODY, 422) },
      },
    },
    async (request) => {
      const { orgID, readOnly = false } = request.body
      const scope = { orgID: toID(orgID), isReadOnly: readOnly }
      return decided(await commandLineLogins.approve(request.caller(), whichOf(request.body), scope))
    },
  )

  api.post(
    '/api/v2/me/command-line/deny',
    {
      schema: {
        operationId: 'PostMeCommandLineDeny',
        summary: 'Refuse a command line a token',
        tags: TAGS,
        body: Type.Object(Which),
        response: { 200: Decided, ...errors(...CREDENTIALS, ...BODY) },
      },
    },
    async (request) => decided(await commandLineLogins.deny(request.caller(), whichOf(request.body))),
  )

  api.delete(
    '/api/v2/me/token',
    {
      schema: {
        operationId: 'DeleteMeToken',
        summary: 'Delete the token in use, which must be one with an end',
        tags: TAGS,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 422) },
      },
    },
    async (request, reply) => {
      await deps.endOwnToken(request.caller())
      return reply.code(204).send(null)
    },
  )
}
