/**
 * `sluice login` as a process, with Chromium as the person's browser and oidc-provider as the provider: on the same
 * machine, and with a code on another.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { violationsOn } from '../console/violations.ts'
import { type ConsoleWorld, PASSWORD, signInOn, startConsole } from '../console/world.ts'
import { beginLogin, machine } from '../process/login-machine.ts'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { send } from '../support/http.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../support/oidc/issuer.ts'
import { type RealProvider, startRealProvider } from '../support/oidc/real-provider.ts'

describe('signing in on the command line', { skip: withoutBrowser }, () => {
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
      ...['--oidc-group-roles', 'dev=analytics:owner'],
    ])
  })
  after(async () => {
    await world?.stop()
    await provider?.stop()
  })

  async function throughProvider(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Sign in with Corp' }).click()
    await page.locator('input[name=login]').fill('grace')
    await page.locator('input[name=password]').fill('any')
    await page.locator('button[type=submit]').click()
  }
  const giveToken = (page: Page) => page.getByRole('button', { name: 'Give it a token' }).click()

  const people = {
    'a user with a password': {
      name: 'ada',
      signIn: (page: Page) => signInOn(page, 'ada', PASSWORD),
      approve: giveToken,
    },
    'a user of the provider': {
      name: 'grace',
      async signIn(page: Page) {
        await throughProvider(page)
        // Once for each client, the provider asks what it may tell.
        await page.getByRole('button', { name: 'Continue' }).click()
      },
      // This provider does not say when the person signed in, so that they do so once more.
      async approve(page: Page) {
        await giveToken(page)
        await throughProvider(page)
        await giveToken(page)
      },
    },
  }

  /** What a token may do, by the commands that use it. */
  async function whoIs(token: string): Promise<string> {
    const headers = { authorization: `Token ${token}` }
    return (await send(world.server.url, { method: 'GET', path: '/api/v2/me', headers })).json.name
  }

  /** No page of the browser's history has the code or the token. */
  async function requireCleanHistory(page: Page, token: string): Promise<void> {
    const devtools = await page.context().newCDPSession(page)
    const { entries } = await devtools.send('Page.getNavigationHistory')
    for (const { url } of entries) {
      assert.ok(!/[?&]code=/.test(url) && !url.includes(token), url)
    }
  }

  for (const [who, { name, signIn, approve }] of Object.entries(people)) {
    test(`on the same machine, ${who}`, async () => {
      const at = machine()
      const host = ['--host', world.server.url]
      const login = beginLogin(['login', ...host], at)
      const { href } = await at.page()
      const { page, complaints, close } = await world.visit(href, { bypassCSP: true })
      await signIn(page)
      await page.getByRole('heading', { name: 'Give this command line a token?' }).waitFor()
      assert.deepEqual(await violationsOn(page), [])
      assert.match(new URL(page.url()).pathname, /^\/command-line$/)
      await approve(page)
      await page.getByText('The command line is signed in').waitFor()
      assert.equal(page.url(), `${world.server.url}/command-line?outcome=done`)
      const { code, err } = await login.ended
      assert.equal(code, 0, err)
      assert.match(err, new RegExp(`as ${name}, for analytics`))
      const token = (await at.run(['login', '--print', ...host])).out.trim()
      assert.equal(await whoIs(token), name)
      await requireCleanHistory(page, token)
      assert.deepEqual(complaints, [])

      // The token is in the list as every other, and can be deleted there.
      await page.goto('/tokens')
      await page
        .getByRole('link', { name: /^sluice login on / })
        .first()
        .click()
      await page.getByRole('heading', { name: /^sluice login on / }).waitFor()
      assert.equal((await at.run(['token', 'list', ...host])).code, 0)
      await close()
    })

    test(`with a code on another machine, ${who}`, async () => {
      const at = machine()
      const host = ['--host', world.server.url]
      const login = beginLogin(['login', '--device', ...host], at)
      const userCode = await login.found(/\n {4}([A-Z]{4}-[A-Z]{4})\n/)
      const { page, complaints, close } = await world.visit('/device', { bypassCSP: true })
      await signIn(page)
      await page.getByLabel('Code').fill('BBBB-BBBB')
      assert.deepEqual(await violationsOn(page), [])
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('This sign-in is over, or the code is wrong').waitFor()
      await page.getByRole('button', { name: 'Type another code' }).click()
      await page.getByLabel('Code').fill(userCode.toLowerCase())
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText(`it shows the code ${userCode}`).waitFor()
      assert.deepEqual(await violationsOn(page), [])
      await approve(page)
      await page.getByText('The command line is signed in').waitFor()
      const { code, err } = await login.ended
      assert.equal(code, 0, err)
      assert.deepEqual(complaints, [])
      const token = (await at.run(['login', '--print', ...host])).out.trim()
      assert.equal(await whoIs(token), name)
      await close()
    })
  }

  test('the person chooses less than they may', async () => {
    const at = machine()
    const host = ['--host', world.server.url]
    const login = beginLogin(['login', ...host], at)
    const { page, close } = await world.visit((await at.page()).href)
    await signInOn(page, 'ada', PASSWORD)
    const reach = page.getByLabel('What it may do')
    assert.equal(await reach.locator('option:checked').textContent(), 'Everything, as an operator')
    await reach.selectOption({ label: 'What you may in analytics' })
    await page.getByLabel('Only read').check()
    await giveToken(page)
    await page.getByText('The command line is signed in').waitFor()
    assert.equal((await login.ended).code, 0)
    assert.equal((await at.run(['org', 'list', ...host])).code, 0)
    assert.match((await at.run(['org', 'create', 'more', ...host])).err, /unauthorized/)
    await close()
  })

  test('a refusal in the browser ends the command, and leaves no token', async () => {
    const at = machine()
    const login = beginLogin(['login', '--host', world.server.url], at)
    const { page, close } = await world.visit((await at.page()).href)
    await signInOn(page, 'ada', PASSWORD)
    await page.getByRole('button', { name: 'Refuse' }).click()
    await page.getByText('The command line is not signed in').waitFor()
    const { code, err } = await login.ended
    assert.equal(code, 1)
    assert.match(err, /refused in the browser/)
    await close()
  })

  test('a link to the page leads nowhere but to a command on this machine', async () => {
    const { page, close } = await world.visitAs('ada', PASSWORD, '/command-line?request=none')
    await page.getByText('This sign-in is over, or the code is wrong').waitFor()
    await page.goto('/command-line')
    await page.getByText('Nothing asks for a token here').waitFor()
    await close()
  })
})
