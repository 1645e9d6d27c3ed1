import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { refused } from '../../../test/support/refused.ts'
import { createPasswordHasher } from './password-hasher.ts'

const create = () => createPasswordHasher({ concurrency: 2, queue: 10 })
/** Go's own example, of the cost that InfluxDB uses. */
const BCRYPT = '$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'
const UNREADABLE = [
  ...['', '$2a$10$abcdefghijklmnopqrstuv', '$argon2id$v=16$m=8,t=1,p=1$c2FsdA$aGFzaA', 'plain text'],
  ...[BCRYPT.replace('$2a', '$2x'), BCRYPT.replace('$10', '$31')],
]

/** Before anything is verified: what importing the hasher has loaded of bcrypt. */
const loadedBcrypt = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((each) => /node-rs/.test(each))
const loadedAtStart = loadedBcrypt()

suite('password hashes', () => {
  test('when too many wait in a lane, one more is told to come again; other lanes have room', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, queue: 8 })
    const password = Buffer.from('password')
    const tries = ['known', 'calm', 'others'] as const
    const working = [hasher.hash(password)]
    // Of eight that may wait, strangers have four.
    for (let count = 0; count < 4; count += 1)
      working.push(hasher.verify(password, undefined, 'others') as never)
    await refused(() => hasher.verify(password, BCRYPT, 'others'), 'unavailable')
    working.push(hasher.hash(password), hasher.verify(password, undefined, 'calm') as never)
    for (const lane of ['known', 'known'] as const)
      working.push(hasher.verify(password, BCRYPT, lane) as never)
    assert.equal(hasher.pending(), 9)
    await refused(() => hasher.hash(password), 'unavailable')
    for (const lane of tries) await refused(() => hasher.verify(password, undefined, lane), 'unavailable')
    await Promise.all(working)
    assert.equal(hasher.pending(), 0)
  })

  test('a stored hash that cannot be read is a failure, not a wrong password, and is not told', async () => {
    const hasher = create()
    for (const stored of UNREADABLE) {
      await assert.rejects(hasher.verify(Buffer.from('password'), stored, 'known'), (error: Error) => {
        assert.match(error.message, /not argon2id/)
        assert.ok(stored === '' || !String(error.stack).includes(stored))
        return true
      })
    }
    assert.equal(hasher.pending(), 0)
  })

  test('without a hash, or with one that cannot be read, the work is the same', async () => {
    const hasher = create()
    const password = Buffer.from('password')
    const stored = await hasher.hash(password)
    /** The least of several, which no other load makes longer. */
    async function cost(work: () => Promise<unknown>): Promise<number> {
      const times: number[] = []
      for (let round = 0; round < 3; round++) {
        const from = performance.now()
        await work().catch(() => undefined)
        times.push(performance.now() - from)
      }
      return Math.min(...times)
    }
    const usual = await cost(() => hasher.verify(password, stored, 'known'))
    // Leaving the work out would take a hundredth.
    for (const other of [undefined, ...UNREADABLE]) {
      const taken = await cost(() => hasher.verify(password, other, 'known'))
      assert.ok(taken > usual / 4 && taken < usual * 4, `${other}: ${taken} ms, not ${usual} ms`)
    }
  })

  test('costs what ASVS asks for, with a salt of its own each time', async () => {
    const hasher = create()
    const [one, other] = await Promise.all([
      hasher.hash(Buffer.from('same')),
      hasher.hash(Buffer.from('same')),
    ])
    for (const hash of [one, other]) {
      assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    }
    assert.notEqual(one, other)
  })

  test('any bytes of any length are compared exactly as they were given', async () => {
    const hasher = create()
    const passwords = fc.uint8Array({ minLength: 8, maxLength: 72 })
    await fc.assert(
      fc.asyncProperty(passwords, passwords, fc.nat(), async (right, other, at) => {
        const stored = await hasher.hash(right)
        const near = Uint8Array.from(right)
        near[at % near.length] = (right[at % near.length] ?? 0) ^ 1
        const wrong = [near, right.subarray(0, -1), Buffer.concat([right, Buffer.of(0)])]
        for (const each of wrong) assert.ok(!(await hasher.verify(each, stored, 'known')))
        assert.equal(await hasher.verify(other, stored, 'known'), Buffer.compare(right, other) === 0)
        assert.ok(await hasher.verify(right, stored, 'known'))
        assert.ok(!(await hasher.verify(right, undefined, 'known')))
      }),
      { numRuns: 4, examples: [[Buffer.from('é\0 before and after'), Buffer.from('é'), 2]] },
    )
  })
})

suite('hashes from elsewhere', () => {
  test('bcrypt is loaded for the first hash of its kind, not before', async () => {
    assert.deepEqual(loadedAtStart, [])
    await create().verify(Buffer.from('password'), BCRYPT, 'known')
    assert.notDeepEqual(loadedBcrypt(), [])
  })

  test('argon2id of another cost lets in with the right password only', async () => {
    // The reference implementation's own.
    const stored = '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'
    assert.ok(!(await create().verify(Buffer.from('passwore'), stored, 'known')))
    assert.ok(await create().verify(Buffer.from('password'), stored, 'known'))
  })

  test('bcrypt lets in with the right password only', async () => {
    const hasher = create()
    for (const wrong of ['', 'allmin', 'allmine ', 'Allmine']) {
      assert.ok(!(await hasher.verify(Buffer.from(wrong), BCRYPT, 'known')), wrong)
    }
    for (const prefix of ['$2a', '$2b', '$2y']) {
      assert.ok(
        await hasher.verify(Buffer.from('allmine'), BCRYPT.replace('$2a', `$${prefix}`), 'known'),
        prefix,
      )
    }
  })

  test('bcrypt leaves the event loop alone', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    // Four times the usual cost: over 100 ms.
    await create().verify(Buffer.from('password'), BCRYPT.replace('$10', '$$12'), 'known')
    clearInterval(timer)
    assert.ok(turns > 10, `${turns} turns`)
  })

  test('bcrypt, and what is cheaper than a new one, is to be replaced', async () => {
    const hasher = create()
    const own = await hasher.hash(Buffer.from('password'))
    const costing = (cost: string) => own.replace('m=19456,t=2,p=1', cost)
    for (const stored of [BCRYPT, costing('m=19455,t=2,p=1'), costing('m=65536,t=1,p=1'), ...UNREADABLE]) {
      assert.ok(hasher.needsRehash(stored), stored)
    }
    for (const stored of [own, costing('m=19457,t=2,p=1'), costing('m=19456,t=3,p=4')]) {
      assert.ok(!hasher.needsRehash(stored), stored)
    }
  })
})
