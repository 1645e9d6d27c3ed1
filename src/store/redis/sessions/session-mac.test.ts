import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessionMac } from './session-mac.ts'

const [OLD, NEW] = [Buffer.alloc(32, 'old'), Buffer.alloc(32, 'new')]

function setUp() {
  const state = { key: OLD, reads: 0, at: 0, isAway: false }
  const node = () =>
    createSessionMac({
      steady: () => state.at,
      key: {
        async get() {
          state.reads += 1
          if (state.isAway) throw new Error('away')
          return state.key
        },
      },
    })
  return { state, node }
}

test('what one node signs another one verifies, and nothing else', async () => {
  const { node } = setUp()
  const [one, other] = [await node(), await node()]
  const mac = one.sign('text')
  assert.match(mac, /^[\w-]{43}$/)
  assert.equal(await other.verify('text', mac), true)
  for (const wrong of ['', 'x', `${mac}A`, mac.slice(1), one.sign('another text')]) {
    assert.equal(await other.verify('text', wrong), false, wrong)
  }
  assert.equal(await other.verify('text ', mac), false)
})

test('a key that was replaced is found by the first session that another node signed; the old one is void then', async () => {
  const { state, node } = setUp()
  const running = await node()
  const old = running.sign('text')
  state.key = NEW
  const restarted = await node()
  state.at = 1000
  assert.equal(await running.verify('text', restarted.sign('text')), true)
  assert.equal(await running.verify('text', old), false)
  assert.equal(running.sign('text'), restarted.sign('text'))
})

test('however many are forged, the key is read once a second; where it cannot be read nothing is decided', async () => {
  const { state, node } = setUp()
  const mac = await node()
  state.at = 1000
  const all = await Promise.all(Array.from({ length: 100 }, () => mac.verify('text', 'forged')))
  assert.deepEqual([all.includes(true), state.reads], [false, 2])
  assert.equal(mac.verify('text', 'forged'), false)
  state.at = 2000
  state.isAway = true
  await assert.rejects(async () => mac.verify('text', 'forged'), /away/)
  assert.equal(mac.verify('text', mac.sign('text')), true)
})
