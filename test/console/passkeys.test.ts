/** Passkeys in the console, with the virtual authenticators of Chromium. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { violationsOn } from './violations.ts'
import { plugIn, U2F } from './virtual-authenticator.ts'
import { type ConsoleWorld, PASSWORD, settled, signInOn, startConsole, type Visit } from './world.ts'

describe('passkeys', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let origin: string
  let moved = 0
  before(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    const bound = ['--http-bind-address', `127.0.0.1:${port}`, '--public-url', origin]
    const other = ['--allowed-origins', `http://127.0.0.1:${port}`]
    const flags = [...bound, ...other, '--second-factor', 'offered', '--session-length', '1h']
    world = await startConsole(flags, { now: () => Date.now() + moved })
  })
  after(() => world?.stop())

  const signedIn = (name: string, path: string): Promise<Visit> =>
    world.visitAs(name, PASSWORD, path, { baseURL: origin, bypassCSP: true })

  async function add(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('button', { name: 'Continue' }).click()
  }

  async function keepCodes(page: Page): Promise<string[]> {
    const listed = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await listed.first().waitFor()
    const codes = await listed.allTextContents()
    await page.getByLabel("I've saved these codes").check()
    await page.getByRole('button', { name: 'Continue' }).click()
    return codes
  }

  async function signOut(page: Page): Promise<void> {
    await page.context().clearCookies()
    await page.goto('/signin')
    await page.getByLabel('User name').waitFor()
  }

  const use = (page: Page) => page.getByRole('button', { name: 'Use a passkey' }).click()
  const inside = (page: Page) => page.waitForURL((url) => !url.pathname.endsWith('/signin'))

  test('are added, sign in alone and beside the password, and are removed', async () => {
    await world.addUser('bob')
    const { page, complaints, close } = await signedIn('bob', '/account/second-factors')
    const device = await plugIn(page)
    await page.getByText('You have no second factor yet.').waitFor()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await settled(page)
    assert.deepEqual(await violationsOn(page), [])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await add(page, 'laptop')
    assert.equal((await keepCodes(page)).length, 10)
    await page.getByText('Passkey · added').waitFor()
    const [made, ...others] = await device.credentials()
    assert.deepEqual([made?.rpId, made?.isResidentCredential, others.length], ['localhost', true, 0])

    await signOut(page)
    assert.deepEqual(await violationsOn(page), [])
    await use(page)
    await inside(page)
    await page.goto('/account/second-factors')
    await page.getByText('last used').waitFor()

    await signOut(page)
    await page.getByLabel('User name').fill('bob')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Use your passkey. Or: Enter a recovery code.').waitFor()
    assert.deepEqual(await violationsOn(page), [])
    await use(page)
    await inside(page)

    // The same device is not taken twice.
    await page.goto('/account/second-factors')
    await add(page, 'again')
    await page.getByRole('alert').getByText('This device already has a passkey').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()

    // A sign-in that is too old is repeated by the passkey.
    moved += 11 * 60_000
    await page.getByRole('button', { name: 'Remove laptop' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await use(page)
    await page.getByText('You have no second factor yet.').waitFor()
    assert.deepEqual(complaints, [])

    await signOut(page)
    await use(page)
    await page.getByRole('alert').getByText('This passkey cannot be used here').waitFor()
    await close()
  })

  test('of a security key without PIN are a second factor only', async () => {
    await world.addUser('cai')
    const { page, close } = await signedIn('cai', '/account/second-factors')
    await plugIn(page, U2F)
    await add(page, 'key')
    await keepCodes(page)
    await signOut(page)
    await page.getByLabel('User name').fill('cai')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await use(page)
    await inside(page)
    await close()
  })

  test('that cannot verify their user say so, and the password still works', async () => {
    await world.addUser('dan')
    const { page, close } = await signedIn('dan', '/account/second-factors')
    const device = await plugIn(page)
    await add(page, 'laptop')
    const codes = await keepCodes(page)
    await signOut(page)
    await device.verify(false)
    await use(page)
    await page.getByRole('alert').getByText('No passkey was used.').waitFor()
    await page.getByLabel('User name').fill('dan')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code').fill(codes[0] ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await inside(page)
    await close()
  })

  test('of another user leave the page of the first one', async () => {
    const { page, close } = await world.visit('/signin', { baseURL: origin })
    await world.addUser('eve')
    await plugIn(page)
    await signInOn(page, 'eve', PASSWORD)
    await page.goto('/account/second-factors')
    await add(page, 'laptop')
    await keepCodes(page)
    await signOut(page)
    await signInOn(page, 'ada', PASSWORD)
    await page.goto('/account/second-factors')
    moved += 11 * 60_000
    await page.getByRole('button', { name: 'Add an authenticator app' }).click()
    await use(page)
    await page.waitForURL((url) => url.pathname === '/account/permissions')
    await page.getByText('eve').first().waitFor()
    await close()
  })

  test('work at one address only, which the page names', async () => {
    await world.addUser('fay')
    const { page, close } = await world.visitAs('fay', PASSWORD, '/account/second-factors')
    await page.getByText(`Passkeys work only at ${origin}.`).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
    await page.context().clearCookies()
    await page.goto('/signin')
    await page.getByLabel('User name').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Use a passkey' }).count(), 0)
    await close()
  })
})

test('a required second factor may be a passkey', { skip: withoutBrowser }, async () => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const world = await startConsole([
    ...['--http-bind-address', `127.0.0.1:${port}`, '--public-url', origin, '--second-factor', 'all'],
  ])
  try {
    await world.addUser('bob')
    const { page, complaints, close } = await world.visit('/signin', { baseURL: origin, bypassCSP: true })
    await plugIn(page)
    await signInOn(page, 'bob', PASSWORD)
    await page.waitForURL('**/enrol')
    await page.getByRole('button', { name: 'Use a passkey instead' }).click()
    assert.deepEqual(await violationsOn(page), [])
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel("I've saved these codes").check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('link', { name: 'Organizations' }).waitFor()
    assert.deepEqual(complaints, [])
    await close()
  } finally {
    await world.stop()
  }
})
