/**
 * The route of `bare.ts` with the headers that every answer of Sluice carries (`node headers-server.ts PORT WAY`):
 * `text` puts them behind the status line as Sluice does, `public` gives them to Node's `writeHead`.
 */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import Fastify from 'fastify'
import { securityHeaders } from '../src/http/protection/security-headers.ts'
import { withConstantHeaders } from '../src/http/server/constant-headers.ts'

const headers = {
  'x-influxdb-build': 'OSS',
  'x-influxdb-version': '2.8.0',
  ...securityHeaders({ strictTransportSeconds: undefined }),
}

class PublicHeadersResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
  override writeHead(status: number, ...rest: unknown[]): this {
    return super.writeHead(status, { ...headers, ...(rest.at(-1) as OutgoingHttpHeaders) })
  }
}

const ME = {
  links: { self: '/api/v2/users/0a1b2c3d4e5f6071' },
  id: '0a1b2c3d4e5f6071',
  name: 'ada',
  status: 'active',
}
const [, , port, way] = process.argv
const ServerResponseOfWay = way === 'text' ? withConstantHeaders(headers) : PublicHeadersResponse
const app = Fastify({
  serverFactory: (handler) =>
    createServer({ ServerResponse: ServerResponseOfWay as typeof ServerResponse }, handler),
})
app.get('/api/v2/me', (_request, reply) => {
  reply.send(ME)
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
