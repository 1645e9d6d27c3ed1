/** What the domain gets for answers of upstream that refuse, and for no answer. */
import { conflict, SluiceError, unavailable } from '../../domain/base/errors.ts'

const RETRY_AFTER_SECONDS = 2
/** InfluxDB's messages go on to clients, so they are bounded. */
const LONGEST_MESSAGE = 500

/** Upstream cannot be reached, is starting, or did not answer in time. */
export function upstreamAway(cause?: unknown): SluiceError {
  return unavailable('the InfluxDB behind this server does not answer; try again shortly', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}

/** Upstream answered with something else than InfluxDB 2 answers. */
export function strangeAnswer(what: string): SluiceError {
  return unavailable('the InfluxDB behind this server gave an answer that cannot be read', {
    cause: new Error(what),
  })
}

/** Upstream does not accept the operator token of the settings. The caller's own credentials are not at fault. */
export class TokenRefusedError extends SluiceError {
  constructor(status: number) {
    super('unavailable', 'the InfluxDB behind this server refuses the token of this server', {
      cause: new Error(`upstream answered ${status} to its operator token`),
    })
  }
}

/** Codes that InfluxDB documents for refusals, and that mean the same here. */
const REFUSALS = ['invalid', 'unprocessable entity', 'empty value', 'not found', 'request too large'] as const

/**
 * The error for an answer that is not 2xx. A refusal keeps InfluxDB's code and message; what is wrong with upstream or
 * with the token of the settings is `unavailable`, and a failure inside upstream `internal error`.
 */
export function errorOf(status: number, answer: unknown): SluiceError {
  if (status === 401 || status === 403) return new TokenRefusedError(status)
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    return upstreamAway(new Error(`upstream answered ${status}`))
  }
  const { code, message } = (answer ?? {}) as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : 'upstream gave no reason'
  if (code === 'conflict') return conflict('name-taken', text)
  const refusal = REFUSALS.find((each) => each === code)
  if (refusal !== undefined && status < 500) return new SluiceError(refusal, text)
  if (status < 400) return strangeAnswer(`upstream answered ${status}`)
  return new SluiceError('internal error', 'the InfluxDB behind this server failed', {
    cause: new Error(`upstream answered ${status}: ${text}`),
  })
}
