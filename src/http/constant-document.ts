/** Documents that are the same for everybody while the server runs: written once, and sent only to those without them. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { leaveOutConstant } from './constant-headers.ts'
import { JSON_TYPE } from './listener.ts'

const REPLACED: ReadonlySet<string> = new Set(['cache-control'])

/** A strong entity tag of these bytes (RFC 9110, 8.8.3). */
export function entityTagOf(body: string | Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

/** Whether `If-None-Match` names a tag, or any (RFC 9110, 13.1.2: compared weakly). */
export function isNotModified(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((each) => {
    const wanted = each.trim()
    return wanted === '*' || wanted === tag || wanted === `W/${tag}`
  })
}

/**
 * A handler that answers with what `read` gives as JSON, read once, when it is first asked for. Caches may keep it but
 * ask whether it has changed; where it needs credentials, browsers alone.
 */
export function constantDocument(
  read: () => unknown,
  { needsCredentials = false } = {},
): (
  request: Pick<FastifyRequest, 'headers'>,
  reply: Pick<FastifyReply, 'raw' | 'header' | 'code' | 'type'>,
) => void {
  let document: { readonly body: Buffer; readonly tag: string } | undefined
  return (request, reply) => {
    if (!document) {
      const body = Buffer.from(JSON.stringify(read()))
      document = { body, tag: entityTagOf(body) }
    }
    const { body, tag } = document
    leaveOutConstant(reply.raw, REPLACED)
    reply.header('cache-control', needsCredentials ? 'private, no-cache' : 'no-cache').header('etag', tag)
    if (isNotModified(request.headers['if-none-match'], tag)) reply.code(304).send()
    else reply.type(JSON_TYPE).send(body)
  }
}
