/** Documents that never change while the server runs: a client that has one gets 304. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

const DOCUMENTS = [
  { path: '/api/v2/openapi.json', cacheControl: 'no-cache' },
  { path: '/api/v2/features', cacheControl: 'no-cache' },
  { path: '/api/v2', cacheControl: 'no-cache' },
  { path: '/api/v2/resources', cacheControl: 'private, no-cache' },
  { path: '/api/v2/flags', cacheControl: 'private, no-cache' },
]

let server: SetUpServer
before(async () => {
  server = await startSetUp()
})
after(() => server.stop())

const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
  send(server.url, { method, path, headers: { ...server.operator, ...headers } })

for (const { path, cacheControl } of DOCUMENTS) {
  test(`${path} has a tag, by which it is not sent again`, async () => {
    const whole = await ask(path, {})
    assert.equal(whole.status, 200)
    assert.equal(whole.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(whole.headers['cache-control'], cacheControl)
    const tag = String(whole.headers.etag)
    assert.match(tag, /^"[\w-]{22}"$/)
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const same = await ask(path, { 'if-none-match': header }, method)
        assert.deepEqual([same.status, same.text], [304, ''], `${method} ${header}`)
        assert.equal(same.headers.etag, tag)
        assert.equal(same.headers['cache-control'], cacheControl)
      }
    }
    for (const header of ['"other"', '', tag.slice(0, -2)]) {
      assert.equal((await ask(path, { 'if-none-match': header })).text, whole.text)
    }
    const head = await ask(path, {}, 'HEAD')
    assert.deepEqual([head.status, head.text], [200, ''])
    assert.equal(head.headers['content-length'], String(Buffer.byteLength(whole.text)))
  })
}

test('what needs credentials is told to nobody without them, whatever tag is sent', async () => {
  const { status } = await send(server.url, {
    ...{ method: 'GET', path: '/api/v2/resources' },
    headers: { 'if-none-match': '*' },
  })
  assert.equal(status, 401)
})

test('other answers are kept by nobody, and have no tag', async () => {
  for (const path of ['/api/v2/me', '/health', '/api/v2/users', '/nothing']) {
    const { headers } = await ask(path, { 'if-none-match': '*' })
    assert.deepEqual([headers['cache-control'], headers.etag], ['no-store', undefined], path)
  }
})
