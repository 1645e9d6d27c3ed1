/** Large bodies and answers through the gateways to upstreams that have databases: memory must stay flat. */
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { peakMiB } from '../test/support/process-memory.ts'
import { download, exchange } from './gateway-client.ts'
import { type Server, setUp, startServer } from './server.ts'

const GIGABYTE = 1_000_000_000
const MOST_MIB = 200
const DATABASE = 'engine'
const ANSWER_CHUNK = Buffer.alloc(
  65_536,
  '{"metric":{"__name__":"usage","db":"engine"},"value":[1,"12.5"]}\n',
)

interface Kind {
  readonly kind: 'influxdb1' | 'influxdb3' | 'victoriametrics'
  readonly env: Readonly<Record<string, string>>
  /** The target of a query whose text names how many bytes upstream answers. */
  readonly query: (bytes: number) => string
}

const KINDS: readonly Kind[] = [
  {
    ...{ kind: 'influxdb1', env: {} },
    query: (bytes) => `/query?db=${DATABASE}&q=${encodeURIComponent(`SELECT * FROM "bytes_${bytes}"`)}`,
  },
  {
    ...{ kind: 'influxdb3', env: { SLUICE_UPSTREAM_TOKEN: 'admin-token' } },
    query: (bytes) =>
      `/api/v3/query_sql?db=${DATABASE}&q=${encodeURIComponent(`SELECT * FROM "bytes_${bytes}"`)}`,
  },
  {
    ...{ kind: 'victoriametrics', env: {} },
    query: (bytes) => `/api/v1/export?match[]=${encodeURIComponent(`{__name__="bytes_${bytes}"}`)}`,
  },
]

interface Upstream {
  readonly url: string
  /** The bytes of the last body that was not small. */
  bodyBytes(): number
  stop(): Promise<void>
}

/** The number of violations found. */
export async function tortureDatabases(only: string): Promise<number> {
  let violations = 0
  for (const kind of KINDS) {
    const name = `1 GB in each direction before ${kind.kind}`
    if (name.includes(only)) violations += await runKind(kind, name)
  }
  return violations
}

async function runKind(kind: Kind, name: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-torture-databases-'))
  const upstream = await startUpstream()
  const sluice = await startServer({
    sqlitePath: join(folder, 'gateway.sqlite'),
    flags: ['--upstream-max-write-size', '2GiB'],
    env: {
      ...{ SLUICE_UPSTREAM_URL: upstream.url, SLUICE_UPSTREAM_KIND: kind.kind },
      ...{ SLUICE_UPSTREAM_ORG: 'analytics', ...kind.env },
    },
  })
  const wrong: string[] = []
  const begun = performance.now()
  try {
    const { operator: headers } = await setUp(sluice)
    const asked = { method: 'GET', path: kind.query(GIGABYTE), headers }
    const { status, bytes } = await download(sluice.url, asked, GIGABYTE)
    if (status !== 200 || bytes !== GIGABYTE) wrong.push(`the query: ${status}, ${bytes} bytes`)
    await up(sluice, headers, upstream, wrong)
    const mib = peakMiB(sluice.pid)
    if (mib > MOST_MIB) wrong.push(`${mib.toFixed(0)} MiB resident, more than ${MOST_MIB}`)
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    console.log(
      `${wrong.length === 0 ? 'ok      ' : 'WRONG   '}  ${name}: at most ${mib.toFixed(0)} MiB; ${seconds} s`,
    )
    for (const each of wrong) console.log(`            ${each}`)
  } finally {
    await sluice.stop()
    await upstream.stop()
    rmSync(folder, { recursive: true })
  }
  return wrong.length
}

async function up(
  sluice: Server,
  headers: Record<string, string>,
  upstream: Upstream,
  wrong: string[],
): Promise<void> {
  for (const isChunked of [false, true]) {
    const half = { path: `/write?db=${DATABASE}`, headers, body: GIGABYTE / 2, isChunked }
    const { status } = await exchange(sluice.url, new Agent(), half)
    const bytes = upstream.bodyBytes()
    if (status !== 204 || bytes !== GIGABYTE / 2) wrong.push(`the write: ${status}, ${bytes} bytes arrived`)
  }
}

/** Answers as many bytes as a query names, counts the bytes of writes, and agrees to everything else. */
async function startUpstream(): Promise<Upstream> {
  let bodyBytes = 0
  const server = createServer(async (request, response) => {
    try {
      const wanted = /bytes_(\d+)/.exec(decodeURIComponent(request.url ?? ''))?.[1]
      if (request.url?.includes('write')) {
        bodyBytes = await lengthOf(request)
        response.writeHead(204).end()
      } else {
        const body = await text(request)
        const bytes = Number(wanted ?? /bytes_(\d+)/.exec(decodeURIComponent(body))?.[1] ?? 0)
        if (bytes > 0) await stream(response, bytes)
        else agree(request, response)
      }
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodyBytes: () => bodyBytes,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function agree({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const answer = url.startsWith('/api/v3/')
    ? []
    : { results: [{ statement_id: 0 }], status: 'success', data: [] }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

async function lengthOf(request: IncomingMessage): Promise<number> {
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.length
  return bytes
}

async function stream(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  await pipeline(chunksOf(bytes), response)
}

function* chunksOf(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += ANSWER_CHUNK.length) yield ANSWER_CHUNK.subarray(0, bytes - sent)
}
