/** Which form for a password the sign-in page shows, by the settings. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { violationsOn } from './violations.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole } from './world.ts'

/** No provider answers there; the page only offers it. */
const PROVIDER = [
  ...['--oidc-issuer', 'http://127.0.0.1:9', '--oidc-label', 'Corp'],
  ...['--oidc-client-id', 'sluice', '--oidc-sign-up=false'],
]
const DIRECTORY = ['--ldap-urls', 'ldap://127.0.0.1:9', '--ldap-start-tls=false', '--ldap-base-dn', 'dc=corp']

describe('the form for a password', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole()
  })
  after(() => world?.stop())

  async function withSettings(
    argv: readonly string[],
    act: (visit: ConsoleWorld['visit']) => Promise<void>,
  ): Promise<void> {
    const address = `127.0.0.1:${await freePort()}`
    const own = ['--http-bind-address', address, '--public-url', `http://${address}`]
    const server = await world.restarted([...own, ...argv])
    await act(server.visit).finally(() => server.stop())
  }

  test('is missing if nobody may sign in by one, but not to whoever asks for it', () =>
    withSettings([...PROVIDER, '--local-sign-in', 'none'], async (visit) => {
      const { page, complaints, close } = await visit('/signin', { bypassCSP: true })
      await page.getByRole('button', { name: 'Sign in with Corp' }).waitFor()
      await settled(page)
      assert.equal(await page.locator('input').count(), 0)
      assert.equal(await page.getByText('Forgot your password?').count(), 0)
      assert.equal(await page.getByText('or with a password').count(), 0)
      assert.deepEqual(await violationsOn(page), [])
      await page.goto('/?local')
      await page.waitForURL(/\/signin\?.*local/)
      await page.getByLabel('User name').fill('ada')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByText('your password does not sign in here').waitFor()
      await page.goto('/signin?step=second-factor&factors=totp')
      await page.locator('input').first().waitFor()
      assert.deepEqual(complaints, [])
      await close()
    }))

  test('is behind a click if only some may', () =>
    withSettings([...PROVIDER, '--local-sign-in', 'operators'], async (visit) => {
      const { page, complaints, close } = await visit('/signin', { bypassCSP: true })
      await page.getByRole('button', { name: 'Sign in with Corp' }).waitFor()
      assert.equal(await page.getByLabel('User name').isVisible(), false)
      await page.getByText('Sign in with a password').click()
      await settled(page)
      assert.deepEqual(await violationsOn(page), [])
      await page.getByLabel('User name').fill('ada')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      assert.deepEqual(complaints, [])
      await close()
    }))

  test('stays where a directory has passwords, and where there is no provider', async () => {
    for (const argv of [
      [...PROVIDER, ...DIRECTORY, '--ldap-sign-up=false', '--local-sign-in', 'none'],
      ['--local-sign-in', 'none'],
      PROVIDER,
    ]) {
      await withSettings(argv, async (visit) => {
        const { page, close } = await visit('/signin')
        await page.getByLabel('User name').waitFor()
        assert.equal(await page.getByText('Sign in with a password').count(), 0)
        await close()
      })
    }
  })

  test('is shown if the server does not say', async () => {
    const { page, context, close } = await world.visit('/signin')
    await context.route('**/api/v2/features', (route) => route.fulfill({ status: 500, body: '{}' }))
    await page.reload()
    await page.getByLabel('User name').waitFor()
    await close()
  })
})
