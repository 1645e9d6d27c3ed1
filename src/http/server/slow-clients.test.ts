import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchReaders } from './slow-clients.ts'

const MIB = 1024 * 1024
/** More than the system takes for a connection. */
const ANSWER = Buffer.alloc(24 * MIB)
const CLIENTS = 4

/** Clients that are each sent a long answer and take nothing of it; the server's ends of their connections. */
async function withLongAnswers(t: TestContext, limitMs: number) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    sockets.add(socket)
    socket.write(ANSWER)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = watchReaders(sockets, () => limitMs)
  async function open(): Promise<Socket> {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.on('error', () => {})
    t.after(() => client.destroy())
    await once(client, 'connect')
    return client.pause()
  }
  t.after(() => {
    stop()
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  for (let count = 0; count < CLIENTS; count += 1) await open()
  return { open, cut: () => [...sockets].filter(({ destroyed }) => destroyed).length }
}

test('if long answers wait for many clients that take nothing, the longest are cut off', async (t) => {
  const { open, cut } = await withLongAnswers(t, 60_000)
  const reader = await open()
  let read = 0
  reader.on('data', (chunk) => {
    read += chunk.length
  })
  reader.resume()
  const deadline = performance.now() + 10_000
  while ((cut() < CLIENTS - 1 || read < ANSWER.length) && performance.now() < deadline) await sleep(50)
  // One may be left, whose answer alone may wait; it depends on how much the system took.
  assert.ok([CLIENTS - 1, CLIENTS].includes(cut()), `${cut()} were cut off`)
  assert.equal(read, ANSWER.length, 'the client that takes its answer gets all of it')
})

test('clients that may take as long as they like are not cut off', async (t) => {
  const { cut } = await withLongAnswers(t, 0)
  await sleep(1000)
  assert.equal(cut(), 0)
})
