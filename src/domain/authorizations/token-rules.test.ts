import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { operatorPermissions } from '../access/grants.ts'
import type { ID } from '../base/id.ts'
import { type Permission, permission } from '../records/permission.ts'
import { endOfGrace, endOfToken, isPowerful } from './token-rules.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const DAY = 86_400_000
const EVER = { now: NOW, maxLengthMs: undefined, makerEndsAt: undefined }
const SHORT = { now: NOW, maxLengthMs: 30 * DAY, makerEndsAt: undefined }

suite('the expiry of a token', () => {
  test('is refused if it is not RFC 3339', async () => {
    for (const asked of [
      '',
      'never',
      '2030-01-31',
      '2030-01-31T12:00:00',
      '2030-01-31 12:00:00Z',
      '2030-01-31T12:00Z',
      '2030-13-01T00:00:00Z',
      '2030-01-31T25:00:00Z',
      '2030-02-30T00:00:00Z',
      '2030-01-31T24:00:00Z',
      '9999-12-31T23:59:59-00:01',
      '2030-01-31T12:00:00+99:99',
      ' 2030-01-31T12:00:00Z',
      '1893456000',
      '+012030-01-31T12:00:00Z',
    ]) {
      const message = 'expiresAt must be a time such as 2030-01-31T12:00:00Z (RFC 3339)'
      await refused(() => endOfToken(asked, EVER), 'invalid', message)
    }
  })

  test('is refused if it is not in the future', async () => {
    for (const ms of [0, -1, -DAY]) {
      const asked = new Date(NOW + ms).toISOString()
      await refused(() => endOfToken(asked, EVER), 'invalid', 'expiresAt must be in the future')
    }
    assert.equal(endOfToken(new Date(NOW + 1).toISOString(), EVER), new Date(NOW + 1).toISOString())
  })

  test('is refused if it is later than allowed', async () => {
    const latest = new Date(NOW + 30 * DAY).toISOString()
    assert.equal(endOfToken(latest, SHORT), latest)
    const later = new Date(NOW + 30 * DAY + 1).toISOString()
    await refused(() => endOfToken(later, SHORT), 'invalid', `expiresAt may be at most ${latest}`)
  })

  test('defaults to never, or to the latest allowed time', () => {
    assert.equal(endOfToken(undefined, EVER), undefined)
    assert.equal(endOfToken(undefined, SHORT), new Date(NOW + 30 * DAY).toISOString())
  })

  test('is never after that of the creating token: a later one is refused, and a missing one is capped', async () => {
    const makerEndsAt = NOW + DAY
    const [last, later] = [makerEndsAt, makerEndsAt + 1].map((at) => new Date(at).toISOString())
    for (const limits of [EVER, SHORT]) {
      assert.equal(endOfToken(undefined, { ...limits, makerEndsAt }), last)
      assert.equal(endOfToken(last, { ...limits, makerEndsAt }), last)
      const message = `a token may not outlive the one that gives it out, which ends ${last}`
      await refused(() => endOfToken(later, { ...limits, makerEndsAt }), 'forbidden', message)
    }
    const longer = { ...SHORT, makerEndsAt: NOW + 31 * DAY }
    assert.equal(endOfToken(undefined, longer), new Date(NOW + 30 * DAY).toISOString())
  })

  test('is stored in UTC, with milliseconds', () => {
    const at = (asked: string) => endOfToken(asked, EVER)
    assert.equal(at('2030-01-31T12:00:00Z'), '2030-01-31T12:00:00.000Z')
    assert.equal(at('2030-01-31T12:00:00.5+02:00'), '2030-01-31T10:00:00.500Z')
    assert.equal(at('2030-01-31T12:00:00.123456789-05:30'), '2030-01-31T17:30:00.123Z')
  })
})

suite('the grace period of the secret before a rotation', () => {
  test('lasts from zero seconds to a week', async () => {
    const week = 7 * 24 * 3600
    for (const seconds of [-1, week + 1]) {
      const message = `graceSeconds must be between 0 and ${week}`
      await refused(() => endOfGrace(seconds, NOW), 'invalid', message)
    }
    assert.equal(endOfGrace(0, NOW), undefined)
    assert.equal(endOfGrace(90, NOW), new Date(NOW + 90_000).toISOString())
    assert.equal(endOfGrace(week, NOW), new Date(NOW + 7 * DAY).toISOString())
  })
})

suite('powerful permissions', () => {
  const [orgID, id] = ['00000000000000c1' as ID, '00000000000000d1' as ID]
  const powerful: Permission[] = [
    permission('read', 'buckets'),
    permission('write', 'buckets'),
    permission('read', 'instance'),
    permission('write', 'authorizations', { orgID }),
    permission('write', 'users', { id }),
    permission('write', 'orgs', { id: orgID }),
  ]
  const others: Permission[] = [
    permission('read', 'buckets', { orgID }),
    permission('write', 'buckets', { orgID, id }),
    permission('read', 'authorizations', { orgID }),
    permission('read', 'users', { id }),
    permission('read', 'orgs', { id: orgID }),
    permission('write', 'dashboards', { orgID }),
  ]

  test('are those without a scope, and those to write what grants access', () => {
    for (const each of powerful) assert.ok(isPowerful([...others, each]), JSON.stringify(each))
    assert.ok(isPowerful(operatorPermissions()))
  })

  test('are not those of one organization or one resource', () => {
    assert.ok(!isPowerful(others))
    assert.ok(!isPowerful([]))
  })
})
