import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leadIn } from './lead.ts'

test('a lead is one that the server gives, and no other text of an address', () => {
  for (const [given, read] of [
    [{ lead: 'password' }, { lead: 'password' }],
    [
      { lead: 'wait', seconds: '30' },
      { lead: 'wait', seconds: '30' },
    ],
    [{ lead: 'wait' }, {}],
    [{ lead: 'wait', seconds: '-1' }, {}],
    [{ lead: 'wait', seconds: '86401' }, {}],
    [{ lead: 'wait', seconds: 'soon' }, {}],
    [{ lead: 'other', seconds: '3' }, {}],
    [{}, {}],
  ] as const) {
    assert.deepEqual(leadIn(given), read, JSON.stringify(given))
  }
})
