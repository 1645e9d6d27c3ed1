/** What crosses, in both directions, byte for byte. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { send } from '../support/http.ts'
import { type GatewayWorld, head, OPERATOR_TOKEN, startGateway, statusesOf } from './world.ts'

let gateway: GatewayWorld
let token: string
const WRITE = '/api/v2/write?org=analytics&bucket=engine'
before(async () => {
  gateway = await startGateway()
  token = gateway.operator.authorization
})
after(() => gateway.stop())
beforeEach(() => gateway.reset())

const post = (lines: readonly string[], body = 'm v=1', target = WRITE) =>
  gateway.raw(
    `${head(`POST ${target} HTTP/1.1`, 'Host: sluice', 'Connection: close', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, ...lines)}${body}`,
  )

/** The headers as upstream got them, without those of its own connection. */
function crossed(): Record<string, string[]> {
  const { rawHeaders } = gateway.only()
  const found: Record<string, string[]> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (['host', 'connection', 'content-length'].includes(name.toLowerCase())) continue
    found[name] = [...(found[name] ?? []), rawHeaders[at + 1] as string]
  }
  return found
}

suite('upstream gets', () => {
  test('the request with its own token in place of the client’s, and who sent it', async () => {
    const answer = await post([`Authorization: ${token}`, 'User-Agent: telegraf', 'Content-Type: text/plain'])
    assert.deepEqual(statusesOf(answer), [204])
    const { headers, method, target, body } = gateway.only()
    assert.equal(method, 'POST')
    assert.equal(target, `/api/v2/write?org=${gateway.orgID}&bucket=${gateway.bucketID}`)
    assert.equal(Buffer.concat(body).toString(), 'm v=1')
    assert.equal(headers.host, new URL(gateway.upstream.url).host)
    assert.match(String(headers['x-request-id']), /^\S+$/)
    const { Authorization: _, authorization, 'x-request-id': __, ...others } = crossed()
    assert.equal(authorization?.length, 1)
    assert.match(String(authorization), /^Token minted-\w+$/)
    assert.deepEqual(others, {
      ...{ 'User-Agent': ['telegraf'], 'Content-Type': ['text/plain'] },
      'x-forwarded-for': ['127.0.0.1'],
    })
  })

  test('headers in their case, as often as they were sent, with bytes beyond ASCII', async () => {
    await post([`Authorization: ${token}`, 'X-Custom: 1', 'x-custom: 2', 'X-Byte: k\xe4se'])
    const { 'X-Custom': upper, 'x-custom': lower, 'X-Byte': byte } = crossed()
    assert.deepEqual([upper, lower, byte], [['1'], ['2'], ['k\u00e4se']])
  })

  test('no credential of the client’s in any form, and not the operator token', async () => {
    const { cookie } = await gateway.session()
    const key = cookie.split('=')[1] as string
    const secret = token.split(' ')[1] as string
    await post(
      [
        `Authorization: ${token}`,
        `Cookie: ${cookie}`,
        'Proxy-Authorization: Basic x',
        'X-Sluice-Background: 1',
      ],
      'm v=1',
      `${WRITE}&u=ada&p=secret-password`,
    )
    await gateway.ask('GET', `/query?db=d1&q=S&u=ada&p=${secret}`, undefined, {})
    const form = { ...gateway.operator, 'content-type': 'application/x-www-form-urlencoded' }
    await send(gateway.url, {
      method: 'POST',
      path: '/query',
      headers: form,
      body: 'db=d1&q=S&u=ada&p=secret-password',
    })
    await gateway.ask('GET', `/api/v2/dashboards?u=ada&p=${secret}`, undefined, { cookie })
    assert.equal(gateway.upstream.arrived.length, 4)
    for (const { target, rawHeaders, body } of gateway.upstream.arrived) {
      const all = `${target} ${rawHeaders.join('\n')} ${Buffer.concat(body)}`
      for (const each of [secret, key, 'secret-password', OPERATOR_TOKEN, 'Proxy-Auth', 'ada']) {
        assert.ok(!all.includes(each), `${each} is in ${all}`)
      }
    }
  })

  test('its credential also where Connection names it (GW-133), and nothing else that it names', async () => {
    const names = 'authorization, x-request-id, x-forwarded-for, x-secret, content-length'
    await post([`Connection: ${names}`, `Authorization: ${token}`, 'X-Secret: 1', 'X-Other: 2'])
    const found = crossed()
    assert.match(String(found.authorization), /^Token minted-/)
    assert.equal(found['X-Secret'], undefined)
    assert.deepEqual(found['X-Other'], ['2'])
    assert.ok(found['x-request-id'] && found['x-forwarded-for'])
  })

  test('nothing that another proxy said, unless the proxy is trusted, and then only the client’s address', async () => {
    const said = [
      ...['X-Forwarded-For: 203.0.113.9', 'Forwarded: for=203.0.113.9', 'X-Real-IP: 203.0.113.9'],
      ...['X-Forwarded-Host: evil', 'X-Forwarded-User: root', 'X-Request-ID: forged', 'Via: 1.1 x'],
    ]
    await post([`Authorization: ${token}`, ...said])
    assert.ok(!JSON.stringify(crossed()).match(/203\.0\.113\.9|evil|root|forged/))
    assert.deepEqual(crossed()['x-forwarded-for'], ['127.0.0.1'])
  })

  test('no trailers (GW-134)', async () => {
    const bytes = `${head(
      ...[`POST ${WRITE} HTTP/1.1`, 'Host: x', `Authorization: ${token}`, 'Transfer-Encoding: chunked'],
      ...['Trailer: Authorization, X-Trailer', 'TE: trailers', 'Connection: close'],
    )}5\r\nm v=1\r\n0\r\nAuthorization: Token x\r\nX-Trailer: 1\r\n\r\n`
    assert.deepEqual(statusesOf(await gateway.raw(bytes)), [204])
    const { rawHeaders, ended, body } = gateway.only()
    assert.equal(await ended, 'complete')
    assert.equal(Buffer.concat(body).toString(), 'm v=1')
    assert.ok(!rawHeaders.join().match(/trailer|Token x/i))
  })

  test('a body that is packed as it was packed (GW-019)', async () => {
    const packed = gzipSync('m v=1')
    const headers = { ...gateway.operator, 'content-encoding': 'gzip' }
    await send(gateway.url, { method: 'POST', path: WRITE, headers, body: packed })
    const { body, headers: got } = gateway.only()
    assert.equal(got['content-encoding'], 'gzip')
    assert.deepEqual(Buffer.concat(body), packed)
  })

  test('a path without the slash at its end (GW-014)', async () => {
    await post([`Authorization: ${token}`], 'm v=1', WRITE.replace('?', '/?'))
    assert.match(gateway.only().target, /^\/api\/v2\/write\?/)
  })
})

suite('the client gets', () => {
  test('the answer byte for byte: status line, headers in their case and order, body', async () => {
    gateway.upstream.answer = (request) => {
      request.socket.write('HTTP/1.1 299 Quite Fine\r\nX-B: 1\r\nx-a: k\xe4se\r\nX-B: 2\r\n', 'latin1')
      request.socket.write(
        'Date: then\r\nX-Influxdb-Build: OSS\r\nConnection: close\r\nContent-Length: 5\r\n\r\n',
      )
      request.socket.end(Buffer.from([0, 255, 13, 10, 33]))
    }
    const answer = await gateway.raw(
      head('GET /api/v2/dashboards HTTP/1.1', 'Host: x', `Authorization: ${token}`, 'Connection: close'),
    )
    assert.equal(
      answer,
      `${head(
        ...['HTTP/1.1 299 Quite Fine', 'X-B: 1', 'x-a: k\xe4se', 'X-B: 2', 'Date: then'],
        ...['X-Influxdb-Build: OSS', 'Content-Length: 5', 'Connection: close'],
      )}\x00\xff\r\n!`,
    )
  })

  test('no cookie of upstream’s, no header for other origins, no trailers', async () => {
    gateway.upstream.answer = (_, response) => {
      response.writeHead(200, {
        ...{ 'set-cookie': 'influxdb-oss-session=stolen; Path=/api/', 'access-control-allow-origin': '*' },
        ...{ trailer: 'X-T', connection: 'x-hop', 'x-hop': '1' },
      })
      response.addTrailers({ 'X-T': 'trailer' })
      response.end('body')
    }
    const { headers, text } = await gateway.ask('GET', '/api/v2/dashboards')
    assert.equal(text, 'body')
    for (const name of ['set-cookie', 'access-control-allow-origin', 'trailer', 'x-hop']) {
      assert.equal(headers[name], undefined, name)
    }
  })

  test('an answer that is packed as it was packed', async () => {
    const packed = gzipSync('answer')
    gateway.upstream.answer = (request, response) => {
      assert.equal(request.headers['accept-encoding'], 'gzip')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    }
    const answer = await gateway.raw(
      head(
        ...['GET /api/v2/dashboards HTTP/1.1', 'Host: x', `Authorization: ${token}`],
        'Accept-Encoding: gzip',
        'Connection: close',
      ),
    )
    assert.match(answer, /content-encoding: gzip/)
    assert.ok(answer.includes(packed.toString('latin1')))
  })

  for (const status of [200, 204, 206, 304, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]) {
    test(`the status ${status} of upstream as it is`, async () => {
      const body = status === 204 || status === 304 ? '' : `{"code":"x","message":"${status}"}`
      gateway.upstream.answer = (_, response) => response.writeHead(status, { 'x-a': '1' }).end(body)
      const received = await gateway.ask('GET', '/api/v2/dashboards')
      assert.deepEqual([received.status, received.text, received.headers['x-a']], [status, body, '1'])
      assert.equal(gateway.upstream.arrived.length, 1)
    })
  }

  test('CORS headers of this server: the origin stays here, and its answer comes from here', async () => {
    const { headers } = await gateway.ask('GET', '/api/v2/dashboards', undefined, {
      ...{ ...gateway.operator, origin: 'https://elsewhere.example' },
    })
    assert.equal(headers['access-control-allow-origin'], 'https://elsewhere.example')
    assert.equal(headers['access-control-allow-credentials'], undefined)
    assert.match(String(headers.vary), /Origin/)
    assert.equal(gateway.only().headers.origin, undefined)
    const refused = await gateway.ask('GET', '/api/v2/dashboards', undefined, {
      origin: 'https://elsewhere.example',
    })
    assert.equal(refused.status, 401)
    assert.equal(refused.headers['access-control-allow-origin'], 'https://elsewhere.example')
    const preflight = await gateway.ask('OPTIONS', WRITE, undefined, {
      ...{ origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    })
    assert.equal(preflight.status, 204)
    assert.equal(gateway.upstream.arrived.length, 1)
  })
})
