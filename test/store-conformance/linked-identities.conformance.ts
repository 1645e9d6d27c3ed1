import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INSTANCE_ID, type ProvidedMembership } from '../../src/domain/records/membership.ts'
import type { LinkedIdentity } from '../../src/domain/records/outside-identity.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened, plain } from './records.conformance.ts'

const [ADA, BOB, CLEO] = [idOf(0xa1), idOf(0xb1), idOf(0xc1)]
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const CORP = { issuer: 'https://id.corp.test', provider: 'corp' }
const OTHER = { issuer: 'https://other.test', provider: 'other' }

const identity = (id: number, more: Partial<LinkedIdentity> = {}): LinkedIdentity => ({
  ...{ id: idOf(id), userID: ADA, ...CORP, subject: `s${id}`, nameThere: '', linkedAt: AT },
  ...{ linkedBy: undefined, lastSignInAt: undefined, data: undefined },
  ...more,
})
const given = (number: number, more: Partial<ProvidedMembership> = {}): ProvidedMembership => ({
  ...{ resourceType: 'orgs', resourceID: idOf(number), role: 'member', group: 'dev' },
  ...more,
})

export function describeLinkedIdentityStores(open: OpenIdentityStore): void {
  test('identities come back as they were added, by issuer and subject and by user', async (t) => {
    const { linkedIdentities: store } = await opened(t, open)
    const all = [
      identity(1, { linkedBy: BOB, lastSignInAt: AT + 1, data: 'sealed', nameThere: 'Ada 🙂' }),
      identity(2, { ...OTHER }),
      identity(3, { userID: BOB }),
    ] as const
    for (const each of all.toReversed()) assert.equal(await store.add(each), true)
    assert.deepEqual(await store.find(all[0]), all[0])
    assert.deepEqual(await store.ofUser(ADA), [all[0], all[1]])
    assert.equal(await store.find({ ...OTHER, subject: 's1' }), undefined)
    assert.deepEqual([await store.hasAny(ADA), await store.hasAny(CLEO)], [true, false])
    assert.deepEqual([...(await store.among([ADA, BOB, CLEO]))].toSorted(), [ADA, BOB])
  })

  test('one identity leads to one user, and a user has one of each issuer', async (t) => {
    const { linkedIdentities: store } = await opened(t, open)
    assert.equal(await store.add(identity(1)), true)
    assert.equal(await store.add(identity(2, { userID: BOB, subject: 's1' })), false)
    assert.equal(await store.add(identity(3)), false)
    assert.equal(await store.add(identity(4, { userID: BOB, ...OTHER, subject: 's1' })), true)
    const both = [identity(5, { userID: BOB }), identity(6, { userID: CLEO, subject: 's5' })]
    const added = await Promise.all(both.map((each) => store.add(each)))
    assert.deepEqual(added.toSorted(), [false, true])
  })

  test('those of an issuer come in pages by subject', async (t) => {
    const { linkedIdentities: store } = await opened(t, open)
    for (const number of [3, 1, 2]) await store.add(identity(number, { userID: idOf(number) }))
    await store.add(identity(4, OTHER))
    const subjects = async (page: Parameters<typeof store.ofIssuer>[1]) =>
      (await store.ofIssuer(CORP.issuer, page)).map(({ subject }) => subject)
    assert.deepEqual(await subjects({ limit: 2 }), ['s1', 's2'])
    assert.deepEqual(await subjects({ limit: 2, after: 's2' }), ['s3'])
    assert.equal(await store.countOfIssuer(CORP.issuer), 3)
    assert.deepEqual(await store.issuers(), [CORP.issuer, OTHER.issuer])
  })

  test('a sign-in and data are noted; removing needs the right user', async (t) => {
    const { linkedIdentities: store } = await opened(t, open)
    await store.add(identity(1))
    await store.noteSignIn(identity(1), { provider: 'renamed', nameThere: 'ada', at: AT + 5 })
    await store.setData(identity(1), 'token')
    const noted = { provider: 'renamed', nameThere: 'ada', lastSignInAt: AT + 5, data: 'token' }
    assert.deepEqual(await store.find(identity(1)), identity(1, noted))
    await store.setData(identity(1), undefined)
    assert.equal((await store.find(identity(1)))?.data, undefined)
    assert.equal(await store.remove(BOB, idOf(1)), false)
    assert.equal(await store.remove(ADA, idOf(1)), true)
    assert.equal(await store.hasAny(ADA), false)
  })

  test('another id gets identities, what providers give, and notes of tokens', async (t) => {
    const { linkedIdentities: store, memberships, switchedOffTokens } = await opened(t, open)
    await store.add(identity(1))
    await memberships.provide(ADA, CORP, [given(1)])
    await switchedOffTokens.add({ id: idOf(9), kind: 'authorization', userID: ADA, at: AT, reason: 'gone' })
    await store.reassign(ADA, BOB)
    assert.deepEqual(await store.ofUser(BOB), [identity(1, { userID: BOB })])
    assert.equal((await memberships.ofUser(BOB)).length, 1)
    assert.equal((await switchedOffTokens.ofUser(BOB)).length, 1)
    await store.removeOfUser(BOB)
    assert.equal(await store.hasAny(BOB), false)
  })

  test('what providers give stands beside what was given by hand, and the stronger role counts', async (t) => {
    const { memberships } = await opened(t, open)
    await memberships.add({ userID: ADA, resourceType: 'orgs', resourceID: idOf(1), role: 'member' })
    await memberships.provide(ADA, CORP, [given(1, { role: 'owner' }), given(2)])
    await memberships.provide(ADA, OTHER, [given(2, { role: 'owner', group: 'ops' })])
    const by = (provider: typeof CORP, role: 'member' | 'owner', group = 'dev') => ({
      ...provider,
      role,
      group,
    })
    const expected = [
      {
        ...{ userID: ADA, resourceType: 'orgs', resourceID: idOf(1), role: 'owner' },
        given: { byHand: 'member', byProviders: [by(CORP, 'owner')] },
      },
      {
        ...{ userID: ADA, resourceType: 'orgs', resourceID: idOf(2), role: 'owner' },
        given: { byHand: undefined, byProviders: [by(CORP, 'member'), by(OTHER, 'owner', 'ops')] },
      },
    ]
    assert.deepEqual(plain(await memberships.ofUser(ADA)), expected)
    assert.deepEqual(plain(await memberships.ofResource(idOf(2))), [expected[1]])
    assert.deepEqual([...(await memberships.countByResource([idOf(1), idOf(2), idOf(3)]))].toSorted(), [
      [idOf(1), 1],
      [idOf(2), 1],
    ])

    assert.equal(await memberships.remove(idOf(2), ADA), false)
    await memberships.provide(ADA, CORP, [])
    assert.deepEqual(plain(await memberships.ofUser(ADA)), [
      { userID: ADA, resourceType: 'orgs', resourceID: idOf(1), role: 'member' },
      { ...expected[1], given: { byHand: undefined, byProviders: [by(OTHER, 'owner', 'ops')] } },
    ])
  })

  test('members of a resource are ordered by user id, however they became members', async (t) => {
    const { memberships } = await opened(t, open)
    await memberships.add({ userID: BOB, resourceType: 'orgs', resourceID: idOf(1), role: 'member' })
    for (const userID of [CLEO, ADA]) await memberships.provide(userID, CORP, [given(1)])
    assert.deepEqual(
      (await memberships.ofResource(idOf(1))).map(({ userID }) => userID),
      [ADA, BOB, CLEO],
    )
    await memberships.reassignProvided(idOf(1), idOf(7))
    assert.deepEqual(
      (await memberships.ofResource(idOf(7))).map(({ userID }) => userID),
      [ADA, CLEO],
    )
    await memberships.removeOfResource(idOf(7))
    assert.deepEqual(await memberships.ofResource(idOf(7)), [])
    await memberships.provide(ADA, CORP, [
      given(3),
      given(2, { resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' }),
    ])
    await memberships.removeOfUser(ADA)
    assert.deepEqual(await memberships.ofUser(ADA), [])
  })

  test('the last note of a switched-off token counts', async (t) => {
    const { switchedOffTokens: store } = await opened(t, open)
    const note = { id: idOf(1), kind: 'authorization', userID: ADA, at: AT, reason: 'gone' } as const
    await store.add({ ...note, at: AT - 1, reason: 'earlier' })
    await store.add(note)
    assert.deepEqual(await store.ofUser(ADA), [note])
    assert.deepEqual([await store.has(idOf(1)), await store.has(idOf(2))], [true, false])
    await store.removeOfUser(ADA)
    assert.equal(await store.has(idOf(1)), false)
  })
}
