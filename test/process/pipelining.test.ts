/** Clients that send many requests at once and take no answers: what they cost, by the process itself. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../support/http.ts'
import { residentMiB } from '../support/process-memory.ts'
import { bearer, get, post, setUpServer } from './api.ts'
import { startSluice } from './sluice.ts'

const CONNECTIONS = 42
const REQUESTS = 1300
const MOST_MIB = 256
const MOST_MS = 3000

async function flood(port: number, lines: readonly string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  socket.write(Array.from({ length: REQUESTS }, (_, index) => lines[index % lines.length]).join(''))
  return socket
}

test('forty-two connections that take no answers fill no memory, and others are answered', {
  skip: process.platform !== 'linux' && 'memory is read from /proc',
}, async (t) => {
  const server = await startSluice(t, ['--store', 'memory'])
  const { token } = await setUpServer(server.url)
  const line = (request: string, ...more: string[]) =>
    `${[`${request} HTTP/1.1`, 'Host: x', ...more].join('\r\n')}\r\n\r\n`
  const document = line('GET /api/v2/openapi.json')
  const attacks: Readonly<Record<string, readonly string[]>> = {
    document: [document],
    mixed: [
      ...[document, line('GET /metrics'), line('GET /health'), line('HEAD /api/v2/openapi.json')],
      ...[line('POST /api/v2/signin', 'Content-Length: 0'), line('GET /nothing')],
      line('GET /api/v2/authorizations', `Authorization: Token ${token}`),
    ],
  }
  for (const [name, lines] of Object.entries(attacks)) {
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => flood(server.port, lines)))
    for (let look = 0; look < 10; look += 1) {
      assert.equal((await get(server.url, '/health')).status, 200, name)
      const memory = residentMiB(server.child.pid as number)
      assert.ok(memory < MOST_MIB, `${name}: ${memory} MiB`)
      await sleep(100)
    }
    for (const socket of sockets) socket.destroy()
  }

  // One who takes them gets all of them, in order.
  const socket = await flood(server.port, [document, line('GET /ping')])
  await sleep(100)
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  socket.write(line('GET /nothing', 'Connection: close'))
  socket.resume()
  await once(socket, 'close')
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map((match) => match[1])
  const expected = Array.from({ length: REQUESTS }, (_, index) => (index % 2 === 0 ? '200' : '204'))
  assert.deepEqual(statuses, [...expected, '404'])
  assert.deepEqual(await server.stop(), { code: 0, signal: null })
})

/** As many as one user may have; the list of all of them has 5 MB. */
const TOKENS = 45
const PERMISSIONS = 1000

test('long lists that are not taken fill no memory either, and hold up nobody for long', {
  skip: process.platform !== 'linux' && 'memory is read from /proc',
}, async (t) => {
  const server = await startSluice(t, ['--store', 'memory'])
  const { token, orgID } = await setUpServer(server.url)
  const permissions = Array.from({ length: PERMISSIONS }, (_, index) => {
    const id = (0x0e00_0000_0000 + index).toString(16).padStart(16, '0')
    return { action: 'read', resource: { type: 'buckets', orgID, id } }
  })
  for (let count = 0; count < TOKENS; count += 1) {
    const made = await post(server.url, '/api/v2/authorizations', bearer(token), { orgID, permissions })
    assert.equal(made.status, 201)
  }
  const list = `GET /api/v2/authorizations HTTP/1.1\r\nHost: x\r\nAuthorization: Token ${token}\r\n\r\n`
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => flood(server.port, [list])))
  for (const end = performance.now() + 6000; performance.now() < end; ) {
    const asked = performance.now()
    assert.equal((await get(server.url, '/health')).status, 200)
    const took = performance.now() - asked
    assert.ok(took < MOST_MS, `/health took ${took} ms`)
    const memory = residentMiB(server.child.pid as number)
    assert.ok(memory < MOST_MIB, `${memory} MiB`)
    await sleep(100)
  }
  for (const socket of sockets) socket.destroy()
  // After the lists of connections that had not ended before, each with a pause.
  const last = { method: 'GET', path: '/api/v2/authorizations', headers: bearer(token), deadlineMs: 60_000 }
  assert.equal((await send(server.url, last)).status, 200)
})
