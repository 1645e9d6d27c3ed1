/**
 * Stands in for InfluxDB and misbehaves on request: `node gateway-upstream.ts PORT FOLDER INFLUXD_URL`. What it takes
 * and mints is in files at once, so that it survives the death of the process, as in InfluxDB. Identities are the affair
 * of the stand-in of the tests, which lives on.
 *
 * - `POST /api/v2/write`: keeps the ids in its lines `w id=ID`, and counts the bytes of large bodies
 * - `POST /api/v2/query`: answers as many bytes as the text says, `0` for one answer that never ends
 * - `POST /torture?faults=a,b`: each request to write and query has the next of these faults, in turn
 * - `GET /torture`: how many queries are open, and the bytes of the last body without ids
 * - `DELETE /torture`: forgets all tokens
 */
import { appendFileSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const [, , port, folder = '', influxd = ''] = process.argv
const tokensFile = join(folder, 'tokens')
const points = openSync(join(folder, 'points'), 'a')
const tokens = new Set(
  existsSync(tokensFile) ? readFileSync(tokensFile, 'utf8').split('\n').filter(Boolean) : [],
)
let minted = tokens.size
let openQueries = 0
let bodyBytes = 0
let faults: string[] = []
let turn = 0

/** What can be wrong with an answer to a request of a write or query. `none` is a good one. */
type Fault = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const FAULTS: Readonly<Record<string, Fault>> = {
  none: serve,
  'cut-before': async (request) => void request.socket.destroy(),
  async 'cut-after'(request) {
    await take(request)
    request.socket.destroy()
  },
  async slow(request, response) {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
    await serve(request, response)
  },
  async nonsense(request) {
    await take(request)
    request.socket.end('SSH-2.0-OpenSSH_9.9\r\n')
  },
  async 'nonsense-length'(request) {
    await take(request)
    request.socket.end('HTTP/1.1 204 No Content\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\n')
  },
  async full(request, response) {
    request.resume()
    answer(response, 500, { code: 'internal error', message: 'engine: no space left on device' })
  },
  async early(_request, response) {
    answer(response, 503, { code: 'unavailable', message: 'too busy to read this' })
  },
}

/** Longer than the limit for writes with which Sluice is started. */
const SLOW_MS = 2500

createServer(async (request, response) => {
  const { method = '', url = '' } = request
  const [path, query] = url.split('?')
  if (path === '/torture') return control(method, new URLSearchParams(query), response)
  if (path?.startsWith('/api/v2/authorizations')) return authorizations(request, response)
  if (path !== '/api/v2/write' && path !== '/api/v2/query') return passOn(request, response)
  if (!tokens.has(request.headers.authorization ?? '')) {
    request.resume()
    return answer(response, 401, { code: 'unauthorized', message: 'unauthorized access' })
  }
  const fault = faults.length === 0 ? 'none' : (faults[turn++ % faults.length] as string)
  await FAULTS[fault]?.(request, response).catch(() => {})
}).listen(Number(port), '127.0.0.1')

function control(method: string, parameters: URLSearchParams, response: ServerResponse): void {
  if (method === 'POST') faults = (parameters.get('faults') ?? '').split(',').filter(Boolean)
  if (method === 'DELETE') {
    tokens.clear()
    writeFileSync(tokensFile, '')
  }
  answer(response, 200, { openQueries, bodyBytes })
}

async function authorizations(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _ of request);
  if (request.method === 'GET') {
    const id = request.url?.split('/')[4]
    const isThere = id === undefined || tokens.has(`Token minted-${Number.parseInt(id, 16)}`)
    if (isThere) answer(response, 200, id === undefined ? { authorizations: [] } : { id })
    else answer(response, 404, { code: 'not found', message: 'authorization not found' })
    return
  }
  if (request.method === 'DELETE') {
    response.writeHead(204).end()
    return
  }
  minted += 1
  const token = `minted-${minted}`
  tokens.add(`Token ${token}`)
  appendFileSync(tokensFile, `Token ${token}\n`)
  answer(response, 201, { id: minted.toString(16).padStart(16, '0'), token })
}

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url, headers } = request
  const body = await text(request)
  const answered = await fetch(`${influxd}${url}`, {
    method,
    headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
    ...(body === '' ? {} : { body }),
  })
  response.writeHead(answered.status, {
    'content-type': answered.headers.get('content-type') ?? 'text/plain',
  })
  response.end(await answered.text())
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url?.startsWith('/api/v2/query')) return serveQuery(request, response)
  await take(request)
  response.writeHead(204).end()
}

/** Keeps what is written before it is acknowledged. */
async function take(request: IncomingMessage): Promise<void> {
  let isCounted = false
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (bytes === 0 && chunk.toString('latin1', 0, 5) === 'w id=') {
      isCounted = true
      writeSync(points, chunk.toString('latin1').replaceAll('w id=', ''))
    }
    bytes += chunk.length
  }
  if (!isCounted) bodyBytes = bytes
}

const ANSWER_CHUNK = Buffer.alloc(65_536, ',,0,12.5,usage,cpu\r\n')

async function serveQuery(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = await text(request)
  const wanted = Number(/bytes (\d+)/.exec(asked)?.[1] ?? 1000)
  const isCut = asked.includes('cut')
  const end = isCut ? wanted / 2 : wanted
  openQueries += 1
  response.once('close', () => {
    openQueries -= 1
  })
  response.writeHead(200, { 'content-type': 'text/csv' })
  for (let sent = 0; (wanted === 0 || sent < end) && !response.destroyed; sent += ANSWER_CHUNK.length) {
    const isRoom = response.write(ANSWER_CHUNK.subarray(0, wanted === 0 ? undefined : end - sent))
    if (!isRoom) await drained(response)
    else if (wanted === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (isCut) {
    request.socket.destroySoon()
    return
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    function onEither(): void {
      response.off('drain', onEither)
      response.off('close', onEither)
      resolve()
    }
    response.once('drain', onEither)
    response.once('close', onEither)
  })
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
