import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { belowBasePath } from './base-path.ts'

test('the base path is removed once, whole segments only', () => {
  const seen: string[] = []
  const dispatch = belowBasePath('/a/sluice', ({ url = '' }) => {
    seen.push(url)
    return { handle: () => {}, limits: { bodyTimeoutMs: 0, readerTimeoutMs: 0 } }
  })
  const expected = {
    '/a/sluice': '/',
    '/a/sluice?x': '/?x',
    '/a/sluice/': '/',
    '/a/sluice/api/v2/me?x=1': '/api/v2/me?x=1',
    '/a/sluice/a/sluice/x': '/a/sluice/x',
    '/a/sluices': '/a/sluices',
    '/a': '/a',
    '/health': '/health',
    '/A/sluice/x': '/A/sluice/x',
    '*': '*',
  }
  for (const url of Object.keys(expected)) dispatch({ url } as IncomingMessage)
  assert.deepEqual(seen, Object.values(expected))
})
