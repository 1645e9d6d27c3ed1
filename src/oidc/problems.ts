/** What goes wrong with a provider, as errors that programs tell apart by their reason. */
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import { SluiceError, unauthorized, unavailable } from '../domain/base/errors.ts'

const RETRY_AFTER_SECONDS = 5

export const providerAway = (cause: unknown) =>
  unavailable('the sign-in provider does not answer; try again shortly, or sign in another way', {
    cause,
    reason: 'provider-away',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })

export const providerMisconfigured = (what: string, cause?: unknown) =>
  unavailable(
    'the sign-in provider and this server do not fit together; an operator finds out more with sluice oidc test',
    { cause: new Error(what, { cause }), reason: 'provider-misconfigured' },
  )

export const refusedByProvider = (what: string, cause?: unknown) =>
  unauthorized('refused-by-provider', 'the sign-in provider refused, or its answer is not to be trusted', {
    cause: new Error(what, { cause }),
  })

export const clockDiffers = (what: string, cause?: unknown) =>
  unauthorized('clock-differs', 'the clocks of the sign-in provider and of this server differ', {
    cause: new Error(what, { cause }),
  })

export const signInExpired = (what: string) =>
  unauthorized('sign-in-expired', 'the sign-in took too long or was finished before; begin it again', {
    cause: new Error(what),
  })

/** Refusals of the token endpoint that are about this server's own registration (RFC 6749, 5.2). */
const OWN_FAULTS: ReadonlySet<string> = new Set([
  ...['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_request', 'invalid_scope'],
])
const LOWEST_FAILURE = 500

/** Finds out what an error of the library or of a request means. Errors of this server pass unchanged. */
export function asProblem(error: unknown): SluiceError {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof SluiceError) return each
  }
  if (error instanceof AuthorizationResponseError)
    return refusedByProvider('it answered with an error', error)
  if (error instanceof WWWAuthenticateChallengeError) {
    return providerMisconfigured('it does not accept the credentials of this server', error)
  }
  if (error instanceof ResponseBodyError) {
    if (error.status >= LOWEST_FAILURE) return providerAway(error)
    return OWN_FAULTS.has(error.error)
      ? providerMisconfigured(`its token endpoint answered ${error.error}`, error)
      : refusedByProvider('it does not take the code or token', error)
  }
  if (error instanceof ClientError) return ofClient(error)
  return refusedByProvider('its answer cannot be read', error)
}

function ofClient(error: ClientError): SluiceError {
  switch (error.code) {
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_ABORT':
      return providerAway(error)
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return clockDiffers('a time in its token is out of bounds', error)
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM': {
      const status = (error.cause as Partial<Response> | undefined)?.status ?? 0
      return status >= LOWEST_FAILURE
        ? providerAway(error)
        : providerMisconfigured(`it answered with status ${status}`, error)
    }
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_MISSING_SERVER_METADATA':
    case 'OAUTH_INVALID_SERVER_METADATA':
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
    case 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN':
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return providerMisconfigured(error.message, error)
    default:
      return refusedByProvider(error.message, error)
  }
}
