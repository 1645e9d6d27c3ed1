import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../test-refused.ts'
import { createPasswordHasher } from './password-hasher.ts'

const create = () => createPasswordHasher({ concurrency: 2, queue: 10 })

suite('password hashes', () => {
  test('when too many wait, one more is told to come again', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, queue: 1 })
    const working = [hasher.hash(Buffer.from('one')), hasher.verify(Buffer.from('two'), undefined)]
    assert.equal(hasher.pending(), 2)
    await refused(() => hasher.hash(Buffer.from('three')), 'unavailable')
    await refused(() => hasher.verify(Buffer.from('three'), undefined), 'unavailable')
    await Promise.all(working)
    assert.equal(hasher.pending(), 0)
  })

  test('a stored hash of another kind is a failure, not a wrong password', async () => {
    for (const stored of ['', '$2a$10$abcdefghijklmnopqrstuv', '$argon2id$v=16$m=8,t=1,p=1$c2FsdA$aGFzaA']) {
      await assert.rejects(create().verify(Buffer.from('password'), stored), /not argon2id/)
    }
  })

  test('the password is compared exactly as it was given, all of its bytes', async () => {
    const hasher = create()
    const password = Buffer.concat([Buffer.from('é\0 '), Buffer.alloc(68, 'x')])
    const stored = await hasher.hash(password)
    assert.ok(await hasher.verify(password, stored))
    const others = [password.subarray(0, -1), Buffer.concat([password, Buffer.from('x')]), Buffer.from('é')]
    for (const other of others) assert.ok(!(await hasher.verify(other, stored)))
    assert.ok(!(await hasher.verify(password, undefined)))
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

  test("a hash of another cost is understood: the reference implementation's own example", async () => {
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    assert.ok(await create().verify(Buffer.from('password'), stored))
    assert.ok(!(await create().verify(Buffer.from('passwore'), stored)))
  })
})
