import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenIdentityStore } from './identity-store.ts'
import { describePages } from './pages.conformance.ts'
import { ALL, AWKWARD_NAMES, idOf, idsOf, MANY, opened, organization, plain } from './records.conformance.ts'

export function describeOrganizationStore(open: OpenIdentityStore): void {
  test('a missing one', async (t) => {
    const { organizations } = await opened(t, open)
    assert.equal(await organizations.byID(idOf(1)), undefined)
    assert.equal(await organizations.byName('org 1'), undefined)
    assert.equal(await organizations.update(organization(1)), false)
    assert.equal(await organizations.remove(idOf(1)), false)
    assert.deepEqual(await organizations.byIDs([]), [])
    assert.deepEqual(await organizations.list(ALL), [])
    assert.equal(await organizations.count(), 0)
  })

  test('a taken name is refused without any change', async (t) => {
    const { organizations } = await opened(t, open)
    assert.equal(await organizations.add(organization(1)), true)
    assert.equal(await organizations.add(organization(2, { name: 'org 1' })), false)
    assert.equal(await organizations.add(organization(2)), true)
    const changed = organization(2, { name: 'org 1', description: 'changed' })
    assert.equal(await organizations.update(changed), false)
    assert.deepEqual(plain(await organizations.byID(idOf(2))), organization(2))
    assert.equal(await organizations.count(), 2)
  })

  test('an update is visible; the creation time stays', async (t) => {
    const { organizations } = await opened(t, open)
    await organizations.add(organization(1))
    const updatedAt = '2027-01-01T00:00:00.000Z'
    const changes = { name: 'renamed', description: 'd\né', updatedAt }
    assert.equal(await organizations.update(organization(1, { ...changes, createdAt: updatedAt })), true)
    assert.deepEqual(plain(await organizations.byName('renamed')), organization(1, changes))
    assert.equal(await organizations.byName('org 1'), undefined)
  })

  test('removing one frees its name, and succeeds once', async (t) => {
    const { organizations } = await opened(t, open)
    await organizations.add(organization(1))
    assert.equal(await organizations.remove(idOf(1)), true)
    assert.equal(await organizations.remove(idOf(1)), false)
    assert.equal(await organizations.add(organization(2, { name: 'org 1' })), true)
    assert.equal(await organizations.count(), 1)
  })

  test('names are returned and found exactly as given', async (t) => {
    const { organizations } = await opened(t, open)
    for (const [index, name] of AWKWARD_NAMES.entries()) {
      assert.equal(await organizations.add(organization(index + 1, { name, description: name })), true)
    }
    for (const [index, name] of AWKWARD_NAMES.entries()) {
      const expected = organization(index + 1, { name, description: name })
      assert.deepEqual(plain(await organizations.byName(name)), expected)
    }
  })

  test('finds the existing ones of many ids', async (t) => {
    const { organizations, transaction } = await opened(t, open)
    const numbers = Array.from({ length: MANY }, (_, index) => index + 1)
    await transaction(async (records) => {
      for (const number of numbers)
        if (number % 3 === 0) await records.organizations.add(organization(number))
    })
    const found = await organizations.byIDs(numbers.map(idOf))
    assert.deepEqual(idsOf(found).toSorted(), numbers.filter((number) => number % 3 === 0).map(idOf))
  })

  describePages(open, ({ organizations }) => ({
    add: (number) => organizations.add(organization(number)),
    list: organizations.list,
  }))
}
