/** Linking and unlinking one's own identity in the console, with oidc-provider as the provider. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { violationsOn } from '../console/violations.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole } from '../console/world.ts'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../support/oidc/issuer.ts'
import { fillInProvider, type RealProvider, startRealProvider } from '../support/oidc/real-provider.ts'

describe('one’s own identity in the console', { skip: withoutBrowser }, () => {
  let provider: RealProvider
  let world: ConsoleWorld
  before(async () => {
    const port = await freePort()
    const publicUrl = `http://127.0.0.1:${port}`
    provider = await startRealProvider(publicUrl)
    for (const name of ['bob', 'grace']) {
      provider.people.set(name, { preferred_username: `${name}-there`, groups: ['dev'] })
    }
    world = await startConsole([
      ...['--http-bind-address', `127.0.0.1:${port}`, '--public-url', publicUrl],
      ...['--oidc-issuer', provider.url, '--oidc-name', 'corp', '--oidc-label', 'Corp'],
      ...['--oidc-client-id', CLIENT_ID, '--oidc-client-secret', CLIENT_SECRET],
      ...['--oidc-group-roles', 'dev=analytics:member'],
    ])
    await world.addUser('bob-here')
    await world.addUser('carl')
  })
  after(async () => {
    await world?.stop()
    await provider?.stop()
  })

  test('is linked at the provider, signs in from then on, and is unlinked', async () => {
    const { page, context, complaints, close } = await world.visitAs('bob-here', PASSWORD, '/account', {
      bypassCSP: true,
    })
    await page.getByRole('button', { name: 'Link your account at Corp' }).click()
    await fillInProvider(page, 'bob')
    await page.waitForURL(/127\.0\.0\.1.*\/account\?linked=corp$/)
    await page.getByText('Your account at Corp is linked.').waitFor()
    await page.getByText('bob-there').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Link your account at Corp' }).count(), 0)
    await settled(page)
    assert.deepEqual(await violationsOn(page), [])

    const byProvider = await world.visit('/account')
    await byProvider.page.getByRole('button', { name: 'Sign in with Corp' }).click()
    await fillInProvider(byProvider.page, 'bob')
    await byProvider.page.getByRole('button', { name: 'Account: bob-here' }).waitFor()
    await byProvider.close()

    await page.getByRole('button', { name: 'Unlink the identity of corp' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Unlink' }).click()
    await page.getByText('The identity was unlinked.').first().waitFor()
    await page.getByRole('button', { name: 'Link your account at Corp' }).waitFor()
    const me = await context.request.get(`${world.server.url}/api/v2/me`)
    assert.equal((await me.json()).name, 'bob-here')
    assert.deepEqual(complaints, [])
    await close()
  })

  test('of another user here is refused, and the page says so', async () => {
    const other = await world.visit('/')
    await other.page.getByRole('button', { name: 'Sign in with Corp' }).click()
    await fillInProvider(other.page, 'grace')
    await other.page.getByRole('button', { name: 'Account: grace-there' }).waitFor()
    await other.close()

    const { page, complaints, close } = await world.visitAs('carl', PASSWORD, '/account')
    await page.getByRole('button', { name: 'Link your account at Corp' }).click()
    await fillInProvider(page, 'grace')
    await page.waitForURL(/problem=identity-taken$/)
    await page.getByText('Your account at the provider belongs to another user here.').waitFor()
    await page.getByRole('button', { name: 'Account: carl' }).waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })
})
