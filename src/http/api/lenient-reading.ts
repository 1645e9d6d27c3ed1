/**
 * How the API reads requests, as InfluxDB's does: any media type is JSON, and of a repeated key the first value counts.
 * This holds for the API's routes alone; a handler beside the API gets its requests as they were sent.
 */
import { parse } from 'node:querystring'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readFormBody, readJsonBody } from '../request/body.ts'

/** Ignores the media type of a body: without one, even an unreadable body reaches the parser. */
export function ignoreMediaType({ raw: { headers } }: FastifyRequest): void {
  if (headers['content-type'] !== undefined) headers['content-type'] = undefined as never
}

/** Reads bodies as JSON of at most `limit` bytes, zipped or not; see `readJsonBody` for the refusals. */
export function parseBodies(app: FastifyInstance, limit: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request, payload, done) => {
    // As in Go, the body of DELETE has no meaning and is ignored (RFC 9110, 9.3.5).
    if (request.routeOptions.config.ignoresBody || request.is404 || request.method === 'DELETE') {
      payload.resume()
      done(null, undefined)
      return
    }
    const { readsForm } = request.routeOptions.config
    if (readsForm !== undefined) {
      readFormBody(payload, readsForm).then((body) => done(null, body), done)
      return
    }
    readJsonBody(payload, limit).then((body) => done(null, body), done)
  })
}

export function parseQuery(text: string): Record<string, string> {
  return text === '' ? {} : firstValues(parse(text))
}

/** As in Go, the first value of a key counts, and an empty value counts as missing. */
function firstValues(query: NodeJS.Dict<string | string[]>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [key, value] of Object.entries(query)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first) values[key] = first
  }
  return values
}
