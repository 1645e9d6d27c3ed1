/** Identities at providers in the console: an operator links and unlinks one, and sees what a provider gives. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withoutBrowser } from '../support/browser.ts'
import { CORP } from '../support/outside.ts'
import { violationsOn } from './violations.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole } from './world.ts'

describe('identities', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let bob = ''
  before(async () => {
    world = await startConsole()
    bob = await world.addUser('bob')
  })
  after(() => world?.stop())

  test('are linked and unlinked by an operator, who enables tokens again', async () => {
    const { server } = world
    const { page, complaints, close } = await world.visitAs('ada', PASSWORD, `/people/${bob}`, {
      bypassCSP: true,
    })
    await page.getByRole('button', { name: 'Link an identity' }).click()
    await page.getByLabel('Provider').fill('corp')
    await page.getByLabel('Issuer').fill(CORP.issuer)
    await page.getByLabel('Subject').fill('00u1')
    await page.getByRole('dialog').getByRole('button', { name: 'Link an identity' }).click()
    await page.getByText('The identity was linked.').first().waitFor()
    await page.getByText('00u1').waitFor()
    await settled(page)
    assert.deepEqual(await violationsOn(page), [])

    const permissions = [{ action: 'write', resource: { type: 'buckets', orgID: server.orgID } }]
    const made = await server.ask('POST', '/api/v2/authorizations', {
      ...{ orgID: server.orgID, userID: bob, description: 'agent', permissions },
    })
    assert.equal(made.status, 201, made.text)
    await page.getByRole('button', { name: 'Unlink the identity of corp' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Unlink' }).click()
    await page.getByText('The identity was unlinked.').first().waitFor()
    await page.getByText('Token: agent').waitFor()
    await page.getByRole('button', { name: 'Enable again' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Enable again' }).click()
    await page.getByText('1 token was enabled.').first().waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })

  test('what a provider gives says so, and cannot be removed in the console', async () => {
    const { server } = world
    const lab = { resourceType: 'orgs', resourceID: server.orgID, role: 'member', group: 'dev' } as never
    await server.store.memberships.provide(bob as never, CORP, [lab])
    const { page, complaints, close } = await world.visitAs('ada', PASSWORD, `/organizations/${server.orgID}`)
    await page.getByText('from provider corp').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Remove bob' }).count(), 0)
    await page.goto(`/people/${bob}`)
    await page
      .getByText(/Member of .*\(from provider corp, dev\)/)
      .first()
      .waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })
})
