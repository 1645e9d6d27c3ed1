/** What operators see of the whole server and do about it: overview, live sessions, throttling, InfluxDB's state. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { basic, send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole, until } from './world.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const DAY_MS = 86_400_000

describe('an operator', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let bob: string
  before(async () => {
    world = await startConsole(['--guess-pair-free', '2'], { hasUpstream: true })
    bob = await world.addUser('bob')
    await world.addUser('carol')
  })
  after(() => world?.stop())

  const enter = (name: string, password: string) =>
    send(world.server.url, {
      ...{ method: 'POST', path: '/api/v2/signin' },
      headers: { authorization: basic(name, password), 'user-agent': FIREFOX },
    })

  test('follows the figures of the overview to what they count', async () => {
    const { orgID, bucketID } = world.server
    const permissions = [{ action: 'read', resource: { type: 'buckets', id: bucketID, orgID } }]
    const token = { orgID, permissions, description: 'Ends soon' }
    const expiresAt = new Date(Date.now() + 5 * DAY_MS).toISOString()
    await world.server.ask('POST', '/api/v2/authorizations', { ...token, expiresAt })
    await world.server.ask('POST', '/api/v2/authorizations', { ...token, description: 'Stays' })
    const { page, complaints, close } = await world.visitAs()
    await page.getByRole('link', { name: 'Tokens expiring in 30 days 1' }).click()
    await page.getByRole('link', { name: 'Ends soon' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'Stays' }).count(), 0)
    await page.goBack()
    await page.getByRole('link', { name: /^Tokens never used/ }).click()
    await page.getByRole('link', { name: 'Stays' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: /^Live sessions/ }).click()
    await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })

  test('releases a throttled user, who can then sign in', async () => {
    for (const _ of [1, 2]) assert.equal((await enter('bob', 'wrong')).status, 401)
    assert.equal((await enter('bob', PASSWORD)).status, 429)
    const { page, close } = await world.visitAs()
    const throttled = page.locator('#throttled').getByRole('listitem').filter({ hasText: 'bob' })
    await throttled.getByText('one user from one address').waitFor()
    await throttled.getByText(/^\d+ (second|minute)s? left$/).waitFor()
    assert.equal(await throttled.getByRole('link', { name: 'bob' }).getAttribute('href'), `/people/${bob}`)
    await page.getByRole('row', { name: 'bob 3' }).getByRole('link', { name: 'Audit log of bob' }).waitFor()
    await throttled.getByRole('button', { name: 'Release bob' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Release', exact: true }).click()
    await page.getByText('bob was released').waitFor()
    await page.getByText('Nobody is throttled right now.').waitFor()
    assert.equal((await enter('bob', PASSWORD)).status, 204)
    await page.goto('/audit')
    await page.getByRole('row', { name: /ada released bob ?, who was throttled at 127\.0\.0\.1/ }).waitFor()
    await close()
  })

  test("finds, pages and ends other users' sessions", async () => {
    for (let count = 0; count < 30; count += 1) await enter('carol', PASSWORD)
    const { page, context, close } = await world.visitAs('ada', PASSWORD, '/sessions')
    await page.getByText('This session').waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.waitForURL('**/sessions?page=2')
    await page.reload()
    await page.getByText(/^26–/).waitFor()
    await page.getByRole('searchbox').fill('carol')
    await page.waitForURL('**/sessions?search=carol')
    await page.getByText('1–25 of 30').waitFor()
    assert.equal(await page.getByRole('row', { name: 'bob' }).count(), 0)
    await page.getByRole('row', { name: 'carol Firefox 140' }).first().waitFor()
    const actions = page.getByRole('button', { name: 'Actions for the session of carol' }).first()
    await actions.click()
    await page.getByRole('menuitem', { name: 'End session', exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click()
    await page.getByText('1–25 of 29').waitFor()
    await actions.click()
    await page.getByRole('menuitem', { name: 'End all sessions of carol' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'End all sessions' }).click()
    await page.getByText('No live session matches “carol”.').waitFor()
    // One's own session is ended by signing out.
    await page.getByRole('searchbox').fill('ada')
    const own = page.getByRole('row', { name: 'This session' })
    await own.getByRole('button').click()
    await page.getByRole('menuitem', { name: 'Audit log' }).waitFor()
    assert.equal(await page.getByRole('menuitem', { name: 'End session' }).count(), 0)
    await context.close()
    await close()
  })

  test('sees what differs from InfluxDB, and what a repair would do before it does it', async () => {
    const { upstream } = world
    assert.ok(upstream)
    const headers = {
      authorization: `Token ${upstream.argv.at(-1)}`,
      'content-type': 'application/json',
    }
    const made = await send(upstream.url, {
      ...{ method: 'POST', path: '/api/v2/users', headers },
      body: JSON.stringify({ name: 'made there' }),
    })
    assert.equal(made.status, 201, made.text)
    const { page, close } = await world.visitAs('ada', PASSWORD, '/upstream')
    const difference = page.getByRole('row', { name: 'made there' })
    await difference.getByText('Only in InfluxDB').waitFor()
    await difference.getByText('Missing').waitFor()
    await page.getByRole('button', { name: 'Repair' }).click()
    const dialog = page.getByRole('dialog')
    const listed = dialog.getByRole('listitem').filter({ hasText: 'made there' })
    // With Sluice's records, InfluxDB's user would be deleted, which has to be asked for.
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.getByRole('heading', { name: 'These records stay as they are' }).waitFor()
    await listed.waitFor()
    await dialog.getByRole('button', { name: 'Back' }).click()
    await dialog.getByLabel('Also delete users, organizations and buckets').check()
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await listed.getByText('Delete from InfluxDB').waitFor()
    const apply = dialog.getByRole('button', { name: /^Apply/ })
    assert.equal(await apply.isDisabled(), true)
    await dialog.getByRole('button', { name: 'Back' }).click()
    await dialog.getByLabel('Also delete users, organizations and buckets').uncheck()
    await dialog.getByLabel('Those in InfluxDB').check()
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await listed.getByText('Add to Sluice').waitFor()
    await apply.click()
    await page.getByText('Repair finished').waitFor()
    await page.getByText('No differences').waitFor()
    const { json } = await world.server.ask('GET', '/api/v2/users?search=made')
    assert.equal(json.users.length, 1)
    await close()
  })

  /** Whether requests fail is decided in the browser here, so that they succeed as soon as the test says so. */
  async function failedPage() {
    const visit = await world.visitAs()
    const { page } = visit
    await settled(page)
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await page.route('**/*', (route) => route.abort('internetdisconnected'))
    await page.getByRole('link', { name: 'Organizations', exact: true }).click()
    await page.getByText('The server cannot be reached.').waitFor()
    return visit
  }
  const failure = (page: Page) => page.getByRole('heading', { name: 'This page could not be shown' })
  const loaded = (page: Page) => page.getByRole('heading', { name: 'Organizations', level: 1 }).waitFor()
  /** Requests succeed again, and what is done then loads the page, whose clock runs only after that. */
  async function reloadedBy(page: Page, act: () => Promise<unknown>): Promise<void> {
    await page.unroute('**/*')
    await Promise.all([page.waitForEvent('domcontentloaded'), act()])
    await page.clock.resume()
    await loaded(page)
  }

  test('sees a message in the frame if a page cannot be loaded, and the page by "Try again"', async () => {
    const { page, close } = await failedPage()
    await failure(page).waitFor()
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    const tryAgain = page.getByRole('button', { name: 'Try again' })
    const tried = page.waitForEvent('requestfailed')
    await tryAgain.click()
    await tried
    await failure(page).waitFor()
    await reloadedBy(page, () => tryAgain.click())
    await close()
  })

  test('sees the page as soon as the browser is online, or a little later without a word of it', async () => {
    for (const recover of [
      (page: Page) => page.evaluate('dispatchEvent(new Event("online"))'),
      (page: Page) => page.clock.runFor(5_000),
    ]) {
      const { page, close } = await failedPage()
      const tried = page.waitForEvent('requestfailed')
      await recover(page)
      await tried
      await failure(page).waitFor()
      await reloadedBy(page, () => recover(page))
      await close()
    }
  })

  test('sees the page by itself after the network was away', async () => {
    const { page, context, close } = await world.visitAs()
    await settled(page)
    await context.setOffline(true)
    await page.getByRole('link', { name: 'Organizations', exact: true }).click()
    await failure(page).waitFor()
    await context.setOffline(false)
    await loaded(page)
    await close()
  })

  test('keeps the navigation on a page that does not exist', async () => {
    const { page, close } = await world.visitAs()
    await page.goto('/nowhere/at/all')
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.getByRole('link', { name: 'People', exact: true }).click()
    await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
    await close()
  })

  test('folds the filters of the audit log on a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 } }
    const { page, close } = await world.visitAs('ada', PASSWORD, '/audit', phone)
    await settled(page)
    const outcome = page.getByLabel('Outcome')
    assert.equal(await outcome.isVisible(), false)
    await page.getByRole('button', { name: 'Filters', exact: true }).click()
    await outcome.selectOption('refused')
    await page.getByRole('button', { name: 'Filters (1)' }).waitFor()
    await page.waitForURL('**/audit?outcome=refused')
    await close()
  })
})

/** Resolves once the page after sign-in is there: until it has loaded, the sign-in page stays. */
async function inFrame(page: Page): Promise<void> {
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Search/ })
    .waitFor()
  await settled(page)
}

describe('searching everything', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole()
    const { ask, orgID } = world.server
    for (const [name, role] of [
      ['olga owner', 'owners'],
      ['max member', 'members'],
    ] as const) {
      await ask('POST', `/api/v2/orgs/${orgID}/${role}`, { id: await world.addUser(name) })
    }
    await world.addUser('lone user')
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    await ask('POST', '/api/v2/authorizations', { orgID, permissions, description: 'Telegraf on web-1' })
  })
  after(() => world?.stop())

  test('finds users, organizations, tokens, pages and actions by keyboard, for an operator', async () => {
    const { page, complaints, close } = await world.visitAs()
    await inFrame(page)
    const { keyboard } = page
    const find = page.getByRole('combobox', { name: 'Search everything' })
    const option = (name: string) => page.getByRole('option', { name })
    for (const [keys, text, name, url] of [
      ['Control+k', 'olga', 'olga owner', '**/people/*'],
      ['Meta+k', 'analyt', 'analytics', '**/organizations/*'],
      ['Control+k', 'web-1', 'Telegraf on web-1', '**/tokens/*'],
      ['Control+k', 'sessi', 'Sessions', '**/sessions'],
      ['Control+k', 'new tok', 'New token', '**/tokens/new'],
    ] as const) {
      await keyboard.press(keys)
      await find.fill(text)
      await option(name).first().waitFor()
      await until(page, async () => (await option(name).first().getAttribute('data-active-item')) !== null)
      await keyboard.press('Enter')
      await page.waitForURL(url)
      await find.waitFor({ state: 'hidden' })
    }
    await keyboard.press('Control+k')
    await find.fill('theme: dark')
    await option('Theme: dark').waitFor()
    await keyboard.press('Enter')
    await until(page, async () => (await page.locator('html').getAttribute('data-scheme')) === 'dark')
    await keyboard.press('Control+k')
    await find.fill('nothing has this name')
    await page.getByText('Nothing found for “nothing has this name”.').waitFor()
    await keyboard.press('Escape')
    await find.waitFor({ state: 'hidden' })
    assert.deepEqual(complaints, [])
    await close()
  })

  test('is opened by a button, which has the focus again afterwards', async () => {
    const { page, close } = await world.visitAs()
    const button = page.getByRole('button', { name: /^Search/ })
    await button.click()
    await page.getByRole('combobox', { name: 'Search everything' }).waitFor()
    assert.equal(await page.locator('main[inert]').count(), 1)
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Search everything' }).waitFor({ state: 'hidden' })
    await until(page, async () =>
      button.evaluate((element) => element === element.ownerDocument.activeElement),
    )
    await close()
  })

  for (const [name, offered, withheld] of [
    ['olga owner', ['Audit log', 'Tokens', 'New token'], ['People', 'Overview', 'Sessions', 'InfluxDB']],
    ['max member', ['Tokens', 'Account'], ['Audit log', 'People', 'Overview', 'New token']],
    ['lone user', ['Account', 'Sign out'], ['Audit log', 'People', 'Overview', 'New token']],
  ] as const) {
    test(`offers the ${name} only what they may open`, async () => {
      const { page, close } = await world.visitAs(name)
      await inFrame(page)
      await page.keyboard.press('Control+k')
      const option = (label: string) => page.getByRole('option', { name: label, exact: true })
      for (const label of offered) await option(label).first().waitFor()
      for (const label of withheld) assert.equal(await option(label).count(), 0, label)
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await page.getByRole('combobox', { name: 'Search everything' }).fill('ada')
      await until(page, async () => asked.includes('/api/v2/authorizations'))
      assert.ok(!asked.includes('/api/v2/users'), 'only operators search users')
      await close()
    })
  }

  test('/ focuses the search of a page, ? shows the keys, which can be switched off', async () => {
    const { page, close } = await world.visitAs('ada', PASSWORD, '/people')
    await inFrame(page)
    const { keyboard } = page
    const search = page.getByRole('searchbox')
    const hasFocus = () => search.evaluate((element) => element === element.ownerDocument.activeElement)
    await keyboard.press('/')
    await until(page, hasFocus)
    await keyboard.type('a/b?')
    assert.equal(await search.inputValue(), 'a/b?')
    await page.getByRole('heading', { level: 1 }).click()
    await keyboard.press('?')
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
    await page.getByLabel('Use the shortcuts / and ?').uncheck()
    await keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('heading', { level: 1 }).click()
    await keyboard.press('/')
    await page.waitForTimeout(100)
    assert.equal(await hasFocus(), false)
    await keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search everything' }).waitFor()
    await close()
  })
})
