import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { unauthorized } from '../../domain/base/errors.ts'
import type { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import { pathOf } from '../request/path.ts'
import { createPathTable, refuseUnknown } from './not-found.ts'

const paths = createPathTable()
paths.add('/ping', ['GET', 'HEAD'])
paths.add('/api/v2', ['GET'])
paths.add('/api/v2/users', ['GET'])
paths.add('/api/v2/users', ['POST'])
paths.add('/api/v2/users/:id', ['GET', 'DELETE'])
paths.add('/api/v2/orgs/:id/members/:userID', ['DELETE'])
paths.add('/api/v2/openapi.json', ['GET'])

suite('the table of paths', () => {
  test('what is none, and what only looks like one', () => {
    for (const path of [
      '',
      '/',
      '/Ping',
      '/pingx',
      '/x/ping',
      '/api/v2/user',
      '/api/v2/users/1/2',
      '/api/v2/users//',
      '/api/v2/openapiXjson',
      '/api/v2/orgs/1/members/',
    ]) {
      assert.equal(paths.methodsOf(path), undefined, path)
    }
  })

  test('the methods of one, from all its routes; a trailing slash is the same', () => {
    assert.deepEqual(paths.methodsOf('/api/v2/users')?.toSorted(), ['GET', 'POST'])
    assert.deepEqual(paths.methodsOf('/api/v2/users/'), paths.methodsOf('/api/v2/users'))
    assert.deepEqual(paths.methodsOf('/api/v2/users/x%2Fy'), ['GET', 'DELETE'])
    assert.deepEqual(paths.methodsOf('/api/v2/orgs/1/members/2/'), ['DELETE'])
  })

  test('a path ends where the query begins', () => {
    assert.equal(pathOf({ url: '/a?b=/c' }), '/a')
    assert.equal(pathOf({ url: '/a' }), '/a')
    assert.equal(pathOf({ url: '?' }), '')
  })
})

suite('a request that no route answers', () => {
  const ask = (method: string, url: string, known = false) =>
    refuseUnknown(
      { method, url },
      {
        paths,
        admit: async () => {
          if (!known) throw unauthorized('no-credentials')
        },
      },
    )

  test('under /api/v2 it says nothing to those who do not show who they are', async () => {
    for (const url of ['/api/v2/nothing', '/api/v2/users', '/api/v2', '/api/v2/users?a=b']) {
      await refused(() => ask('PUT', url), 'unauthorized', 'unauthorized access')
    }
  })

  test('elsewhere, and to those who do, whether there is such a path', async () => {
    await refused(() => ask('GET', '/nothing'), 'not found', 'path not found')
    await refused(() => ask('GET', '/api/v2x'), 'not found', 'path not found')
    await refused(() => ask('GET', '/api/v2/nothing', true), 'not found', 'path not found')
    const message = 'PUT is not allowed here; allowed are GET, POST'
    await refused(() => ask('PUT', '/api/v2/users', true), 'method not allowed', message)
    await ask('PUT', '/ping').catch((error: MethodNotAllowedError) => {
      assert.equal(error.allow, 'GET, HEAD')
    })
  })

  test('writes and queries hear that there is no InfluxDB, once it is clear who asks', async () => {
    const message = /^path not found: this server keeps no points, and no upstream .* upstream-url$/
    for (const url of ['/api/v2/write?org=a', '/api/v2/query', '/api/v2/delete', '/write?db=a', '/query']) {
      await assert.rejects(() => ask('POST', url, true), { code: 'not found', message })
    }
    await refused(() => ask('POST', '/api/v2/write'), 'unauthorized', 'unauthorized access')
    await refused(() => ask('POST', '/api/v2/writes', true), 'not found', 'path not found')
  })

  test('OPTIONS that is no preflight is refused before anybody is asked who they are', async () => {
    for (const url of ['/api/v2/users', '/api/v2/nothing', '/nothing']) {
      await refused(() => ask('OPTIONS', url), 'method not allowed')
    }
  })
})
