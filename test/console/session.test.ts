/** A session that expires or is ended elsewhere while its user works. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withoutBrowser } from '../support/browser.ts'
import { type ConsoleWorld, PASSWORD, signInOn, startConsole, until } from './world.ts'

/** Longer than the interval at which the console checks its session. */
const NOTICED_MS = 25_000

describe('a session', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let moved = 0
  before(async () => {
    world = await startConsole(['--session-fresh-length', '10m'], { now: () => Date.now() + moved })
    await world.addUser('bob')
  })
  after(() => world?.stop())

  test('ended in another browser is reported, and typed text is still there after signing in again', async () => {
    const [here, there] = [
      await world.visitAs('bob'),
      await world.visitAs('bob', PASSWORD, '/account/sessions'),
    ]
    await here.page.goto('/account')
    await here.page.getByLabel('New password').fill('typed before it ended')
    await there.page.getByRole('button', { name: 'End all others' }).click()
    await there.page.getByRole('alertdialog').getByRole('button', { name: 'End all others' }).click()
    await there.page.getByText('You are not signed in anywhere else.').waitFor()
    const dialog = here.page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.waitFor({ timeout: NOTICED_MS })
    await here.page.keyboard.press('Escape')
    await dialog.getByLabel('Password', { exact: true }).fill('not it')
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await dialog.getByText('Wrong user name or password.').waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    assert.equal(await here.page.getByLabel('New password').inputValue(), 'typed before it ended')
    await Promise.all([here.close(), there.close()])
  })

  test('ended during a save: the change is saved after signing in again', async () => {
    const { page, close } = await world.visitAs('ada', PASSWORD, '/organizations')
    await page.getByRole('button', { name: 'New organization' }).click()
    await page.getByLabel('Name').fill('saved after all')
    await world.server.ask('DELETE', `/api/v2/users/${world.server.userID}/sessions`)
    await page.getByRole('dialog').getByRole('button', { name: 'Create organization' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.waitFor()
    // Neither the topmost dialog, which requires an answer, nor the one below it closes.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.mouse.click(5, 5)
    assert.equal(await page.locator('.dialog').count(), 2)
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'saved after all', level: 1 }).waitFor()
    await close()
  })

  test('warns a minute before it expires, and one click extends it; viewing does not', async () => {
    const { page, close } = await world.visitAs('bob', PASSWORD, '/account')
    moved += 9 * 60_000 + 15_000
    const warning = page.getByText('Your session is about to end')
    // The warning can be reached while a dialog is open.
    await page.getByRole('button', { name: 'Rename' }).click()
    await warning.waitFor({ timeout: NOTICED_MS })
    await page.getByRole('button', { name: 'Stay signed in' }).click()
    await warning.waitFor({ state: 'hidden' })
    await page.getByRole('dialog').getByLabel('Name').fill('typed in a dialog')
    await page.keyboard.press('Escape')
    moved += 9 * 60_000 + 15_000
    await warning.waitFor({ timeout: NOTICED_MS })
    moved += 60_000
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor({ timeout: NOTICED_MS })
    await close()
  })

  test('too old for a powerful action asks for the password, and then does the action', async () => {
    const id = await world.addUser('carol')
    const { page, close } = await world.visitAs('ada', PASSWORD, `/people/${id}`)
    await page.getByRole('button', { name: 'Reset password' }).waitFor()
    moved += 6 * 60_000
    await page.reload()
    await page.getByRole('button', { name: 'Reset password' }).waitFor()
    moved += 5 * 60_000
    await page.getByRole('button', { name: 'Reset password' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset password' }).click()
    const dialog = page.getByRole('dialog', { name: "Confirm it's you" })
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.locator('[data-secret]').waitFor()
    await close()
  })

  test('of another user, started in another tab, restarts the page as that user', async () => {
    const { page, context, close } = await world.visitAs('ada', PASSWORD, '/tokens')
    await page.getByRole('link', { name: "ada's Token", exact: true }).waitFor()
    const other = await context.newPage()
    await other.goto('/signin')
    await signInOn(other, 'bob', PASSWORD)
    await page.getByRole('button', { name: 'Account: bob' }).waitFor({ timeout: NOTICED_MS })
    assert.equal(await page.getByText("ada's Token").count(), 0)
    await close()
  })

  test('is not extended by the live log, even when the log has to load a new name', async () => {
    await world.addUser('dora')
    const { page, close } = await world.visitAs('ada', PASSWORD, '/audit')
    await page.getByRole('switch', { name: 'Live' }).check({ force: true })
    await page.waitForTimeout(500)
    const kept: string[] = []
    page.on('request', (request) => {
      if (!request.headers()['x-sluice-background']) kept.push(request.url())
    })
    await world.server.signIn('dora', PASSWORD)
    await page.getByRole('row', { name: /dora signed in/ }).waitFor()
    assert.deepEqual(kept, [])
    await close()
  })

  test('that could not be ended stays, and the page says so', async () => {
    const { page, context, complaints, close } = await world.visitAs('bob', PASSWORD, '/account')
    await page.getByRole('button', { name: 'Account: bob' }).click()
    await context.setOffline(true)
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByText(/^You are still signed in/).waitFor()
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Account: bob' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/signin?out=1')
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in to Sluice' }).waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })

  test('is ended by its row in the list', async () => {
    const [here, there] = [
      await world.visitAs('bob', PASSWORD, '/account/sessions'),
      await world.visitAs('bob'),
    ]
    await here.page.reload()
    const others = here.page.getByRole('button', { name: 'End session' })
    const before = await others
      .first()
      .waitFor()
      .then(() => others.count())
    await others.first().click()
    await here.page.getByText('Ended', { exact: true }).waitFor()
    await until(here.page, async () => (await others.count()) === before - 1)
    await there.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor({ timeout: NOTICED_MS })
    await Promise.all([here.close(), there.close()])
  })
})
