import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { suite, test } from 'node:test'
import { createDispatch, type DispatchEntry, type Handler } from './dispatch.ts'

const LIMITS = { bodyTimeoutMs: 1, readerTimeoutMs: 1 }
const handlerNamed = (name: string, log: string[] = []): Handler => ({
  limits: LIMITS,
  handle: () => log.push(name),
})
const entry = (path: string, takes?: DispatchEntry['takes']): DispatchEntry => ({
  path,
  handler: handlerNamed(path),
  ...(takes ? { takes } : {}),
})

/** Who answers, by the path of its entry. */
function answererOf(entries: readonly DispatchEntry[], url: string, method = 'GET'): string {
  const dispatch = createDispatch({ entries, otherwise: handlerNamed('otherwise') })
  const { handle } = dispatch({ url, method } as IncomingMessage)
  return entries.find(({ handler }) => handler.handle === handle)?.path ?? 'otherwise'
}

suite('the table of paths', () => {
  const entries = [entry('/', ({ method }) => method === 'GET'), entry('/api'), entry('/api/v2/write')]

  test('the longest path decides, whole segments only', () => {
    const expected = {
      '/api': '/api',
      '/api?x=/api/v2/write': '/api',
      '/api/': '/api',
      '/api/v2/write': '/api/v2/write',
      '/api/v2/write?org=a': '/api/v2/write',
      '/api/v2/write/x': '/api/v2/write',
      '/api/v2/writes': '/api',
      '/apis': '/',
      '/%61pi/v2/write': '/',
      '//api': '/',
      '': 'otherwise',
      '*': 'otherwise',
      'http://x/api': 'otherwise',
    }
    for (const [url, path] of Object.entries(expected)) assert.equal(answererOf(entries, url), path, url)
  })

  test('what an entry does not take goes to the next shorter path', () => {
    assert.equal(answererOf(entries, '/users', 'POST'), 'otherwise')
    const both = [entry('/api', () => false), ...entries.slice(0, 1)]
    assert.equal(answererOf(both, '/api/v2'), '/')
  })

  test('an entry that could never be reached is refused', () => {
    assert.throws(() => answererOf([entry('/api'), entry('/api')], '/'), /takes every request for \/api/)
    assert.equal(answererOf([entry('/api', () => false), entry('/api')], '/api'), '/api')
  })

  test('something runs before every handler', () => {
    const log: string[] = []
    const dispatch = createDispatch({
      entries: [{ path: '/api', handler: handlerNamed('api', log) }],
      otherwise: handlerNamed('otherwise', log),
      before: () => log.push('before'),
    })
    for (const url of ['/api', '/x']) {
      const { handle, ...rest } = dispatch({ url } as IncomingMessage)
      assert.deepEqual(rest, { limits: LIMITS })
      handle({} as never, {} as ServerResponse as never)
    }
    assert.deepEqual(log, ['before', 'api', 'before', 'otherwise'])
  })
})
