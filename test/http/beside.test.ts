/** A handler beside the API gets requests as they were sent, with time limits of its own. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../support/folder.ts'
import { send } from '../support/http.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** More than the system keeps for a connection. */
const DOWNLOAD_BYTES = 32_000_000
const CHUNK = Buffer.alloc(64_000, 'x')

/** Says what it was sent; under `/export` it sends a large answer. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/gate/export') {
    Readable.from(Array.from({ length: DOWNLOAD_BYTES / CHUNK.length }, () => CHUNK)).pipe(response)
    return
  }
  let body = ''
  for await (const chunk of request) body += chunk
  const { method, url, headers } = request
  response.end(JSON.stringify({ method, url, type: headers['content-type'], body }))
}

let server: RunningServer
before(async () => {
  const consoleFolder = temporaryFolder()
  writeFileSync(join(consoleFolder, 'index.html'), '<title>console</title>')
  const handler = { handle: echo, limits: { bodyTimeoutMs: 0, readerTimeoutMs: 0 } }
  server = await startServer(['--http-body-timeout', '500ms', '--http-max-body-size', '1KiB'], {
    consoleFolder,
    beside: [
      { path: '/gate', handler },
      { path: '/api/v2/write', handler },
    ],
  })
})
after(() => server.stop())

/** Sends a body a byte at a time, for twice as long as the API waits; all that is answered. */
async function drip(path: string): Promise<string> {
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  let answer = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20\r\n\r\n`)
  for (let sent = 0; sent < 20; sent += 1) {
    await sleep(50)
    socket.write('x')
  }
  socket.end()
  await closed
  return answer
}

describe('a handler beside the API', () => {
  test('sees Content-Type, repeated keys and a large body as they were sent', async () => {
    const type = 'text/plain; charset=utf-8'
    const path = '/api/v2/write?org=a&org=b&bucket=&empty'
    const body = 'm v=1\n'.repeat(1000)
    const { status, json } = await send(server.url, {
      ...{ method: 'POST', path, body },
      headers: { 'content-type': type },
    })
    assert.equal(status, 200)
    assert.deepEqual(json, { method: 'POST', url: path, type, body })
  })

  test('gets a body that takes longer than http-body-timeout, which the API refuses with 408', async () => {
    const [beside, api] = await Promise.all([drip('/gate'), drip('/api/v2/setup')])
    assert.match(beside, /^HTTP\/1\.1 200 /)
    assert.match(beside, /"body":"x{20}"/)
    assert.match(api, /^HTTP\/1\.1 408 /)
  })

  test('may be read slowly', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    const closed = once(socket, 'close')
    socket.write('GET /gate/export HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    // A reader of the API is cut off after 1.5 seconds, and looked at each second.
    await sleep(4000)
    let length = 0
    socket.on('data', (chunk) => {
      length += chunk.length
    })
    await closed
    assert.ok(length > DOWNLOAD_BYTES, `${length} bytes came`)
  })

  test('answers its paths alone', async () => {
    const html = { accept: 'text/html' }
    const textOf = async (path: string) =>
      (await send(server.url, { method: 'GET', path, headers: html })).text
    for (const path of ['/gate', '/gate/x', '/gate?x', '/api/v2/write']) {
      assert.equal(JSON.parse(await textOf(path)).url, path)
    }
    for (const path of ['/', '/gateway', '/apix', '/users'])
      assert.match(await textOf(path), /<title>console/, path)
    for (const path of ['/api/v2/writes', '/api', '/query', '/health/x']) {
      assert.match(await textOf(path), /^\{"code":"(unauthorized|not found)"/, path)
    }
  })
})
