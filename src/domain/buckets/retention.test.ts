import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { changedRetention, newRetention, onlyRule } from './retention.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const WEEK = 7 * DAY
/** 2^63 nanoseconds, the longest Go duration. */
const LONGEST = 9_223_372_036

const TOO_SHORT = 'retention policy duration must be at least 1h0m0s'
const GROUP_TOO_LONG = 'shard-group duration must also be updated to be smaller than new retention duration'

suite('the rules that a client sends', () => {
  test('two rules, a negative period and one too long for a Go duration are refused', async () => {
    const code = 'unprocessable entity'
    await refused(
      () => onlyRule([{}, {}]),
      code,
      'buckets cannot have more than one retention rule at this time',
    )
    await refused(() => onlyRule([{ everySeconds: -1 }]), code, 'expiration seconds cannot be negative')
    await refused(
      () => onlyRule([{ shardGroupDurationSeconds: -1 }]),
      code,
      'shard-group duration seconds cannot be negative',
    )
    await refused(() => onlyRule([{ everySeconds: LONGEST + 1 }]), code)
    await refused(() => onlyRule([{ shardGroupDurationSeconds: LONGEST + 1 }]), code)
  })

  test('no rule means an empty one', () => {
    assert.deepEqual(onlyRule([]), {})
    assert.deepEqual(onlyRule([{ everySeconds: LONGEST }]), { everySeconds: LONGEST })
  })
})

suite('the retention of a new bucket', () => {
  test('the shard-group length follows from the period, at the edges of each step', () => {
    const chosen: [everySeconds: number | undefined, shardGroupSeconds: number][] = [
      [undefined, WEEK],
      [0, WEEK],
      [HOUR, HOUR],
      [2 * DAY - 1, HOUR],
      [2 * DAY, DAY],
      [180 * DAY - 1, DAY],
      [180 * DAY, WEEK],
      [LONGEST, WEEK],
    ]
    for (const [everySeconds, shardGroupSeconds] of chosen) {
      const expected = { retentionSeconds: everySeconds ?? 0, shardGroupSeconds }
      assert.deepEqual(newRetention({ everySeconds }), expected)
      assert.deepEqual(newRetention({ everySeconds, shardGroupDurationSeconds: 0 }), expected)
    }
  })

  test('a given shard-group length is kept, but is at least an hour', () => {
    const given = (everySeconds: number, shardGroupDurationSeconds: number) =>
      newRetention({ everySeconds, shardGroupDurationSeconds }).shardGroupSeconds
    assert.equal(given(DAY, 2 * HOUR), 2 * HOUR)
    assert.equal(given(DAY, DAY), DAY)
    assert.equal(given(DAY, 1), HOUR)
    assert.equal(given(0, 1000 * DAY), 1000 * DAY)
  })

  test('a period shorter than an hour or than the shard group is refused', async () => {
    for (const everySeconds of [1, HOUR - 1]) {
      await refused(() => newRetention({ everySeconds }), 'unprocessable entity', TOO_SHORT)
    }
    await refused(
      () => newRetention({ everySeconds: DAY, shardGroupDurationSeconds: DAY + 1 }),
      'unprocessable entity',
      GROUP_TOO_LONG,
    )
  })
})

suite('a changed retention', () => {
  const old = { retentionSeconds: 3 * DAY, shardGroupSeconds: DAY }

  test('a period shorter than the existing shard group is refused', async () => {
    const work = () => changedRetention(old, { everySeconds: DAY - 1 })
    await refused(work, 'unprocessable entity', GROUP_TOO_LONG)
    await refused(() => changedRetention(old, { everySeconds: 60 }), 'unprocessable entity', TOO_SHORT)
  })

  test('the shard-group length stays unless the rule sets it', () => {
    assert.deepEqual(changedRetention(old, { everySeconds: 0 }), { ...old, retentionSeconds: 0 })
    assert.deepEqual(changedRetention(old, { everySeconds: 200 * DAY }), {
      ...old,
      retentionSeconds: 200 * DAY,
    })
    assert.deepEqual(changedRetention(old, { shardGroupDurationSeconds: HOUR }), {
      ...old,
      shardGroupSeconds: HOUR,
    })
    assert.deepEqual(changedRetention(old, {}), old)
  })
})
