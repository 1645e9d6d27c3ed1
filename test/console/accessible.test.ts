/** Accessibility of every page: WCAG 2.2 AA by axe-core, keyboard only, phone, 200 % zoom, dark mode. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { furnish } from './furnish.ts'
import { PAGES, pathWith } from './pages.ts'
import { violationsInBoth, violationsOn } from './violations.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole, startEmptyConsole, until } from './world.ts'

describe('every page', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let ids: Record<string, string>
  let tokenID: string
  before(async () => {
    world = await startConsole(['--audit-data'], { hasUpstream: true })
    ids = await furnish(world)
    const { json } = await world.server.ask('GET', '/api/v2/authorizations')
    tokenID = json.authorizations.find((each: { description: string }) =>
      /Telegraf/.test(each.description),
    ).id
    await world.server.ask('POST', `/api/v2/authorizations/${tokenID}/rotate`, { graceSeconds: 3600 })
  })
  after(() => world?.stop())

  const idsOf = () => ({ ORG: world.server.orgID, USER: ids.grace ?? '', TOKEN: tokenID })
  const pages = (): string[] =>
    [
      ...PAGES,
      ...['/tokens', '/people', '/organizations/ORG'].map((path) => `${path}?search=none+has+this`),
    ].map((path) => pathWith(path, idsOf()))
  const press = (name: string | RegExp) => (page: Page) =>
    page.getByRole('button', { name, exact: true }).first().click()
  /** Dialogs and menus over a page: how to open each. */
  const overlays: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
    ['/people', press('New user')],
    ['/people', press('Invite')],
    ['/people/USER', press('Password link')],
    ['/people/USER', press('Link an identity')],
    ['/people/USER', press('Add to organization')],
    ['/people/USER', press('Reset password')],
    ['/people/USER', press('Delete user')],
    ['/organizations', press('New organization')],
    ['/organizations/ORG', press('Add member')],
    ['/organizations/ORG/buckets', press('New bucket')],
    ['/organizations/ORG/buckets', press('Actions for engine')],
    ['/organizations/ORG/settings', press('Edit')],
    ['/tokens', press(/^Actions for Nightly/)],
    ['/tokens', removeMany],
    ['/tokens/new', (page) => page.getByLabel(/^Custom/).check()],
    ['/overview', press('End all sessions')],
    ['/account/sessions', press(/^Account: /)],
    ['/tokens', (page) => page.getByRole('checkbox', { name: 'Select Telegraf on web-1' }).check()],
    ['/tokens', (page) => openAction(page, 'Edit')],
    ['/tokens', (page) => openAction(page, 'Rotate')],
    ['/overview', openPalette],
    ['/overview', (page) => page.keyboard.press('?')],
    [
      '/sessions',
      (page) =>
        page
          .getByRole('button', { name: /^Actions for/ })
          .first()
          .click(),
    ],
    ['/account/permissions', (page) => page.locator('.access summary').last().click()],
    ['/audit', (page) => page.getByRole('button', { name: 'Details' }).first().click()],
    ['/audit?event=data.query', (page) => page.getByRole('button', { name: 'Details' }).first().click()],
    [
      '/overview',
      (page) =>
        page
          .getByRole('button', { name: /What's this/ })
          .first()
          .click(),
    ],
  ]

  const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }
  const sizes = Object.entries(SIZES)

  test('has no violation of WCAG 2.2 AA, wide and on a phone, light and dark', async () => {
    const { page, complaints, close } = await world.visitAs('ada', PASSWORD, '/', { bypassCSP: true })
    for (const path of pages()) {
      await page.goto(path)
      await settled(page)
      for (const [size, viewport] of sizes) {
        await page.setViewportSize(viewport)
        assert.deepEqual(await violationsInBoth(page), [], `${path}, ${size}`)
        await fits(page, path)
      }
    }
    assert.deepEqual(complaints, [])
    await close()
  })

  for (const [size, viewport] of sizes) {
    test(`nor have its dialogs and menus: ${size}`, async () => {
      const { page, complaints, close } = await world.visitAs('ada', PASSWORD, '/', {
        ...{ bypassCSP: true, viewport },
      })
      for (const [path, open] of overlays) {
        await page.goto(pathWith(path, idsOf()))
        await settled(page)
        await open(page)
        await page.waitForTimeout(200)
        assert.deepEqual(await violationsInBoth(page), [], `${path}, opened`)
      }
      assert.deepEqual(complaints, [])
      await close()
    })
  }

  test('nor has one for owners, members, and users without an organization', async () => {
    for (const [name, viewport] of [
      ['grace', SIZES.wide],
      ['edsger', SIZES.phone],
      ['donald', SIZES.wide],
    ] as const) {
      const { page, complaints, close } = await world.visitAs(name, PASSWORD, '/', {
        ...{ bypassCSP: true, viewport },
      })
      for (const path of pages()) {
        await page.goto(path)
        await settled(page)
        assert.deepEqual(await violationsInBoth(page), [], `${path} as ${name}`)
        await fits(page, `${path} for ${name}`)
      }
      assert.deepEqual(complaints, [])
      await close()
    }
  })

  test('the signed-out pages have none either: sign-in, refused sign-in, setup', async () => {
    const { page, close } = await world.visit('/signin', { bypassCSP: true })
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    assert.deepEqual(await violationsOn(page), [])
    await close()
    const empty = await startEmptyConsole()
    try {
      const setup = await empty.visit('/setup', { bypassCSP: true })
      await setup.page.getByLabel('User name').waitFor()
      assert.deepEqual(await violationsOn(setup.page), [])
    } finally {
      await empty.stop()
    }
  })

  test('fits at 200 % zoom', async () => {
    // The viewport of a 1280 pixel window at 200 % zoom.
    const { page, close } = await world.visitAs('ada', PASSWORD, '/', {
      viewport: { width: 640, height: 450 },
    })
    for (const path of [...pages(), '/signin', '/signout']) {
      await page.goto(path)
      await settled(page)
      await fits(page, path)
    }
    await close()
  })

  test('works without a mouse: sign in, find a user, end a session, sign out', async () => {
    const { page, close } = await world.visit('/signin')
    const { keyboard } = page
    await page.getByLabel('User name').waitFor()
    await keyboard.type('ada')
    await keyboard.press('Tab')
    await keyboard.type(PASSWORD)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await tabTo(page, 'Skip to content')
    await keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'page')
    await page.goto('/overview')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await tabTo(page, 'People')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'People' }).waitFor()
    await tabTo(page, 'Search by name')
    await keyboard.type('grace')
    await page.getByRole('link', { name: 'ada', exact: true }).waitFor({ state: 'hidden' })
    await tabTo(page, 'grace')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'grace', level: 1 }).waitFor()
    await tabTo(page, 'Delete user')
    await keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor()
    await keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' })
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Delete user')
    await page.goto('/account')
    await page.getByRole('heading', { name: 'Account' }).waitFor()
    await tabTo(page, 'Account: ada')
    await keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Profile' }).waitFor()
    await keyboard.press('End')
    await keyboard.press('Enter')
    await page.waitForURL('**/signin?out=1')
    await close()
  })

  test('returns focus to the opener of a dialog, and Escape closes only the topmost layer', async () => {
    const { page, close } = await world.visitAs('ada', PASSWORD, '/tokens')
    const { keyboard } = page
    const focused = () =>
      page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent')
    const actions = page.getByRole('button', { name: /^Actions for Nightly/ })
    await actions.focus()
    await keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor()
    await keyboard.press('Escape')
    // The list has the same name as its button and may have had focus itself.
    const onButton = "document.activeElement.matches('button[aria-expanded=false]')"
    await until(page, async () => Boolean(await page.evaluate(onButton)))
    assert.match(String(await focused()), /^Actions for Nightly/)
    await keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Delete token' }).waitFor()
    // A menu that is opened right after Escape stays open, also two frames later.
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))',
    )
    await page.getByRole('menuitem', { name: 'Delete token' }).click({ timeout: 5_000 })
    await page.getByRole('alertdialog').waitFor()
    await keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' })
    await until(page, async () => /^Actions for Nightly/.test(String(await focused())))

    await page.goto(`/organizations/${world.server.orgID}`)
    await page.getByRole('button', { name: 'Add member' }).click()
    const picker = page.getByRole('combobox', { name: 'User' })
    await picker.fill('tim')
    await page.getByRole('option', { name: 'tim' }).waitFor()
    await keyboard.press('Escape')
    await page.getByRole('listbox').waitFor({ state: 'hidden' })
    assert.equal(await picker.inputValue(), 'tim')
    // Live announcements, such as that something was copied, also work while a dialog is open.
    assert.equal(await page.locator('[inert] .toasts, .toasts[inert]').count(), 0)
    assert.equal(await page.locator('main[inert]').count(), 1)
    await keyboard.press('Escape')
    await picker.waitFor({ state: 'hidden' })
    await until(page, async () => (await focused()) === 'Add member')
    await close()
  })

  test('is dark if the system is, or if the user chooses it', async () => {
    const background = 'getComputedStyle(document.documentElement).backgroundColor'
    const { page, close } = await world.visit('/signin', { colorScheme: 'dark' })
    const dark = await page.evaluate(background)
    await page.getByLabel('Theme').selectOption('light')
    const light = await page.evaluate(background)
    assert.notEqual(light, dark)
    await page.reload()
    await page.getByLabel('Theme').waitFor()
    assert.equal(await page.evaluate(background), light)
    await close()
  })
})

async function fits(page: Page, what: string): Promise<void> {
  const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  assert.ok(Number(width) <= 0, `${what} is ${width} pixels too wide`)
}

async function openPalette(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Search/ }).click()
  await page.getByRole('combobox', { name: 'Search everything' }).fill('ad')
  await page.getByRole('option', { name: 'ada', exact: true }).waitFor()
}

async function removeMany(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select Telegraf/ }).check()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
}

async function openAction(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Actions for Telegraf/ }).click()
  await page.getByRole('menuitem', { name }).click()
}

/** What is read of the focused element: its label, or its text. */
const FOCUSED = `(() => {
  const element = document.activeElement
  const copy = element.cloneNode(true)
  for (const hidden of copy.querySelectorAll('[aria-hidden="true"]')) hidden.remove()
  return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? copy.textContent
})()`

/** Presses Tab until the element with that name or text has focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate(FOCUSED)) === name) return
  }
  assert.fail(`Tab does not reach ${name}`)
}
