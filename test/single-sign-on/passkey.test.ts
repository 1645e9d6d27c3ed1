/** A passkey of this server as the second factor after oidc-provider as the first, in Chromium. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { plugIn } from '../console/virtual-authenticator.ts'
import { type ConsoleWorld, startConsole } from '../console/world.ts'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../support/oidc/issuer.ts'
import { fillInProvider, type RealProvider, startRealProvider } from '../support/oidc/real-provider.ts'

describe('a passkey after a sign-in through a provider', { skip: withoutBrowser }, () => {
  let provider: RealProvider
  let world: ConsoleWorld
  let origin: string
  before(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    provider = await startRealProvider(origin)
    provider.people.set('grace', { preferred_username: 'grace', groups: ['dev'] })
    world = await startConsole([
      ...['--http-bind-address', `127.0.0.1:${port}`, '--public-url', origin],
      ...['--oidc-issuer', provider.url, '--oidc-name', 'corp', '--oidc-label', 'Corp'],
      ...['--oidc-client-id', CLIENT_ID, '--oidc-client-secret', CLIENT_SECRET],
      ...['--oidc-group-roles', 'dev=analytics:owner'],
      ...['--second-factor', 'all', '--oidc-second-factor', 'local'],
    ])
  })
  after(async () => {
    await world?.stop()
    await provider?.stop()
  })

  /** The session of the page's cookie, as the API lists it. */
  async function sessionOf(page: Page): Promise<{ method: string; level: string }> {
    const listed = await page.context().request.get(`${origin}/api/v2/me/sessions`)
    const { sessions } = await listed.json()
    const { method, level } = sessions.find(({ current }: { current: boolean }) => current)
    return { method, level }
  }

  test('must be enrolled where the policy requires one, is asked for from then on, and the session says so', async () => {
    const { page, complaints, close } = await world.visit('/', { baseURL: origin })
    await plugIn(page)
    await page.getByRole('button', { name: 'Sign in with Corp' }).click()
    await fillInProvider(page, 'grace')
    await page.waitForURL('**/enrol')
    const blocked = await page.context().request.get(`${origin}/api/v2/buckets`)
    assert.equal(blocked.status(), 403)
    // This provider does not say when the person authenticated, and a new factor needs a recent sign-in.
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in with Corp' }).click()
    await page.locator('input[name=login]').fill('grace')
    await page.locator('input[name=password]').fill('any')
    await page.locator('button[type=submit]').click()
    await page.waitForURL('**/enrol')
    await page.getByRole('button', { name: 'Use a passkey instead' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel("I've saved these codes").check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Account: grace' }).waitFor()

    await page.getByRole('button', { name: 'Account: grace' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    // The provider still knows the person, so the click is all that it takes there.
    await page.getByRole('button', { name: 'Sign in with Corp' }).click()
    await page.waitForURL(/step=second-factor/)
    const halfIn = await page.context().request.get(`${origin}/api/v2/me`)
    assert.equal(halfIn.status(), 401)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByRole('button', { name: 'Account: grace' }).waitFor()
    assert.deepEqual(await sessionOf(page), { method: 'oidc', level: 'two-factors' })
    await page.goto('/account/sessions')
    await page.getByText('two factors').first().waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })
})
