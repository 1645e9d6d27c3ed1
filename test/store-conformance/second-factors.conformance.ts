import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecondFactor } from '../../src/domain/records/second-factor.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { idOf, opened } from './records.conformance.ts'

const [ADA, BOB, EVE] = [idOf(0xa1), idOf(0xb1), idOf(0xe1)]
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

const totp = (id: number, more: Partial<SecondFactor> = {}): SecondFactor => ({
  ...{ id: idOf(id), userID: ADA, kind: 'totp', name: 'phone', secret: 'sealed', credentialID: undefined },
  ...{ counter: 100, passkey: undefined, createdAt: AT, lastUsedAt: undefined },
  ...more,
})
const passkey = (id: number, credentialID: string): SecondFactor => ({
  ...totp(id, { kind: 'passkey', credentialID, counter: 0 }),
  passkey: { isSynchronizable: true, transports: ['internal', 'hybrid'] },
})

export function describeSecondFactorStores(open: OpenIdentityStore): void {
  test('factors come back as they were added, oldest first', async (t) => {
    const { secondFactors } = await opened(t, open)
    assert.deepEqual([await secondFactors.ofUser(ADA), await secondFactors.hasAny(ADA)], [[], false])
    const factors = [totp(1), passkey(2, 'credential'), totp(3, { lastUsedAt: AT + 1 })]
    for (const each of factors.toReversed()) assert.equal(await secondFactors.add(each), true)
    assert.deepEqual(await secondFactors.ofUser(ADA), factors)
    assert.deepEqual(await secondFactors.byCredential('credential'), factors[1])
    assert.deepEqual([await secondFactors.hasAny(ADA), await secondFactors.hasAny(BOB)], [true, false])
    assert.equal(await secondFactors.add({ ...passkey(4, 'credential'), userID: BOB }), false)
    assert.equal(await secondFactors.hasAny(BOB), false)
  })

  test('a step is accepted once, and only a later one', async (t) => {
    const { secondFactors } = await opened(t, open)
    await secondFactors.add(totp(1))
    assert.equal(await secondFactors.acceptStep(idOf(1), 100, AT), false)
    const accepted = await Promise.all([1, 2, 3].map(() => secondFactors.acceptStep(idOf(1), 101, AT)))
    assert.equal(accepted.filter(Boolean).length, 1)
    assert.equal(await secondFactors.acceptStep(idOf(1), 99, AT), false)
    assert.equal(await secondFactors.acceptStep(idOf(2), 200, AT), false)
    const [found] = await secondFactors.ofUser(ADA)
    assert.deepEqual([found?.counter, found?.lastUsedAt], [101, AT])
  })

  test('the counter of a passkey rises, once on all nodes, where it must', async (t) => {
    const { secondFactors } = await opened(t, open)
    await secondFactors.add(passkey(1, 'credential'))
    const note = (counter: number, mustRise = true, id = 1) =>
      secondFactors.notePasskey(idOf(id), { counter, mustRise, at: AT + counter })
    assert.deepEqual([await note(0), await note(0)], [true, true], 'one that does not count')
    const noted = await Promise.all([7, 7, 7].map((counter) => note(counter)))
    assert.equal(noted.filter(Boolean).length, 1)
    for (const counter of [7, 6, 0]) assert.equal(await note(counter), false, `${counter}`)
    const [found] = await secondFactors.ofUser(ADA)
    assert.deepEqual([found?.counter, found?.lastUsedAt], [7, AT + 7])
    assert.deepEqual([await note(6, false), await note(8)], [true, true])
    assert.equal(await note(9, false, 2), false, 'one that was removed')
  })

  test('a factor is renamed and removed by its user only', async (t) => {
    const { secondFactors } = await opened(t, open)
    await secondFactors.add(totp(1))
    await secondFactors.add(totp(2))
    assert.equal(await secondFactors.rename(BOB, idOf(1), 'mine'), false)
    assert.equal(await secondFactors.remove(BOB, idOf(1)), false)
    assert.equal(await secondFactors.rename(ADA, idOf(1), 'tablet'), true)
    assert.equal((await secondFactors.ofUser(ADA))[0]?.name, 'tablet')
    assert.equal(await secondFactors.remove(ADA, idOf(1)), true)
    assert.equal(await secondFactors.removeOfUser(BOB), 0)
    assert.equal(await secondFactors.removeOfUser(ADA), 1)
  })

  test('a recovery code works once, for its user', async (t) => {
    const { recoveryCodes } = await opened(t, open)
    await recoveryCodes.replace(ADA, ['a', 'b', 'c'])
    await recoveryCodes.replace(BOB, ['a'])
    assert.equal(await recoveryCodes.use(EVE, 'a'), false)
    const used = await Promise.all([1, 2, 3].map(() => recoveryCodes.use(ADA, 'a')))
    assert.equal(used.filter(Boolean).length, 1)
    assert.deepEqual([await recoveryCodes.left(ADA), await recoveryCodes.left(BOB)], [2, 1])
    await recoveryCodes.replace(ADA, ['d'])
    assert.deepEqual([await recoveryCodes.left(ADA), await recoveryCodes.use(ADA, 'b')], [1, false])
    await recoveryCodes.removeOfUser(ADA)
    assert.deepEqual([await recoveryCodes.left(ADA), await recoveryCodes.left(BOB)], [0, 1])
  })

  test('the grace is counted and ended, and a handle stays', async (t) => {
    const { factorHolders } = await opened(t, open)
    assert.equal(await factorHolders.graceUsed(ADA), 0)
    assert.deepEqual([await factorHolders.countGrace(ADA), await factorHolders.countGrace(ADA)], [1, 2])
    assert.equal(await factorHolders.handleOf(ADA), undefined)
    assert.equal(await factorHolders.handle(ADA, 'one'), 'one')
    assert.equal(await factorHolders.handleOf(ADA), 'one')
    assert.equal(await factorHolders.handle(ADA, 'two'), 'one')
    assert.equal(await factorHolders.handle(BOB, 'three'), 'three')
    assert.deepEqual([await factorHolders.graceUsed(ADA), await factorHolders.graceUsed(BOB)], [2, 0])
    await factorHolders.endGrace(ADA)
    assert.ok((await factorHolders.graceUsed(ADA)) > 100)
    assert.equal(await factorHolders.handle(ADA, 'four'), 'one')
  })

  test('application passwords are found by user and hash', async (t) => {
    const { applicationPasswords } = await opened(t, open)
    const made = {
      ...{ id: idOf(1), userID: ADA, name: 'telegraf', hash: 'h', access: 'read' as const },
      ...{ createdAt: AT, expiresAt: AT + 1, lastUsedAt: undefined },
    }
    await applicationPasswords.add(made)
    await applicationPasswords.add({ ...made, id: idOf(2), hash: 'other', expiresAt: undefined })
    assert.deepEqual(await applicationPasswords.find(ADA, 'h'), made)
    assert.equal(await applicationPasswords.find(BOB, 'h'), undefined)
    await applicationPasswords.noteUse(idOf(1), AT + 2)
    assert.deepEqual(
      (await applicationPasswords.ofUser(ADA)).map(({ lastUsedAt }) => lastUsedAt),
      [AT + 2, undefined],
    )
    assert.equal(await applicationPasswords.remove(BOB, idOf(1)), false)
    assert.equal(await applicationPasswords.remove(ADA, idOf(1)), true)
    await applicationPasswords.removeOfUser(ADA)
    assert.deepEqual(await applicationPasswords.ofUser(ADA), [])
  })

  test('everything of a user goes to another id, or away', async (t) => {
    const { secondFactors, recoveryCodes, factorHolders, applicationPasswords } = await opened(t, open)
    await secondFactors.add(totp(1))
    await recoveryCodes.replace(ADA, ['a'])
    await factorHolders.countGrace(ADA)
    await applicationPasswords.add({
      ...{ id: idOf(1), userID: ADA, name: 'x', hash: 'h', access: 'use', createdAt: AT },
      ...{ expiresAt: undefined, lastUsedAt: undefined },
    })
    const has = async (userID: typeof ADA) => [
      await secondFactors.hasAny(userID),
      await recoveryCodes.left(userID),
      await factorHolders.graceUsed(userID),
      (await applicationPasswords.ofUser(userID)).length,
    ]
    await factorHolders.reassign(ADA, BOB)
    assert.deepEqual(
      [await has(ADA), await has(BOB)],
      [
        [false, 0, 0, 0],
        [true, 1, 1, 1],
      ],
    )
    await factorHolders.removeOfUser(BOB)
    assert.deepEqual(await has(BOB), [false, 0, 0, 0])
  })

  test('a challenge is spent once', async (t) => {
    const { spentChallenges } = await opened(t, open)
    const spent = await Promise.all([1, 2, 3].map(() => spentChallenges.spend('hash', AT)))
    assert.equal(spent.filter(Boolean).length, 1)
    await spentChallenges.removeBefore(AT)
    assert.equal(await spentChallenges.spend('hash', AT), false)
    await spentChallenges.removeBefore(AT + 1)
    assert.equal(await spentChallenges.spend('hash', AT), true)
  })

  test('the policy of an organization is set, replaced and removed', async (t) => {
    const { secondFactorPolicies } = await opened(t, open)
    assert.equal((await secondFactorPolicies.ofOrganizations([])).size, 0)
    await secondFactorPolicies.set(ADA, 'owners')
    await secondFactorPolicies.set(ADA, 'members')
    await secondFactorPolicies.set(BOB, 'nobody')
    const found = await secondFactorPolicies.ofOrganizations([ADA, BOB, EVE])
    assert.deepEqual([...found].toSorted(), [
      [ADA, 'members'],
      [BOB, 'nobody'],
    ])
    await secondFactorPolicies.remove(ADA)
    assert.equal((await secondFactorPolicies.ofOrganizations([ADA])).size, 0)
  })

  test('the key of the seal stays, and is not that of sessions', async (t) => {
    const { secondFactorKey, sessionKey } = await opened(t, open)
    const key = Buffer.from(await secondFactorKey.get())
    assert.equal(key.length, 32)
    assert.deepEqual(Buffer.from(await secondFactorKey.get()), key)
    assert.notDeepEqual(Buffer.from(await sessionKey.get()), key)
  })
}
