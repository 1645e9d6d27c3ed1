import assert from 'node:assert/strict'
import { validateHeaderValue } from 'node:http'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { ID } from '../../domain/base/id.ts'
import { headerText, IDENTITY_HEADERS, identityHeaders } from './identity-headers.ts'

suite('a name in a header', () => {
  test('stays what it is where it is plain', () => {
    for (const name of ['ada', 'Ada Lovelace', 'ada@example.com', 'a/b;c="d"', '']) {
      assert.equal(headerText(name), name)
    }
  })

  test('cannot begin another header, end an item or be trimmed', () => {
    const expected = {
      'ada\r\nRemote-User: root': 'ada%0D%0ARemote-User: root',
      'ada\nx': 'ada%0Ax',
      'a,b': 'a%2Cb',
      '100%': '100%25',
      'Jos\u00e9': 'Jos%C3%A9',
      ' ada ': '%20ada%20',
      'a  b': 'a%20 b',
      ' ': '%20',
      '\u0000\u007f': '%00%7F',
    }
    for (const [name, text] of Object.entries(expected)) assert.equal(headerText(name), text)
  })

  test('is read back by decodeURIComponent, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = headerText(name)
        assert.doesNotThrow(() => validateHeaderValue('remote-user', text))
        assert.match(text, /^[\x20-\x7e]*$/)
        assert.equal(text, text.trim())
        assert.ok(!text.includes(',') && !text.includes('  '))
        assert.equal(decodeURIComponent(text), name.toWellFormed())
      }),
    )
  })
})

test('every header is there, even with nothing in it', () => {
  const user = { id: '0a1b2c3d4e5f6071' as ID, name: 'ada', status: 'active' } as const
  const headers = identityHeaders({ kind: 'token', user }, { organizations: [], isOperator: false })
  assert.deepEqual(headers, [
    ...['remote-user', 'ada'],
    ...['x-sluice-user', 'ada'],
    ...['x-sluice-user-id', '0a1b2c3d4e5f6071'],
    ...['x-sluice-orgs', ''],
    ...['x-sluice-groups', ''],
    ...['x-sluice-method', 'token'],
  ])
  const organizations = [{ name: 'a,b', role: 'owner' as const }, { name: 'lab' }]
  const more = identityHeaders({ kind: 'session', user }, { organizations, isOperator: true })
  assert.equal(more[more.indexOf('x-sluice-groups') + 1], 'operator,owner:a%2Cb')
  assert.equal(more[more.indexOf('x-sluice-orgs') + 1], 'a%2Cb,lab')
  assert.deepEqual(
    more.filter((_, at) => at % 2 === 0),
    IDENTITY_HEADERS,
  )
})
