/** Reading bodies that must be looked at, or are small enough to be sent in one piece. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { invalid, SluiceError } from '../../domain/base/errors.ts'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import { hasBody } from '../server/slow-clients.ts'
import type { BodyCheck } from './body-check.ts'

export { hasBody }

/** What `Content-Length` says; undefined without one. */
export function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length']
  return length === undefined ? undefined : Number(length)
}

/**
 * Reads a body of at most `mostBytes`; empty if the request has none. Rejects with `request too large`, or with
 * `invalid` if it ends early.
 */
export function readBody(request: IncomingMessage, mostBytes: number): MaybePromise<Buffer> {
  const length = lengthOf(request)
  if (length !== undefined && length > mostBytes) return Promise.reject(tooLarge(mostBytes))
  // Node emits no `end` for such a request.
  if (!hasBody(request)) return Promise.resolve(Buffer.alloc(0))
  if (request.destroyed) return Promise.reject(brokenOff())
  // Most small bodies arrive together with the headers.
  if (request.complete && request.readableLength === length) return request.read() as Buffer
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let chunks: Buffer[] = []
  let size = 0
  function onData(chunk: Buffer): void {
    chunks.push(chunk)
    size += chunk.length
    if (size <= mostBytes) return
    // The rest is not kept: a client may send on until it has read the refusal.
    request.off('data', onData)
    request.pause()
    chunks = []
    reject(tooLarge(mostBytes))
  }
  request.on('data', onData)
  request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
  request.once('error', () => reject(brokenOff()))
  request.once('close', () => reject(brokenOff()))
  return promise
}

/**
 * A body to be sent on as it arrives. It ends with `request too large` if it is larger, and with `invalid` if it
 * ends early. Throws if its length says that it is larger.
 *
 * Destroying it leaves the request alone: a client whose upload is answered before its end must be able to read the
 * answer, and Node closes the connection of a request that is destroyed.
 *
 * @param onSize hears how many bytes have arrived so far
 * @param check of what goes on; if it refuses something, the body ends with its error
 */
export function uploadOf(
  request: IncomingMessage,
  mostBytes: number,
  { onSize, check }: { onSize?: (size: number) => void; check?: BodyCheck | undefined } = {},
): Readable {
  const length = lengthOf(request)
  if (length !== undefined && length > mostBytes) throw tooLarge(mostBytes)
  let size = 0
  const upload = new Readable({
    read: () => void request.resume(),
    destroy(error, done) {
      request.off('data', onData)
      request.pause()
      done(error)
    },
  })
  function onData(chunk: Buffer): void {
    size += chunk.length
    onSize?.(size)
    if (size > mostBytes) upload.destroy(tooLarge(mostBytes))
    else if (!check) push(chunk)
    else pushChecked(() => check.take(chunk))
  }
  function push(chunk: Buffer): void {
    if (!upload.push(chunk)) request.pause()
  }
  function pushChecked(checked: () => Buffer): void {
    try {
      const chunk = checked()
      if (chunk.length > 0) push(chunk)
    } catch (error) {
      upload.destroy(error as Error)
    }
  }
  function onEnd(): void {
    if (check && !upload.destroyed) pushChecked(() => check.end())
    upload.push(null)
  }
  function onBroken(): void {
    if (!request.readableEnded) upload.destroy(brokenOff())
  }
  request.on('data', onData)
  request.pause()
  request.once('end', onEnd)
  request.once('error', onBroken)
  request.once('close', onBroken)
  if (request.destroyed) onBroken()
  return upload
}

export function tooLarge(mostBytes: number): SluiceError {
  return new SluiceError('request too large', `the body is larger than ${mostBytes} bytes`)
}

const brokenOff = () => invalid('the body ended before its time')

/** Parses a JSON body. Throws `invalid` for one that is no JSON or no object. */
export function parseObject(body: Buffer): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw invalid('the body is no JSON in UTF-8', { cause: error })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('the body must be a JSON object')
  }
  return parsed as Record<string, unknown>
}
