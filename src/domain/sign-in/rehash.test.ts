import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../../test/support/world.ts'
import { createRehash } from './rehash.ts'

const PASSWORD = Buffer.from('a fine horse')

async function setUp() {
  const { store, changes, addUser } = await createWorld()
  const userID = await addUser('ada')
  const stored = { hash: 'old', mustChange: true }
  await store.passwords.set(userID, stored)
  let meanwhile = async (): Promise<void> => {}
  const rehash = createRehash({
    changes,
    hasher: {
      needsRehash: (hash) => hash === 'old',
      async hash(password) {
        await meanwhile()
        return `new of ${password}`
      },
      verify: async (password, hash) => hash === `other of ${password}`,
    },
  })
  return {
    ...{ rehash, userID, stored },
    present: () => store.passwords.get(userID),
    meanwhile(hash: string) {
      meanwhile = () => store.passwords.set(userID, { hash, mustChange: false })
    },
  }
}

test('an outdated hash is replaced, and nothing else of the password', async () => {
  const { rehash, userID, stored, present } = await setUp()
  assert.equal(await rehash(userID, PASSWORD, stored), 'new of a fine horse')
  assert.deepEqual(await present(), { hash: 'new of a fine horse', mustChange: true })
  assert.equal(await rehash(userID, PASSWORD, { hash: 'cheap', mustChange: false }), 'cheap')
})

test('a hash of the same password that another sign-in stored meanwhile is taken', async () => {
  const { rehash, userID, stored, meanwhile, present } = await setUp()
  meanwhile('other of a fine horse')
  assert.equal(await rehash(userID, PASSWORD, stored), 'other of a fine horse')
  assert.equal((await present())?.hash, 'other of a fine horse')
})

test('the hash of another password stays, and is not the answer', async () => {
  const { rehash, userID, stored, meanwhile, present } = await setUp()
  meanwhile('other of a lame horse')
  assert.equal(await rehash(userID, PASSWORD, stored), 'old')
  assert.equal((await present())?.hash, 'other of a lame horse')
})
