/** What the gateway answers itself, in the documented schema. */
import type { ServerResponse } from 'node:http'
import { asSluiceError, ERROR_CODE_HEADER, errorBody, REASON_HEADER, STATUS_OF } from '../request/errors.ts'
import { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import { JSON_TYPE } from '../server/listener.ts'
import type { OwnAnswer } from './arrival.ts'
import type { Exchanged } from './relay.ts'
import { StatusError } from './status-error.ts'

export interface FailureAnswer {
  /** Headers of this server: names and values in turn. */
  readonly own: readonly string[]
  readonly requestID: string
  /** Whether the body has the message under `error` too, which the clients of databases show. */
  readonly repeatsMessage?: boolean
}

/** Answers for an error, unless an answer has begun; returns the status. */
export function answerFailure(
  response: ServerResponse,
  failure: unknown,
  { own, requestID, repeatsMessage = false }: FailureAnswer,
): number {
  const error = asSluiceError(failure)
  const status = failure instanceof StatusError ? failure.status : STATUS_OF[error.code]
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return status
  }
  const documented = errorBody(error)
  const body = JSON.stringify(repeatsMessage ? { ...documented, error: documented.message } : documented)
  const { retryAfterSeconds, reason } = error
  response.writeHead(status, [
    ...['content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body))],
    ...[ERROR_CODE_HEADER, error.code, 'x-request-id', requestID],
    ...(retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)]),
    ...(reason === undefined ? [] : [REASON_HEADER, reason]),
    ...(error instanceof MethodNotAllowedError ? ['allow', error.allow] : []),
    ...own,
  ])
  response.end(body)
  return status
}

/** Answers what a judge says, in place of upstream. */
export async function answerOwn(
  response: ServerResponse,
  { status, contentType, body }: OwnAnswer,
  own: readonly string[],
): Promise<Exchanged> {
  const bytesOut = Buffer.byteLength(body)
  response.writeHead(status, ['content-type', contentType, 'content-length', String(bytesOut), ...own])
  response.end(body)
  return { status, bytesOut }
}
