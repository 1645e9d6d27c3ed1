/** Reading bodies that must be looked at, or are small enough to be sent in one piece. */
import type { IncomingMessage } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { invalid, SluiceError } from '../../domain/base/errors.ts'

export { hasBody } from '../server/slow-clients.ts'

/** What `Content-Length` says; undefined without one. */
export function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length']
  return length === undefined ? undefined : Number(length)
}

/** Reads a body of at most that many bytes. Throws `request too large`, or `invalid` where it ends early. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const length = lengthOf(request)
  if (length !== undefined && length > mostBytes) return Promise.reject(tooLarge(mostBytes))
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) reject(tooLarge(mostBytes))
  })
  request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
  request.once('error', () => reject(brokenOff()))
  request.once('close', () => reject(brokenOff()))
  return promise
}

/**
 * A body to be sent on as it arrives, and ended with an error where it is larger. Throws where its length says so.
 *
 * @param onSize hears how many bytes there are so far, of a body whose length is not known before
 */
export function limited(
  request: IncomingMessage,
  {
    length,
    mostBytes,
    onSize,
  }: { length: number | undefined; mostBytes: number; onSize(size: number): void },
): Readable {
  if (length !== undefined) {
    if (length > mostBytes) throw tooLarge(mostBytes)
    return request
  }
  let size = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      onSize(size)
      done(size > mostBytes ? tooLarge(mostBytes) : null, chunk)
    },
  })
  request.once('error', (error) => counting.destroy(error))
  request.once('close', () => {
    if (!request.complete) counting.destroy(brokenOff())
  })
  return request.pipe(counting)
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
