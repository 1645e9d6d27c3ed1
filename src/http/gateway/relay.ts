/** Sends one request upstream and hands the answer to the client, in constant memory in both directions. */
import type { ServerResponse } from 'node:http'
import { SluiceError } from '../../domain/base/errors.ts'
import { leaveOutConstant } from '../server/constant-headers.ts'
import { StatusError } from './status-error.ts'
import type { AnswerControl, AnswerReader, Transport, UpstreamFailure, UpstreamRequest } from './transport.ts'
import { answerHeaders } from './upstream-headers.ts'

/** How the exchange with upstream ended, for metrics and the audit log. */
export interface Exchanged {
  /** Upstream's; undefined if it gave none. */
  readonly status: number | undefined
  readonly bytesOut: number
  readonly failure?: UpstreamFailure | undefined
}

export interface RelayOptions {
  readonly transport: Transport
  readonly request: UpstreamRequest
  readonly response: ServerResponse
  /** Headers of this server on the answer, such as a renewed cookie. */
  readonly ownHeaders: readonly string[]
  /** Constant headers of this server that a forwarded answer does not carry, in lower case. */
  readonly leftOut: ReadonlySet<string>
  /** Hears the length of each part of the answer. */
  readonly onPassed?: ((bytes: number) => void) | undefined
  /** The headers of the answer, if they are not those of a forwarded request. */
  readonly headersOf?: (status: number, headers: readonly string[]) => readonly string[]
  /**
   * Answers of up to 64 KiB that are kept back until it is decided what they mean. Asked for each such answer; resolves
   * to a request to send in place of the last, or to undefined for the answer as it is.
   */
  readonly holdBack?: {
    holds(status: number): boolean
    decide(status: number): Promise<UpstreamRequest | undefined>
  }
}

const keptHeaders = (_status: number, headers: readonly string[]) => answerHeaders(headers)

const MOST_HELD_BACK = 65_536

/**
 * Resolves once the client has the answer, or the connection was cut because upstream failed in the middle of it.
 * Throws a `GatewayFailure` if upstream failed before the head of an answer: then nothing was sent to the client.
 */
export function relay(options: RelayOptions): Promise<Exchanged> {
  const { response } = options
  const outcome = Promise.withResolvers<Exchanged>()
  let control: AnswerControl | undefined
  /** Whether the transport has still to say how a request ended. */
  let isUnderWay = false
  let isGone = false
  let status: number | undefined
  let bytesOut = 0

  response.once('close', onClose)
  function onClose(): void {
    if (response.writableFinished) {
      finish()
      return
    }
    isGone = true
    if (isUnderWay) control?.abort()
    else finish({ kind: 'aborted', cause: new Error('the client closed the connection') })
  }
  function finish(failure?: UpstreamFailure): void {
    response.off('close', onClose)
    outcome.resolve({ status, bytesOut, ...(failure ? { failure } : {}) })
  }
  function fail(error: unknown): void {
    response.off('close', onClose)
    outcome.reject(error)
  }

  function send(request: UpstreamRequest): void {
    let held: { readonly head: Head; readonly chunks: Buffer[]; size: number } | undefined

    function begin({ message, headers }: Head): void {
      leaveOutConstant(response, options.leftOut)
      const kept = (options.headersOf ?? keptHeaders)(status as number, headers)
      response.writeHead(status as number, message, [...kept, ...options.ownHeaders])
    }

    function write(chunk: Buffer): void {
      bytesOut += chunk.length
      options.onPassed?.(chunk.length)
      if (response.write(chunk)) return
      control?.pause()
      response.once('drain', () => control?.resume())
    }

    function release(): void {
      if (!held) return
      const { head, chunks } = held
      held = undefined
      begin(head)
      for (const chunk of chunks) write(chunk)
    }

    const reader: AnswerReader = {
      onStart(given) {
        control = given
        if (isGone) given.abort()
      },
      onHead(given, headers, message) {
        status = given
        const head = { message, headers }
        if (options.holdBack?.holds(given)) held = { head, chunks: [], size: 0 }
        else begin(head)
      },
      onData(chunk) {
        if (!held) return write(chunk)
        held.chunks.push(chunk)
        held.size += chunk.length
        if (held.size > MOST_HELD_BACK) release()
      },
      onEnd() {
        isUnderWay = false
        control = undefined
        if (!held) {
          response.end()
          return
        }
        options.holdBack?.decide(status as number).then((other) => {
          if (isGone) return
          if (other) {
            send(other)
            return
          }
          release()
          response.end()
        }, fail)
      },
      onFailure(failure) {
        isUnderWay = false
        control = undefined
        if (isGone) {
          finish({ ...failure, kind: 'aborted' })
        } else if (response.headersSent) {
          finish(failure)
          // The client must not take a part for the whole.
          response.destroy()
        } else if (failure.cause instanceof SluiceError) {
          // The body that the client sent is at fault.
          fail(failure.cause)
        } else {
          fail(new GatewayFailure(failure))
        }
      },
    }
    isUnderWay = true
    options.transport.send(request, reader)
  }

  if (response.destroyed) onClose()
  else send(options.request)
  return outcome.promise
}

interface Head {
  readonly message: string
  readonly headers: readonly string[]
}

/** Upstream failed before it answered. `code` is the documented one, `status` says which side failed (RFC 9110, 15.6). */
export class GatewayFailure extends StatusError {
  readonly failure: UpstreamFailure

  constructor(failure: UpstreamFailure) {
    const [status, message] = FAILURES[failure.kind]
    super(status, 'unavailable', message, { cause: failure.cause, retryAfterSeconds: 1 })
    this.failure = failure
  }
}

const FAILURES = {
  refused: [503, 'InfluxDB cannot be reached; try again shortly'],
  timeout: [504, 'InfluxDB did not answer in time'],
  broken: [502, 'InfluxDB broke off the connection'],
  aborted: [502, 'the request was broken off'],
} as const
