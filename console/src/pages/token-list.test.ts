import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Token } from '../ui/token-state.ts'
import { listedTokens, sortOf } from './token-list.ts'

const NOW = Date.parse('2030-01-31T12:00:00Z')
const DAY = 86_400_000
const inDays = (days: number) => new Date(NOW + days * DAY).toISOString()

const token = (description: string, more: object = {}) =>
  ({
    ...{ id: `id of ${description}`, description, status: 'active', org: 'lab', orgID: 'o1' },
    ...{ user: 'ada', userID: 'u1', permissions: [], createdAt: inDays(-400), lastUsedAt: inDays(-1) },
    ...more,
  }) as unknown as Token

const TOKENS = [
  token('web-10', { expiresAt: inDays(29), org: 'plant', orgID: 'o2' }),
  token('Web-9', { status: 'inactive', lastUsedAt: inDays(-91) }),
  token('old', { expiresAt: inDays(-1), user: 'grace', userID: 'u2' }),
  token('new', { createdAt: inDays(-2), lastUsedAt: undefined, expiresAt: inDays(31) }),
  token('forgotten', {
    lastUsedAt: undefined,
    permissions: [{ action: 'read', resource: { type: 'buckets', id: 'b1', orgID: 'o1', name: 'Weather' } }],
  }),
]

const shown = (asked: Parameters<typeof listedTokens>[1]) =>
  listedTokens(TOKENS, asked, NOW).map(({ description }) => description)

suite('tokens are found by', () => {
  for (const [what, asked, expected] of [
    ['status: active', { status: 'active' }, ['forgotten', 'new', 'web-10']],
    ['status: disabled', { status: 'disabled' }, ['Web-9']],
    ['status: expired', { status: 'expired' }, ['old']],
    ['organization', { org: 'o2' }, ['web-10']],
    ['owner', { owner: 'u2' }, ['old']],
    ['an expiry within 30 days, without those that have expired', { expires: 'soon' }, ['web-10']],
    ['no expiry', { expires: 'never' }, ['forgotten', 'Web-9']],
    ['no use at all', { used: 'never' }, ['forgotten', 'new']],
    [
      'no use for 90 days, counted from the creation of those never used',
      { used: 'unused' },
      ['forgotten', 'Web-9'],
    ],
    ['several at once', { used: 'never', expires: 'never' }, ['forgotten']],
    ['the word of their status', { search: 'EXPIRED' }, ['old']],
    ['owner, organization and description together', { search: 'plant ada web' }, ['web-10']],
    ['the name of a bucket that they may reach', { search: 'weath' }, ['forgotten']],
    ['their id', { search: 'id of new' }, ['new']],
    ['nothing, if no token has it', { search: 'xyz' }, []],
  ] as const) {
    test(what, () => assert.deepEqual(shown(asked), expected))
  }
})

suite('tokens are sorted by', () => {
  for (const [what, sort, expected] of [
    [
      'description at first, with numbers as numbers',
      undefined,
      ['forgotten', 'new', 'old', 'Web-9', 'web-10'],
    ],
    ['description, descending', '-description', ['web-10', 'Web-9', 'old', 'new', 'forgotten']],
    ['last use, never used ones first', 'lastUsed', ['new', 'forgotten', 'Web-9', 'web-10', 'old']],
    ['expiry, those without one last', 'expires', ['old', 'web-10', 'new', 'Web-9', 'forgotten']],
    [
      'description, for a column that is unknown',
      'constructor',
      ['forgotten', 'new', 'old', 'Web-9', 'web-10'],
    ],
  ] as const) {
    test(what, () => assert.deepEqual(shown(sort ? { sort } : {}), expected))
  }

  test('what the address says', () => {
    assert.deepEqual(sortOf('-owner'), { by: 'owner', descending: true, sort: '-owner' })
    assert.deepEqual(sortOf('-nothing'), { by: 'description', descending: false, sort: 'description' })
  })
})
