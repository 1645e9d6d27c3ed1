import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { freePort } from '../../../test/support/free-port.ts'
import { fetchBackup } from './fetch-backup.ts'
import { MetadataError } from './metadata-row.ts'

const TOKEN = 'operator-token'

/** A server that answers so, and what it was asked. */
async function serve(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { path: string | undefined; token: string | undefined }[] = []
  const server = createServer((request, response) => {
    asked.push({ path: request.url, token: request.headers.authorization })
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    assert.ok(error instanceof MetadataError, String(error))
    assert.ok(!error.message.includes(TOKEN))
    return error.message
  }
  return assert.fail('was fetched')
}

suite('a backup', () => {
  test('arrives as the server sends it, with the token as a header', async (t) => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256))
    const { url, asked } = await serve(t, (_, response) => response.end(bytes))
    assert.ok((await fetchBackup({ url, token: TOKEN })).equals(bytes))
    assert.deepEqual(asked, [{ path: '/api/v2/backup/kv', token: `Token ${TOKEN}` }])
    const below = new URL('/influx/', url)
    await fetchBackup({ url: below, token: TOKEN })
    assert.equal(asked[1]?.path, '/influx/api/v2/backup/kv')
  })

  test('does not follow a redirect, neither here nor to another server', async (t) => {
    const other = await serve(t, (_, response) => response.end())
    for (const location of [other.url.href, '/elsewhere']) {
      const { url, asked } = await serve(t, (_, response) => response.writeHead(307, { location }).end())
      assert.match(
        await refusal(fetchBackup({ url, token: TOKEN })),
        /answers with a redirect, which the token does/,
      )
      assert.equal(asked.length, 1)
    }
    assert.deepEqual(other.asked, [])
  })

  test('is refused with the reason: unknown token, no operator token, another product, a failure', async (t) => {
    const answers: [backup: number, me: number, sentence: RegExp][] = [
      [401, 401, /does not accept the token: it is unknown or inactive, or its user is$/],
      [403, 403, /does not accept the token/],
      [401, 200, /refuses the backup: the token is not an operator token$/],
      [403, 200, /refuses the backup: the token is not an operator token$/],
      [404, 404, /has no backup of metadata \(404\); it must be InfluxDB 2\.x$/],
      [500, 500, /cannot make a backup \(500\); its log says why$/],
      [503, 503, /is not ready \(503\); try again when it has started$/],
    ]
    for (const [backup, me, sentence] of answers) {
      const { url } = await serve(t, ({ url: path }, response) => {
        response.writeHead(path === '/api/v2/me' ? me : backup).end(`{"message":"${TOKEN}"}`)
      })
      const message = await refusal(fetchBackup({ url, token: TOKEN }))
      assert.match(message, sentence)
      assert.ok(message.startsWith(url.origin), message)
    }
  })

  test('that breaks off, takes too long or is too large is refused', async (t) => {
    const limits = { idleMs: 300, largest: 1000 }
    const cut = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-length': '900' }).write('x'.repeat(100))
      setTimeout(() => response.destroy(), 20)
    })
    assert.match(await refusal(fetchBackup({ ...cut, token: TOKEN }, limits)), /closed the connection before/)
    const silent = await serve(t, () => {})
    assert.match(
      await refusal(fetchBackup({ ...silent, token: TOKEN }, limits)),
      /sent nothing for 0\.3 seconds$/,
    )
    const stalled = await serve(t, (_, response) => response.writeHead(200).write('x'))
    assert.match(
      await refusal(fetchBackup({ ...stalled, token: TOKEN }, limits)),
      /sent nothing for 0\.3 seconds$/,
    )
    const large = await serve(t, (_, response) => response.end('x'.repeat(1001)))
    assert.match(await refusal(fetchBackup({ ...large, token: TOKEN }, limits)), /has more than 1000 bytes$/)
    const slow = await serve(t, (_, response) => {
      let parts = 0
      const timer = setInterval(() => {
        if (++parts > 5) {
          clearInterval(timer)
          response.end()
        } else response.write('x')
      }, 100)
    })
    assert.equal((await fetchBackup({ ...slow, token: TOKEN }, limits)).toString(), 'xxxxx')
  })

  test('says so if nothing listens there, or something other than HTTP', async (t) => {
    const { url } = await serve(t, ({ socket }) => socket.end('SSH-2.0-x\r\n'))
    assert.match(
      await refusal(fetchBackup({ url, token: TOKEN })),
      /^http:\/\/127\.0\.0\.1:\d+ (does not answer|cannot be|closed)/,
    )
    const nowhere = new URL(`http://127.0.0.1:${await freePort()}`)
    assert.equal(
      await refusal(fetchBackup({ url: nowhere, token: TOKEN })),
      `${nowhere.origin} refuses the connection; is InfluxDB running there?`,
    )
    const unknown = new URL('http://no.such.host.invalid:8086')
    assert.match(
      await refusal(fetchBackup({ url: unknown, token: TOKEN })),
      /is a host (that does not exist|whose)/,
    )
  })
})
