/** Documents that stay the same while the server runs: serialized once, and sent only to clients without them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { entityTagOf, isNotModified } from '../../request/entity-tag.ts'
import { leaveOutConstant } from '../../server/constant-headers.ts'
import { JSON_TYPE } from '../../server/listener.ts'

const REPLACED: ReadonlySet<string> = new Set(['cache-control'])

/**
 * A handler that answers with the result of `read` as JSON, read once at the first request. Caches may keep it but
 * must revalidate it; if the route needs credentials, only browsers may keep it.
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
