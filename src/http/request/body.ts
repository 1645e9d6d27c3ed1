/** Reads request bodies: how large they may be, how they may be encoded, and what JSON means here. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { invalid, SluiceError } from '../../domain/base/errors.ts'

/** Deeper than any valid body, and far below what the stack can hold. */
const DEEPEST = 100

/**
 * Reads a JSON body of at most `limit` bytes, before and after it is unzipped. Whatever its media type says
 * it is read as JSON (RFC 8259): InfluxDB does not look at it, and curl's default is another.
 */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const stream = decoded(request, limit)
  const text = await readText(stream, limit).finally(() => {
    if (stream !== request) stream.destroy()
  })
  if (text.trim() === '') throw invalid('the request body is empty; send a JSON object')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid('the request body is not valid JSON', { cause })
  }
  return withoutNulls(value, DEEPEST)
}

/** Reads a form of at most `limit` bytes. Throws `invalid` for a field that comes twice. */
export async function readFormBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const fields = [...new URLSearchParams(await readText(request, limit))]
  if (new Set(fields.map(([name]) => name)).size < fields.length) {
    throw invalid('a field of the form comes twice')
  }
  return Object.fromEntries(fields)
}

function decoded(request: IncomingMessage, limit: number): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return request
  if (encoding === 'gzip' || encoding === 'x-gzip') return unzipped(request, limit)
  throw new SluiceError(
    'unsupported media type',
    'this Content-Encoding is not understood; send the body as it is or with gzip',
  )
}

/** The compressed bytes are counted too: a gzip file can be endless and contain nothing. */
function unzipped(request: IncomingMessage, limit: number): Readable {
  const gunzip = createGunzip()
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) gunzip.destroy(tooLarge(limit))
  })
  request.on('error', (error) => gunzip.destroy(error))
  return request.pipe(gunzip)
}

function tooLarge(limit: number): SluiceError {
  return new SluiceError('request too large', `the request body is larger than ${limit} bytes`)
}

async function readText(stream: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    // The unread rest of a request must still be discarded, which a destroyed stream cannot do.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > limit) throw tooLarge(limit)
      chunks.push(chunk)
    }
  } catch (cause) {
    throw cause instanceof SluiceError ? cause : invalid('the request body cannot be read', { cause })
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** As in InfluxDB, null counts as missing: `{"name":null}` has no name, and a body of null is an empty object. */
function withoutNulls(value: unknown, depth: number): unknown {
  if (value === null) return {}
  // Half a surrogate pair is no character; as in Go it becomes U+FFFD, as which the store would keep it.
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object') return value
  if (depth === 0) throw invalid('the request body is nested too deeply')
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each, depth - 1))
  const kept = Object.entries(value).filter(([, each]) => each !== null)
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNulls(each, depth - 1)]))
}
