import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { guessing, MINUTE, SECOND, tally, times, turn } from '../../../test/support/guessing.ts'
import { refused } from '../../../test/support/refused.ts'
import type { ID } from '../base/id.ts'

const ADA = { name: 'ada', address: '192.0.2.1' }
const strangers = (count: number) => times(count, (index) => `198.51.100.${index}`)

suite('guess guard: throttling', () => {
  test('of 100 parallel wrong guesses five are tried', async () => {
    const { wrong, tried } = guessing()
    const outcomes = await Promise.all(times(100, () => wrong(ADA)))
    assert.deepEqual(tally(outcomes), { wrong: 5, '429 in 10': 95 })
    assert.equal(tried(), 5)
  })

  test('what is thrown says how long to wait, and is reported without the name', async () => {
    const { guard, wrong, forward, throttled } = guessing()
    for (const _ of times(5, String)) await wrong(ADA)
    const attempt = () => guard.attempt({ ...ADA, known: () => false }, assert.fail)
    await refused(attempt, 'too many requests', 'too many tries; wait 10 seconds before the next one')
    forward(9 * SECOND + 1)
    await refused(attempt, 'too many requests', 'too many tries; wait 1 second before the next one')
    const key = throttled[0]?.key
    assert.doesNotMatch(String(key), /ada/)
    const reported = { scope: 'pair', address: ADA.address, key }
    assert.deepEqual(throttled, [
      { ...reported, retryAfterSeconds: 10 },
      { ...reported, retryAfterSeconds: 1 },
    ])
  })

  test('a user who is renamed is the same one; who has no user by a name has nothing of it', async () => {
    const { wrong } = guessing({ user: 7 })
    const [ada, bob] = ['00000000000000a1', '00000000000000b1'] as ID[]
    const as = (name: string, userID?: ID, address = ADA.address) =>
      wrong({ name, address, ...(userID ? { userID } : {}) })
    for (const name of ['ada', 'eve', 'ada', 'eva', 'x']) assert.equal(await as(name, ada), 'wrong')
    assert.equal(await as('y', ada), '429 in 10')
    assert.equal(await as('ada'), 'wrong')
    assert.equal(await as('ada', bob), 'wrong')
    for (const name of ['p', 'q']) assert.equal(await as(name, ada, `192.0.2.${name}`), 'wrong')
    assert.equal(await as('r', ada, '192.0.2.99'), '429 in 900')
  })

  test('a delay lasts to the millisecond, doubles from 10 s to 15 min, then stays', async () => {
    const { wrong, forward } = guessing()
    for (const _ of times(4, String)) assert.equal(await wrong(ADA), 'wrong')
    for (const seconds of [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]) {
      assert.equal(await wrong(ADA), 'wrong', `before ${seconds} s`)
      assert.equal(await wrong(ADA), `429 in ${seconds}`)
      forward(seconds * SECOND - 1)
      assert.equal(await wrong(ADA), '429 in 1')
      forward(1)
    }
  })

  test('after a delay one is tried at a time, and if it fails none of those who wait', async () => {
    const { wrong, forward, tried } = guessing()
    for (const _ of times(5, String)) await wrong(ADA)
    forward(10 * SECOND)
    const outcomes = await Promise.all(times(20, () => wrong(ADA)))
    assert.deepEqual(tally(outcomes), { wrong: 1, '429 in 20': 19 })
    assert.equal(tried(), 6)
  })

  test('being throttled makes no delay longer', async () => {
    const { wrong, forward } = guessing()
    for (const _ of times(50, String)) await wrong(ADA)
    forward(10 * SECOND)
    assert.equal(await wrong(ADA), 'wrong')
  })

  test('a user has 30 failures from new addresses, however many there are, until 15 minutes are over', async () => {
    const { wrong, right, forward, tried, throttled } = guessing()
    const outcomes = await Promise.all(strangers(100).map((address) => wrong({ name: 'ada', address })))
    assert.deepEqual(tally(outcomes), { wrong: 30, '429 in 900': 70 })
    assert.equal(tried(), 30)
    assert.deepEqual(tally(throttled.map(({ scope }) => scope)), { user: 70 })
    forward(15 * MINUTE - 1)
    assert.equal(await right(ADA), '429 in 1')
    forward(1)
    assert.equal(await right(ADA), 'right')
  })

  test('an address has 100 failures, however many names it tries, until 15 minutes are over', async () => {
    const { wrong, right, forward, tried } = guessing()
    const names = times(250, (index) => ({ ...ADA, name: `name ${index}` }))
    const outcomes = await Promise.all(names.map(wrong))
    assert.deepEqual(tally(outcomes), { wrong: 100, '429 in 900': 150 })
    assert.equal(tried(), 100)
    assert.equal(await right({ ...ADA, address: '192.0.2.2' }), 'right')
    forward(15 * MINUTE)
    assert.equal(await right(ADA), 'right')
  })

  test('the longest of several delays is told', async () => {
    const { wrong } = guessing({ user: 5 })
    for (const _ of times(5, String)) await wrong(ADA)
    assert.equal(await wrong(ADA), '429 in 900')
  })

  test('wrong tokens are bounded, all at once or one by one, and hold no password back', async () => {
    const { wrongToken, right, wrong, throttled, forward } = guessing()
    const outcomes = await Promise.all(times(120, () => wrongToken(ADA.address)))
    assert.deepEqual(tally(outcomes), { wrong: 100, '429 in 900': 20 })
    assert.deepEqual(tally(throttled.map(({ scope }) => scope)), { token: 20 })
    assert.equal(await wrongToken('192.0.2.2'), 'wrong')
    assert.equal(await right(ADA), 'right')
    const names = times(120, (index) => ({ ...ADA, name: `name ${index}` }))
    assert.deepEqual(tally(await Promise.all(names.map(wrong))), { wrong: 100, '429 in 900': 20 })
    forward(15 * MINUTE)
    assert.equal(await wrongToken(ADA.address), 'wrong')
  })

  test('wrong passwords use up no wrong tokens', async () => {
    const { wrongToken, wrong } = guessing({ address: 3 })
    await Promise.all(times(3, (index) => wrong({ ...ADA, name: `name ${index}` })))
    assert.equal(await wrong({ ...ADA, name: 'one more' }), '429 in 900')
    assert.equal(await wrongToken(ADA.address), 'wrong')
  })

  test('unreadable credentials count for the address alone, all at once or one by one', async () => {
    const { refusal, right, wrong, throttled } = guessing()
    const outcomes = await Promise.all(times(120, () => refusal(ADA.address)))
    assert.deepEqual(tally(outcomes), { wrong: 100, '429 in 900': 20 })
    assert.equal(await wrong(ADA), '429 in 900')
    assert.deepEqual(tally(throttled.map(({ scope }) => scope)), { address: 21 })
    assert.equal(await right({ ...ADA, address: '192.0.2.2' }), 'right')
    assert.equal(await right({ ...ADA, known: true }), 'right')
  })

  test('unreadable credentials and wrong passwords share what an address has', async () => {
    const { refusal, attempt, tried } = guessing()
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const passwords = times(60, (index) => attempt({ ...ADA, name: `name ${index}` }, () => promise))
    await turn()
    const unreadable = times(60, () => refusal(ADA.address))
    await turn()
    // The places of the passwords are not for those.
    assert.equal(await Promise.race([...unreadable.slice(40), 'waits']), 'waits')
    resolve(false)
    assert.deepEqual(tally(await Promise.all(passwords)), { wrong: 60 })
    assert.deepEqual(tally(await Promise.all(unreadable)), { wrong: 40, '429 in 900': 20 })
    assert.equal(tried(), 60)
  })

  test('whether a name exists changes nothing for a stranger', async () => {
    const { wrong, forward } = guessing()
    const course = async (name: string) => {
      const outcomes: string[] = []
      for (const _ of times(12, String)) outcomes.push(await wrong({ name, address: '192.0.2.1' }))
      return outcomes
    }
    const known = await course('ada')
    assert.deepEqual(await course('nobody'), known)
    forward(10 * SECOND)
    assert.deepEqual(await course('ada'), await course('nobody'))
  })

  test('names are told apart exactly, by case, length and every character', async () => {
    const { wrong } = guessing({ pairFree: 1 })
    const long = 'x'.repeat(100_000)
    const names = ['ada', 'Ada', 'ada ', '', '\0', long, `${long}x`, 'ada:192.0.2.1', '__proto__']
    for (const name of names) assert.equal(await wrong({ ...ADA, name }), 'wrong', name.slice(0, 20))
    for (const name of names) assert.equal(await wrong({ ...ADA, name }), '429 in 10', name.slice(0, 20))
  })
})

suite('guess guard: whom it lets through', () => {
  test('sixteen right passwords at once all succeed', async () => {
    const { right, counters } = guessing()
    assert.deepEqual(tally(await Promise.all(times(16, () => right(ADA)))), { right: 16 })
    assert.equal(counters.size(), 0)
  })

  test('so do sixteen after a delay, though one goes first', async () => {
    const { wrong, right, forward } = guessing()
    for (const _ of times(5, String)) await wrong(ADA)
    forward(10 * SECOND)
    assert.deepEqual(tally(await Promise.all(times(16, () => right(ADA)))), { right: 16 })
  })

  test('a stranger who used up what the user has does not touch a known address', async () => {
    const { wrong, right } = guessing()
    await Promise.all(strangers(50).map((address) => wrong({ name: 'ada', address })))
    assert.equal(await right(ADA), '429 in 900')
    assert.equal(await right({ ...ADA, known: true }), 'right')
    // Nor is a known address a way to more guesses.
    const outcomes = await Promise.all(times(20, () => wrong({ ...ADA, known: true })))
    assert.deepEqual(tally(outcomes), { wrong: 5, '429 in 10': 15 })
  })

  test('a stranger with all places of the user in flight does not make a known address wait', async () => {
    const { attempt, right } = guessing({ user: 2 })
    const { promise: never } = Promise.withResolvers<boolean>()
    for (const address of strangers(5)) void attempt({ name: 'ada', address }, () => never)
    assert.equal(await right({ ...ADA, known: true }), 'right')
  })

  test('failures from a known address count for it, not for the user', async () => {
    const { wrong } = guessing({ user: 2, address: 4 })
    for (const _ of times(3, String)) assert.equal(await wrong({ ...ADA, known: true }), 'wrong')
    assert.equal(await wrong({ name: 'ada', address: '192.0.2.2' }), 'wrong')
    assert.equal(await wrong({ ...ADA, name: 'bob' }), 'wrong')
    assert.equal(await wrong({ ...ADA, name: 'bob' }), '429 in 900')
    assert.equal(await wrong({ ...ADA, known: true }), 'wrong')
  })

  test('a success clears the pair, and nothing else', async () => {
    const { wrong, right } = guessing({ user: 12 })
    for (const _ of times(3, String)) {
      for (const _ of times(4, String)) assert.equal(await wrong(ADA), 'wrong')
      assert.equal(await right({ ...ADA, known: true }), 'right')
    }
    assert.equal(await wrong(ADA), '429 in 900', 'the user had 12')
    for (const _ of times(5, String)) assert.equal(await wrong({ ...ADA, known: true }), 'wrong')
  })

  test('a pair is forgotten 15 minutes after its last failure or delay', async () => {
    const { wrong, forward, right } = guessing()
    for (const _ of times(5, String)) await wrong(ADA)
    forward(15 * MINUTE + 10 * SECOND - 1)
    assert.equal(await wrong(ADA), 'wrong')
    assert.equal(await right(ADA), '429 in 20')
    forward(15 * MINUTE + 20 * SECOND)
    for (const _ of times(5, String)) assert.equal(await wrong(ADA), 'wrong')
    assert.equal(await wrong(ADA), '429 in 10')
  })

  test('a clock that is set back makes no delay longer', async () => {
    const { wrong, forward } = guessing()
    for (const _ of times(5, String)) await wrong(ADA)
    forward(-1000 * MINUTE)
    assert.equal(await wrong(ADA), '429 in 10')
    forward(10 * SECOND)
    assert.equal(await wrong(ADA), 'wrong')
  })
})
