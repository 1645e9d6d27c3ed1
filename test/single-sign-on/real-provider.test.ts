/** oidc-provider as the provider, driven in Chromium: signing in, signing out there, and being signed out from there. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { violationsOn } from '../console/violations.ts'
import { type ConsoleWorld, startConsole } from '../console/world.ts'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../support/oidc/issuer.ts'
import { fillInProvider, type RealProvider, startRealProvider } from '../support/oidc/real-provider.ts'

describe('a real provider in the browser', { skip: withoutBrowser }, () => {
  let provider: RealProvider
  let world: ConsoleWorld
  before(async () => {
    const port = await freePort()
    const publicUrl = `http://127.0.0.1:${port}`
    provider = await startRealProvider(publicUrl)
    provider.people.set('grace', { preferred_username: 'grace', groups: ['dev'] })
    world = await startConsole([
      ...['--http-bind-address', `127.0.0.1:${port}`, '--public-url', publicUrl],
      ...['--oidc-issuer', provider.url, '--oidc-name', 'corp', '--oidc-label', 'Corp'],
      ...['--oidc-client-id', CLIENT_ID, '--oidc-client-secret', CLIENT_SECRET],
      ...['--oidc-group-roles', 'dev=analytics:owner', '--oidc-logout', 'provider'],
    ])
  })
  after(async () => {
    await world?.stop()
    await provider?.stop()
  })

  async function signInThere(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: 'Sign in with Corp' }).click()
    await fillInProvider(page, name)
  }

  test('signs in, keeps the strict cookie, and returns to the page that was asked for', async () => {
    const { page, context, complaints, close } = await world.visit('/tokens', { bypassCSP: true })
    await page.getByRole('button', { name: 'Sign in with Corp' }).waitFor()
    assert.deepEqual(await violationsOn(page), [])
    await signInThere(page, 'grace')
    await page.waitForURL(/127\.0\.0\.1.*\/tokens/)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    const cookies = await context.cookies(`${world.server.url}/api/v2/signin/oidc/corp/callback`)
    const session = cookies.find(({ name }) => name === 'influxdb-oss-session')
    assert.equal(session?.sameSite, 'Strict')
    assert.equal(
      cookies.some(({ name }) => name.includes('-flow-')),
      false,
    )
    assert.deepEqual(complaints, [])
    await close()
  })

  test('signs out there too, and does not sign in again by itself', async () => {
    const { page, close } = await world.visit('/')
    await signInThere(page, 'grace')
    await page.getByRole('button', { name: 'Account: grace' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(/localhost.*\/session\/end/)
    await page.getByRole('button', { name: /yes/i }).click()
    await page.waitForURL(/127\.0\.0\.1.*\/signin\?out=/)
    await page.getByRole('button', { name: 'Sign in with Corp' }).waitFor()
    await close()
  })

  test('is signed out here once the person signs out there', async () => {
    const { page, context, close } = await world.visit('/')
    await signInThere(page, 'grace')
    await page.getByRole('button', { name: 'Account: grace' }).waitFor()
    await page.goto(`${provider.url}/session/end`)
    await page.getByRole('button', { name: /yes/i }).click()
    await page.getByText(/sign-out success/i).waitFor()
    const me = await context.request.get(`${world.server.url}/api/v2/me`)
    assert.equal(me.status(), 401)
    const ended = (await world.server.ask('GET', '/api/v2/audit?event=session.end')).json.events
    assert.equal(ended[0]?.actor.userName, 'corp (signed out at the provider)')
    await close()
  })
})
