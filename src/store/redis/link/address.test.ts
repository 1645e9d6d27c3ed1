import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseHostAndPort, parseRedisUrl } from './address.ts'

suite('where Redis is', () => {
  test('what is no such URL is refused, and not repeated', () => {
    for (const text of [
      '',
      'redis',
      'http://secret@redis',
      'redis://secret@',
      'redis://a/secret',
      'redis://:secret%zz@a',
      'redis://a:secret/',
      'redis://a/1/2',
      'redis://a/123456',
    ]) {
      assert.throws(
        () => parseRedisUrl(text),
        (error: Error) => /it must be such as/.test(error.message) && !error.message.includes('secret'),
        text,
      )
    }
  })

  test('a URL says host, port, user, password, database and whether TLS is spoken', () => {
    assert.deepEqual(parseRedisUrl('redis://redis.example.com'), {
      ...{ secure: false, host: 'redis.example.com', port: 6379, database: 0 },
    })
    assert.deepEqual(parseRedisUrl('rediss://ada:p%40ss%2F@[::1]:6380/3'), {
      ...{ secure: true, host: '::1', port: 6380, username: 'ada', password: 'p@ss/', database: 3 },
    })
    assert.deepEqual(parseRedisUrl('redis://:only@127.0.0.1/'), {
      ...{ secure: false, host: '127.0.0.1', port: 6379, password: 'only', database: 0 },
    })
  })

  test('a Sentinel is a host and a port', () => {
    assert.deepEqual(parseHostAndPort('a.example.com:26379'), { host: 'a.example.com', port: 26379 })
    assert.deepEqual(parseHostAndPort('[2001:db8::1]:26379'), { host: '2001:db8::1', port: 26379 })
    for (const text of [
      '',
      'a',
      'a:',
      ':1',
      'a:0',
      'a:65536',
      '::1:26379',
      'a b:1',
      'redis://a:1',
      'u@a:1',
    ]) {
      assert.equal(parseHostAndPort(text), undefined, text)
    }
  })
})
