import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { refused } from '../../../test/support/refused.ts'
import { compilePermissions } from '../access/permission-set.ts'
import type { Principal } from '../access/principal.ts'
import { invalid, unavailable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { type Permission, permission } from '../records/permission.ts'
import type { MintRequest } from '../records/upstream.ts'
import {
  createMintedTokens,
  IDLE_MS,
  LONGEST_LIFE_MS,
  MARGIN_MS,
  type MintedToken,
  MOST_TOKENS,
} from './minted-tokens.ts'

const [ORG, OTHER_ORG] = ['00000000000000a1' as ID, '00000000000000b1' as ID]
const [ADA, BOB] = ['0000000000000051' as ID, '0000000000000052' as ID]
const MARK = '3f2a5b8c'
const BUCKET = '00000000000aa001' as ID

/** An upstream that mints when the test lets it. */
function setUp(t: TestContext, { isAlone = true } = {}) {
  const clock = { at: 0 }
  const minted: MintRequest[] = []
  const there = new Map<ID, string>()
  const madeAt = new Map<ID, number>()
  const removed: ID[] = []
  const waiting: (() => void)[] = []
  const state = {
    isHeld: false,
    failure: undefined as Error | undefined,
    buckets: [BUCKET] as readonly ID[],
    places: new Map<ID, ID>(),
    stamps: new Map<ID, string | null>(),
    stampsAreAway: false,
  }
  const lines: string[] = []
  const write = (message: string) => lines.push(message)
  const tokens = createMintedTokens({
    ...{ node: 1, mark: async () => MARK, isAlone },
    async stampOf(userID) {
      if (state.stampsAreAway) throw unavailable('away')
      return state.stamps.get(userID) ?? null
    },
    now: () => clock.at,
    log: { info: write, warn: write, error: write },
    directory: { bucketIDs: () => state.buckets },
    resources: {
      async find(_type, id) {
        const orgID = state.places.get(id)
        return orgID && { orgID, ownerID: undefined }
      },
    },
    upstream: {
      async mint(request) {
        minted.push(request)
        const id = minted.length.toString(16).padStart(16, '0') as ID
        if (state.isHeld) await new Promise<void>((resolve) => waiting.push(resolve))
        if (state.failure) throw state.failure
        there.set(id, request.description)
        madeAt.set(id, clock.at)
        return { id, token: `token ${id}` }
      },
      async remove(id) {
        removed.push(id)
        there.delete(id)
      },
      exists: async (id) => there.has(id),
      described: async (prefix) =>
        [...there]
          .filter(([, description]) => description.startsWith(prefix))
          .map(([id, description]) => ({
            ...{ id, description, createdAt: new Date(madeAt.get(id) ?? clock.at).toISOString() },
          })),
    },
  })
  t.after(() => tokens.stop())
  const letGo = () => waiting.splice(0).forEach((resolve) => void resolve())
  return { tokens, clock, minted, there, madeAt, removed, state, lines, letGo }
}

function principal(userID: ID, ...held: readonly Permission[]): Principal {
  const permissions = compilePermissions(held)
  return {
    ...{ kind: 'token', permissions, lasting: permissions },
    user: { id: userID, name: 'somebody', status: 'active' },
  }
}

const reader = (userID = ADA) => principal(userID, permission('read', 'buckets', { orgID: ORG }))
const writer = (userID = ADA) => principal(userID, permission('write', 'buckets', { orgID: ORG }))

suite('a token upstream', () => {
  test('is minted once, and then given at once', async (t) => {
    const { tokens, minted } = setUp(t)
    const ada = reader()
    const first = await tokens.of(ada, ORG)
    assert.equal(tokens.of(ada, ORG), first, 'without a promise')
    assert.equal(await tokens.of(reader(), ORG), first, 'a principal that was loaded again')
    assert.equal(minted.length, 1)
    const [{ userID, orgID, permissions, description }] = minted as [MintRequest]
    assert.deepEqual([userID, orgID], [ADA, ORG])
    assert.deepEqual(permissions, [permission('read', 'buckets', { id: BUCKET, orgID: ORG })])
    assert.match(description, /^sluice node 1 of 3f2a5b8c: /)
  })

  test('is another one for each user, organization, set of permissions and scope', async (t) => {
    const { tokens, minted, state } = setUp(t)
    const unscoped = principal(ADA, permission('read', 'labels'))
    await tokens.of(reader(), ORG)
    await tokens.of(reader(BOB), ORG)
    await tokens.of(writer(), ORG)
    await tokens.of(reader(), ORG, 'by-organization')
    await tokens.of(unscoped, ORG)
    await tokens.of(unscoped, OTHER_ORG)
    state.buckets = [BUCKET, '00000000000aa002' as ID]
    await tokens.of(reader(), ORG)
    assert.equal(minted.length, 7)
    assert.equal(tokens.count(), 7)
    const texts = minted.map(({ userID, orgID, permissions }) => JSON.stringify([userID, orgID, permissions]))
    assert.equal(new Set(texts).size, 7)
  })

  test('is not minted for who may do nothing in the organization', async (t) => {
    const { tokens, minted } = setUp(t)
    assert.equal(await tokens.of(principal(ADA), ORG), undefined)
    assert.equal(
      await tokens.of(principal(ADA, permission('read', 'labels', { orgID: ORG })), OTHER_ORG),
      undefined,
    )
    assert.equal(minted.length, 0)
  })

  test('carries no id that lies elsewhere; with nothing left it is not minted', async (t) => {
    const { tokens, minted, state } = setUp(t)
    const [here, elsewhere] = ['00000000000dd001' as ID, '00000000000dd002' as ID]
    state.places = new Map([
      [here, ORG],
      [elsewhere, OTHER_ORG],
    ])
    const byID = (id: ID) => permission('read', 'dashboards', { id, orgID: ORG })
    assert.ok(await tokens.of(principal(ADA, byID(here), byID(elsewhere)), ORG))
    assert.deepEqual(minted[0]?.permissions, [byID(here)])
    const ada = principal(ADA, byID(elsewhere))
    assert.equal(await tokens.of(ada, ORG), undefined)
    assert.equal(tokens.of(ada, ORG), undefined, 'kept, so that upstream is not asked each time')
    assert.equal(minted.length, 1)
    tokens.removeOf('everybody')
  })

  test('is minted once for all requests that come meanwhile', async (t) => {
    const { tokens, minted, state, letGo } = setUp(t)
    state.isHeld = true
    const waiting = [tokens.of(reader(), ORG), tokens.of(reader(), ORG), tokens.of(reader(), ORG)]
    await turn()
    letGo()
    const given = await Promise.all(waiting)
    assert.equal(new Set(given).size, 1)
    assert.equal(minted.length, 1)
  })
})

suite('an upstream that mints none', () => {
  test('fails all requests that wait, and is asked again by the next one', async (t) => {
    const { tokens, minted, state, letGo } = setUp(t)
    Object.assign(state, { isHeld: true, failure: unavailable('away', { retryAfterSeconds: 2 }) })
    const waiting = [tokens.of(reader(), ORG), tokens.of(reader(), ORG)]
    const [first, second] = waiting.map((each) => refused(() => each, 'unavailable', 'away'))
    await turn()
    letGo()
    await Promise.all([first, second])
    assert.equal(tokens.count(), 0)
    Object.assign(state, { isHeld: false, failure: undefined })
    assert.ok(await tokens.of(reader(), ORG))
    assert.equal(minted.length, 2)
  })

  test('is not the fault of the request: its refusal is unavailable, with the cause for the log', async (t) => {
    const { tokens, state } = setUp(t)
    state.failure = invalid('unable to create token')
    await assert.rejects(async () => tokens.of(reader(), ORG), {
      ...{ code: 'unavailable', retryAfterSeconds: 1, cause: state.failure },
    })
  })

  test('is not logged as a token that could not be deleted', async (t) => {
    const { tokens, state, lines, letGo } = setUp(t)
    Object.assign(state, { isHeld: true, failure: unavailable('away') })
    const waiting = refused(() => tokens.of(reader(), ORG), 'unavailable')
    await turn()
    tokens.removeOf('everybody')
    letGo()
    await waiting
    await tokens.stop()
    assert.deepEqual(lines, [])
  })
})

suite('a token upstream ends', () => {
  test('where it was not used for an hour', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { tokens, clock, removed } = setUp(t)
    const [old, used] = [await tokens.of(reader(), ORG), await tokens.of(reader(BOB), ORG)]
    clock.at = IDLE_MS / 2
    assert.equal(await tokens.of(reader(BOB), ORG), used)
    clock.at = IDLE_MS + 1
    t.mock.timers.tick(60_000)
    await turn()
    assert.deepEqual(removed, [old?.id])
    assert.equal(await tokens.of(reader(BOB), ORG), used)
  })

  test('when it is two hours old, however often it is used', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { tokens, clock, removed } = setUp(t)
    const ada = reader()
    const first = await tokens.of(ada, ORG)
    for (let minutes = 1; minutes <= 121; minutes += 1) {
      clock.at = minutes * 60_000
      await tokens.of(ada, ORG)
      t.mock.timers.tick(60_000)
    }
    await turn()
    assert.deepEqual(removed, [first?.id])
    assert.notEqual((await tokens.of(ada, ORG))?.id, first?.id)
  })

  test('where there are too many: the one whose last use is longest ago', async (t) => {
    const { tokens, removed } = setUp(t)
    const users = Array.from(
      { length: MOST_TOKENS + 1 },
      (_, at) => `777777777777${at.toString(16).padStart(4, '0')}` as ID,
    )
    const [first, second, ...others] = users as [ID, ID, ...ID[]]
    const kept = await tokens.of(reader(first), ORG)
    const evicted = await tokens.of(reader(second), ORG)
    for (const each of others.slice(0, -1)) await tokens.of(reader(each), ORG)
    assert.equal(tokens.count(), MOST_TOKENS)
    assert.equal(await tokens.of(reader(first), ORG), kept)
    await tokens.of(reader(others.at(-1)), ORG)
    await turn()
    assert.deepEqual(removed, [evicted?.id])
    assert.equal(tokens.count(), MOST_TOKENS)
    assert.equal(await tokens.of(reader(first), ORG), kept)
  })

  test('with a change of its user, and only of that one', async (t) => {
    const { tokens, removed } = setUp(t)
    const [ada, bob] = [await tokens.of(reader(ADA), ORG), await tokens.of(reader(BOB), ORG)]
    tokens.removeOf(new Set([ADA]))
    const next = await tokens.of(reader(ADA), ORG)
    assert.notEqual(next, ada)
    assert.equal(await tokens.of(reader(BOB), ORG), bob)
    assert.deepEqual(removed, [ada?.id])
    tokens.removeOf('everybody')
    await turn()
    assert.deepEqual(removed.toSorted(), [ada?.id, bob?.id, next?.id])
    assert.equal(tokens.count(), 0)
  })

  test('also where the change comes while it is minted', async (t) => {
    const { tokens, state, removed, there, letGo } = setUp(t)
    state.isHeld = true
    const early = tokens.of(reader(), ORG)
    await turn()
    tokens.removeOf(new Set([ADA]))
    const late = tokens.of(reader(), ORG)
    await turn()
    letGo()
    const [first, second] = await Promise.all([early, late])
    await turn()
    assert.notEqual(first?.id, second?.id)
    assert.deepEqual(removed, [first?.id])
    assert.deepEqual([...there.keys()], [second?.id])
    assert.equal(await tokens.of(reader(), ORG), second)
  })

  test('with the process, also one that is being minted', async (t) => {
    const { tokens, state, there, letGo } = setUp(t)
    await tokens.of(reader(), ORG)
    state.isHeld = true
    const late = tokens.of(reader(BOB), ORG)
    await turn()
    const stopped = tokens.stop()
    letGo()
    await Promise.all([late, stopped])
    assert.equal(there.size, 0)
  })

  test('with the process, which waits for a stuck upstream for seconds, not minutes', async (t) => {
    const { tokens, state } = setUp(t)
    state.isHeld = true
    void tokens.of(reader(), ORG)
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const stopped = tokens.stop()
    t.mock.timers.tick(5000)
    await stopped
    state.isHeld = false
    t.mock.timers.reset()
  })

  test('by a failure to delete it is not kept, and the log says so', async (t) => {
    const { tokens, lines, there } = setUp(t)
    await tokens.of(reader(), ORG)
    there.delete = () => {
      throw new Error('away')
    }
    tokens.removeOf('everybody')
    await turn()
    assert.equal(tokens.count(), 0)
    assert.match(lines.join(), /could not be deleted/)
  })
})

suite('a token that upstream does not know', () => {
  test('is replaced by the next request, once for all that were refused', async (t) => {
    const { tokens, minted, removed } = setUp(t)
    const gone = (await tokens.of(reader(), ORG)) as MintedToken
    tokens.discard(gone)
    const next = await tokens.of(reader(), ORG)
    assert.notEqual(next, gone)
    tokens.discard(gone)
    assert.equal(await tokens.of(reader(), ORG), next, 'a second refusal of the old one')
    assert.equal(minted.length, 2)
    assert.deepEqual(removed, [], 'it is gone')
  })
})

suite('what an earlier run left', () => {
  test('is deleted, whatever number it had: nothing that is in use, nothing of others', async (t) => {
    const { tokens, there, madeAt, clock, lines, state, letGo } = setUp(t)
    const [others, old] = ['00000000000000e4' as ID, '00000000000000e5' as ID]
    clock.at = LONGEST_LIFE_MS + MARGIN_MS + 1000
    there.set('00000000000000e1' as ID, `sluice node 1 of ${MARK}: left`)
    there.set('00000000000000e2' as ID, `sluice node 11 of ${MARK}: left by another run`)
    there.set('00000000000000e3' as ID, 'somebody’s')
    there.set(others, 'sluice node 1 of 00000000: of a Sluice with other data')
    there.set(old, 'sluice node 1 of 00000000: left by one that is gone')
    madeAt.set(old, 999)
    const own = await tokens.of(reader(), ORG)
    state.isHeld = true
    const late = tokens.of(reader(BOB), ORG)
    await turn()
    const swept = tokens.sweep()
    letGo()
    const [second] = await Promise.all([late, swept])
    assert.deepEqual(
      [...there.keys()].toSorted(),
      [own?.id, second?.id, '00000000000000e3', others].toSorted(),
    )
    assert.equal(lines.length, 1)
  })

  test('is deleted beside other nodes only if it is older than any token gets', async (t) => {
    const { tokens, there, madeAt, clock, removed } = setUp(t, { isAlone: false })
    clock.at = LONGEST_LIFE_MS + MARGIN_MS + 1000
    const [left, theirs] = ['00000000000000e1' as ID, '00000000000000e2' as ID]
    there.set(left, `sluice node 7 of ${MARK}: left`)
    there.set(theirs, `sluice node 2 of ${MARK}: of a node that runs`)
    madeAt.set(left, 999).set(theirs, 1001)
    await tokens.sweep()
    assert.deepEqual(removed, [left])
  })

  test('is left where upstream is away; the caller learns of it', async (t) => {
    const { tokens, there } = setUp(t)
    there.set('00000000000000e1' as ID, `sluice node 1 of ${MARK}: left`)
    there[Symbol.iterator] = () => {
      throw unavailable('away')
    }
    await refused(() => tokens.sweep(), 'unavailable')
  })
})

suite('the tokens of a user whom another node changed', () => {
  test('are deleted upstream, and those of others stay', async (t) => {
    const { tokens, removed, state } = setUp(t)
    state.stamps.set(ADA, 'a').set(BOB, 'b')
    const [ada, other, bob] = [reader(), writer(), reader(BOB)]
    const first = await tokens.of(ada, ORG)
    const second = await tokens.of(other, ORG)
    const bobs = await tokens.of(bob, ORG)
    await tokens.removeStale()
    assert.deepEqual(removed, [])
    state.stamps.set(ADA, 'a2')
    await tokens.removeStale()
    await turn()
    assert.deepEqual(removed.toSorted(), [first?.id, second?.id].toSorted())
    assert.equal(await tokens.of(bob, ORG), bobs)
    assert.notEqual((await tokens.of(ada, ORG))?.id, first?.id)
    await tokens.removeStale()
    assert.equal(removed.length, 2, 'the new one has the new stamp')
  })

  test('stay while a change is under way or stamps cannot be read, and not for longer', async (t) => {
    const { tokens, removed, state } = setUp(t)
    state.stamps.set(ADA, 'a')
    await tokens.of(reader(), ORG)
    state.stamps.set(ADA, null)
    await tokens.removeStale()
    state.stampsAreAway = true
    await assert.rejects(tokens.removeStale(), { code: 'unavailable' })
    assert.deepEqual(removed, [])
    state.stampsAreAway = false
    state.stamps.set(ADA, 'a2')
    await tokens.removeStale()
    await turn()
    assert.equal(removed.length, 1)
  })

  test('go too if the stamp could not be read when they were made', async (t) => {
    const { tokens, removed, state } = setUp(t)
    await tokens.of(reader(), ORG)
    state.stamps.set(ADA, 'a')
    await tokens.removeStale()
    await turn()
    assert.equal(removed.length, 1)
  })
})
