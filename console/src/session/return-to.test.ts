import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeReturnTo } from './return-to.ts'

const OWN = 'https://id.example.com'

test('only pages of the console are returned to', () => {
  for (const asked of [
    ...[
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
    ],
    ...[
      '/\t/evil.example',
      '/%2f/evil.example',
      '/people/../../evil',
      '/api/v2/signout',
      '/signin',
      '',
      undefined,
    ],
    ...[['/people'], '/people/x', '//id.example.com@evil.example/people', `${OWN}/people`],
  ]) {
    assert.equal(safeReturnTo(asked, OWN), '/', String(asked))
  }
})

test('and those are, with what they search for', () => {
  for (const asked of [
    '/people',
    '/audit?event=signin',
    '/people/0a1b2c3d4e5f6071',
    '/tokens/0a1b2c3d4e5f6071',
    '/account/sessions',
    '/command-line?request=a.b-c_d',
    '/device',
  ]) {
    assert.equal(safeReturnTo(asked, OWN), asked)
  }
})
