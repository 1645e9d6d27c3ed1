import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type BoltBucket, BoltError, openBoltFile } from './bolt-file.ts'

const sample = (name: string) => readFileSync(new URL(`../../../test/import/bolt/${name}`, import.meta.url))

const texts = (bucket: BoltBucket | undefined) =>
  [...(bucket?.entries() ?? [])].map(({ key, value }): [string, string] => [key.toString(), value.toString()])

/** All keys and values of a file, nested buckets included. */
function contentOf(bucket: BoltBucket, path = ''): string[] {
  const own = texts(bucket).map(([key, value]) => `${path}${key}=${value}`)
  const nested = bucket.bucketNames().flatMap((name) => {
    const inner = bucket.bucket(name)
    return inner ? contentOf(inner, `${path}${name}/`) : []
  })
  return [...own, ...nested]
}

suite('a bolt file', () => {
  test('of influxd has its records by id', () => {
    const file = openBoltFile(sample('hashed.bolt'))
    const expected = JSON.parse(sample('hashed.expected.json').toString())
    const users = texts(file.bucket('usersv1')).map(([id, value]) => ({ id, ...JSON.parse(value) }))
    assert.deepEqual(
      Object.fromEntries(users.map(({ id, name, status }) => [name, [id, status]])),
      Object.fromEntries(
        Object.entries<{ id: string; status: string }>(expected.users).map(([name, { id, status }]) => [
          name,
          [id, status],
        ]),
      ),
    )
    assert.equal(texts(file.bucket('authorizationsv1')).length, expected.tokens.length)
    assert.equal(file.bucket('nobody'), undefined)
  })

  // Made with bbolt: 600 keys of which every second was deleted, a value of four pages, buckets within buckets.
  test('with branch pages, a long value and nested buckets, after two transactions', () => {
    const file = openBoltFile(sample('branches.bolt'))
    assert.deepEqual(file.bucketNames(), ['empty', 'many'])
    assert.deepEqual(texts(file.bucket('empty')), [])
    const many = file.bucket('many')
    const found = new Map(texts(many))
    const odd = Array.from({ length: 300 }, (_, index) => {
      const number = index * 2 + 1
      return [
        `key-${String(number).padStart(4, '0')}`,
        `value of ${number} ${'x'.repeat(number % 40)}`,
      ] as const
    })
    assert.deepEqual(
      found,
      new Map([...odd, ['long', 'long value '.repeat(1500)], ['second', 'transaction']]),
    )
    const nested = many?.bucket('nested')
    assert.equal(texts(nested).length, 100)
    assert.deepEqual(new Map(texts(nested)).get('n-099'), '9801')
    assert.deepEqual(texts(nested?.bucket('deeper')), [['a', 'b']])
  })

  test('up to its high-water mark is enough, as influxd sends its backup', () => {
    const whole = sample('hashed.bolt')
    const pages = Number(whole.readBigUInt64LE(16 + 40))
    const backup = whole.subarray(0, pages * 4096)
    assert.ok(backup.length < whole.length)
    assert.deepEqual(contentOf(openBoltFile(backup)), contentOf(openBoltFile(whole)))
  })

  test('with one damaged meta page is read by the other one', () => {
    const whole = contentOf(openBoltFile(sample('branches.bolt')))
    for (const [meta, isNewest] of [0, 4096].map((at) => [at, isNewer(at)] as const)) {
      const file = sample('branches.bolt')
      file.writeUInt8(file.readUInt8(meta + 40) ^ 1, meta + 40)
      const content = contentOf(openBoltFile(file))
      // The older meta page is that of the transaction before, which had all keys.
      if (isNewest) assert.notDeepEqual(content, whole)
      else assert.deepEqual(content, whole)
    }
  })
})

function isNewer(at: number): boolean {
  const file = sample('branches.bolt')
  const transaction = (place: number) => file.readBigUInt64LE(place + 16 + 48)
  return transaction(at) > transaction(at === 0 ? 4096 : 0)
}

suite('what is no bolt file, or damaged', () => {
  test('is refused', () => {
    for (const file of [
      Buffer.alloc(0),
      Buffer.alloc(100),
      Buffer.alloc(65_536),
      Buffer.from('x'.repeat(9000)),
    ]) {
      assert.throws(() => openBoltFile(file), BoltError)
    }
  })

  test('is refused wherever the file is cut', () => {
    const file = sample('branches.bolt')
    const pages = Number(file.readBigUInt64LE(16 + 40))
    for (let page = 0; page < pages - 1; page++) {
      for (const length of [page * 4096, page * 4096 + 1, page * 4096 + 2000]) {
        const cut = file.subarray(0, length)
        const outcome = read(cut)
        if (outcome !== undefined) assert.deepEqual(outcome, contentOf(openBoltFile(file)))
      }
    }
  })

  test('ends with its content or a BoltError, whatever bytes are other', () => {
    let refused = 0
    for (const name of ['branches.bolt', 'hashed.bolt']) {
      const original = sample(name)
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
          fc.boolean(),
          (changes, atHeads) => {
            const file = Buffer.from(original)
            for (const [at, byte] of changes) {
              // Most damage lies in values; that of headers is what a reader can fall over.
              const place = atHeads ? Math.floor(at / 4096) * 4096 + (at % 80) : at
              file.writeUInt8(byte, place)
            }
            if (read(file) === undefined) refused += 1
          },
        ),
        { numRuns: 500 },
      )
    }
    assert.ok(refused > 100, `only ${refused} files were refused`)
  })

  test('does not go round in circles', () => {
    const file = sample('branches.bolt')
    const branch = Array.from({ length: file.length / 4096 }, (_, page) => page).filter(
      (page) => page > 1 && file.readUInt16LE(page * 4096 + 8) === 1,
    )
    assert.ok(branch.length > 0)
    for (const page of branch) {
      const first = page * 4096 + 16 + 8
      file.writeBigUInt64LE(BigInt(page), first)
    }
    assert.throws(() => contentOf(openBoltFile(file)), BoltError)
  })
})

/** The content, or undefined if the file was refused as it should be. */
function read(file: Buffer): string[] | undefined {
  try {
    return contentOf(openBoltFile(file))
  } catch (error) {
    assert.ok(error instanceof BoltError, String(error))
    return undefined
  }
}
