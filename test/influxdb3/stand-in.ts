/**
 * What Sluice needs of an InfluxDB 3 Core, after its source (influxdb3_server/src/http.rs): databases by the v3 API, and
 * a record of all other requests.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordedRequest {
  readonly method: string
  readonly target: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface Influxdb3StandIn {
  readonly url: string
  readonly token: string
  readonly databases: Set<string>
  /** Forwarded requests, oldest first. */
  readonly arrived: RecordedRequest[]
  stop(): Promise<void>
}

export async function startInfluxdb3StandIn(): Promise<Influxdb3StandIn> {
  const databases = new Set(['_internal'])
  const arrived: RecordedRequest[] = []
  const token = 'apiv3_of-the-server-itself'
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url = '', headers } = request
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (url === '/health' || url === '/api/v1/health') return json(200, 'OK')
    if (headers.authorization !== `Bearer ${token}`)
      return json(401, { error: 'the request was not authenticated' })
    if (url === '/ping') return json(200, { product_name: 'InfluxDB 3 Core', version: '3.0.0' })
    if (url.startsWith('/api/v3/configure/database')) {
      const { searchParams } = new URL(url, 'http://stand-in')
      if (method === 'GET')
        return json(
          200,
          [...databases].map((name) => ({ 'iox::database': name })),
        )
      arrived.push({ method, target: url, authorization: headers.authorization, body })
      if (body.includes('"1d"') && method === 'PUT') return json(400, { error: 'refused' })
      if (url.includes('/retention_period')) return response.writeHead(204).end()
      if (method === 'DELETE') databases.delete(searchParams.get('db') ?? '')
      else databases.add(JSON.parse(body).db)
      return json(200, {})
    }
    arrived.push({ method, target: url, authorization: headers.authorization, body })
    if (url.includes('write')) return response.writeHead(204).end()
    return json(200, [])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...{ token, databases, arrived, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
