/** Second factors in the console: enrolment, sign-in, recovery codes, application passwords, and an operator's reset. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { STEP_MS } from '../../src/domain/second-factors/totp.ts'
import { withoutBrowser } from '../support/browser.ts'
import { basic, send } from '../support/http.ts'
import { codeAt, secretOf } from '../support/second-factor.ts'
import { violationsOn } from './violations.ts'
import { type ConsoleWorld, PASSWORD, settled, signInOn, startConsole } from './world.ts'

describe('second factors', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let moved = 0
  const now = () => Date.now() + moved
  before(async () => {
    world = await startConsole(['--second-factor', 'offered', '--session-length', '1h'], { now })
    await world.addUser('bob')
  })
  after(() => world?.stop())

  /** Fills in the dialog or page that shows a secret; returns the secret and the recovery codes. */
  async function enrol(page: Page) {
    const secret = secretOf((await page.locator('[data-secret]').first().textContent()) ?? '')
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    await page.getByLabel('Code shown by the app').fill('000000')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('alert').getByText('The code is wrong').waitFor()
    await page.getByLabel('Code shown by the app').fill(codeAt(secret, now()))
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const listed = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await listed.first().waitFor()
    const codes = await listed.allTextContents()
    assert.equal(codes.length, 10)
    const goOn = page.getByRole('button', { name: 'Continue' })
    assert.equal(await goOn.isDisabled(), true)
    await page.getByLabel("I've saved these codes").check()
    await goOn.click()
    return { secret, codes }
  }

  async function begin(page: Page, name: string) {
    await page.getByLabel('User name').fill(name)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code').waitFor()
  }

  test('are added, asked for at sign-in, and removed', async () => {
    const { page, complaints, close } = await world.visitAs('bob', PASSWORD, '/account/second-factors', {
      bypassCSP: true,
    })
    await page.getByText('You have no second factor yet.').waitFor()
    await page.getByRole('button', { name: 'Add an authenticator app' }).click()
    const { secret, codes } = await enrol(page)
    await page.getByText('Authenticator app · added').waitFor()
    await settled(page)
    assert.deepEqual(await violationsOn(page), [])
    assert.deepEqual(complaints, [])
    await close()

    const again = await world.visit('/signin')
    await begin(again.page, 'bob')
    await again.page.getByLabel('Code').fill('000000')
    await again.page.getByRole('button', { name: 'Sign in' }).click()
    await again.page.getByRole('alert').getByText('The code is wrong').waitFor()
    moved += STEP_MS
    await again.page.getByLabel('Code').fill(codeAt(secret, now()))
    await again.page.getByRole('button', { name: 'Sign in' }).click()
    await again.page.waitForURL((url) => url.pathname !== '/signin')
    await again.page.goto('/account/second-factors')
    await again.page.getByText('10 codes left').waitFor()

    await again.page.getByRole('button', { name: 'Add an application password' }).click()
    await again.page.getByLabel('Client').fill('old client')
    await again.page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
    const password = (await again.page.locator('[data-secret]').textContent()) ?? ''
    await again.page.getByRole('button', { name: 'Done' }).click()
    const headers = { authorization: basic('bob', password) }
    const entered = await send(world.server.url, { method: 'POST', path: '/api/v2/signin', headers })
    assert.equal(entered.status, 204, entered.text)
    await again.page.getByRole('button', { name: 'Delete old client' }).click()
    await again.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await again.page.getByText('You have no application passwords.').waitFor()

    // A sign-in that is too old is repeated in the dialog, with the code.
    moved += 11 * 60_000
    await again.page.getByRole('button', { name: 'Remove Phone' }).click()
    await again.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    const dialog = again.page.getByRole('dialog').filter({ has: again.page.getByLabel('User name') })
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await again.page.getByLabel('Code').fill(codes[0] ?? '')
    await again.page.getByRole('button', { name: 'Sign in' }).click()
    await again.page.getByText('You have no second factor yet.').waitFor()
    assert.deepEqual(again.complaints, [])
    await again.close()
    const plain = await world.visitAs('bob')
    await plain.close()
  })

  test('are found by Ctrl-K', async () => {
    const { page, close } = await world.visitAs('ada')
    // The keys work once the frame of the page is there.
    await page.getByRole('button', { name: /^Search/ }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search everything' }).fill('factors')
    await page.getByRole('option', { name: 'Account: Second factors' }).click()
    await page.waitForURL('**/account/second-factors')
    await close()
  })

  test('of a user are reset by an operator on the page of the user', async () => {
    const id = await world.addUser('cai')
    const own = await world.visitAs('cai', PASSWORD, '/account/second-factors')
    await own.page.getByRole('button', { name: 'Add an authenticator app' }).click()
    await enrol(own.page)
    await own.close()
    const { page, close } = await world.visitAs('ada', PASSWORD, `/people/${id}`)
    await page.getByRole('button', { name: 'Reset second factors' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset second factors' }).click()
    await page.getByText('The second factors were removed.').waitFor()
    await close()
    await (await world.visitAs('cai')).close()
  })

  test('that are required leave nothing but enrolment', async () => {
    await world.addUser('dan')
    const strict = await world.restarted(['--second-factor', 'all'])
    try {
      const { page, complaints, close } = await strict.visit('/signin', { bypassCSP: true })
      await signInOn(page, 'dan', PASSWORD)
      await page.waitForURL('**/enrol')
      await page.getByText('This account must have a second factor.').waitFor()
      assert.deepEqual(await violationsOn(page), [])
      await page.goto('/account')
      await page.waitForURL('**/enrol')
      const secret = secretOf((await page.locator('[data-secret]').first().textContent()) ?? '')
      await page.getByLabel('Code shown by the app').fill(codeAt(secret, Date.now()))
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByLabel("I've saved these codes").check()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('link', { name: 'Organizations' }).waitFor()
      assert.deepEqual(complaints, [])
      await close()
    } finally {
      await strict.stop()
    }
  })
})

test('without the setting the console shows nothing of second factors', {
  skip: withoutBrowser,
}, async () => {
  const world = await startConsole()
  try {
    const { page, close } = await world.visitAs('ada', PASSWORD, '/account')
    await settled(page)
    assert.equal(await page.getByRole('link', { name: 'Second factors' }).count(), 0)
    await close()
  } finally {
    await world.stop()
  }
})
