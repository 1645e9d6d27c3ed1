import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { findMaster } from './sentinels.ts'

/** One that answers everything with a master of that port and epoch, or with nothing at all. */
async function sentinel(t: TestContext, answer?: { readonly port: number; readonly epoch: number }) {
  const fields = { name: 'sluice', ip: '127.0.0.1', port: answer?.port, 'config-epoch': answer?.epoch }
  const texts = Object.entries(fields).flat().map(String)
  const reply = `*${texts.length}\r\n${texts.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => answer && socket.write(reply))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

suite('Sentinels', () => {
  test('of what most say, that from after the last failover counts, in whatever order they are named', async (t) => {
    const old = await sentinel(t, { port: 1111, epoch: 3 })
    const silent = await sentinel(t)
    const latest = await sentinel(t, { port: 2222, epoch: 4 })
    const limits = { timeoutMs: 2000, signal: t.signal }
    for (const addresses of [
      [old, latest, silent],
      [silent, latest, old],
    ]) {
      const began = performance.now()
      const found = await findMaster({ addresses, master: 'sluice' }, limits)
      assert.deepEqual(found, { host: '127.0.0.1', port: 2222 })
      assert.ok(performance.now() - began < 1500, 'it does not wait for the silent one')
    }
  })

  test('where fewer than half answer in time, they count', async (t) => {
    const addresses = [await sentinel(t), await sentinel(t), await sentinel(t, { port: 1111, epoch: 1 })]
    const found = await findMaster({ addresses, master: 'sluice' }, { timeoutMs: 200, signal: t.signal })
    assert.equal(found.port, 1111)
  })

  test('where none answers it is an error that says so', async (t) => {
    const addresses = [await sentinel(t), { host: '127.0.0.1', port: 1 }]
    const asking = findMaster({ addresses, master: 'sluice' }, { timeoutMs: 200, signal: t.signal })
    await assert.rejects(asking, { message: 'no Sentinel knows where sluice is' })
  })
})
