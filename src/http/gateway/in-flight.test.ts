import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import type { ID } from '../../domain/base/id.ts'
import { createInFlight } from './in-flight.ts'

const [ADA, BOB, CAROL] = ['a' as ID, 'b' as ID, 'c' as ID]

suite('requests in flight', () => {
  test('are bounded for each user', async () => {
    const inFlight = createInFlight({ total: 10, perUser: 2 })
    const end = inFlight.begin(ADA)
    inFlight.begin(ADA)
    await refused(() => inFlight.begin(ADA), 'too many requests', /a user may have 2 requests/)
    assert.throws(() => inFlight.begin(ADA), { retryAfterSeconds: 1 })
    inFlight.begin(BOB)
    assert.equal(inFlight.count(), 3)
    end()
    inFlight.begin(ADA)
  })

  test('are bounded in all', async () => {
    const inFlight = createInFlight({ total: 2, perUser: 2 })
    const end = inFlight.begin(ADA)
    inFlight.begin(BOB)
    await refused(() => inFlight.begin(CAROL), 'too many requests', /2 requests are forwarded already/)
    end()
    inFlight.begin(CAROL)
    assert.equal(inFlight.count(), 2)
  })

  test('end once, and a refused one was never counted', () => {
    const inFlight = createInFlight({ total: 5, perUser: 1 })
    const end = inFlight.begin(ADA)
    assert.throws(() => inFlight.begin(ADA))
    assert.equal(inFlight.count(), 1)
    end()
    end()
    assert.equal(inFlight.count(), 0)
    const second = inFlight.begin(ADA)
    end()
    assert.throws(() => inFlight.begin(ADA), 'the second one is still there')
    second()
    assert.equal(inFlight.count(), 0)
  })
})
