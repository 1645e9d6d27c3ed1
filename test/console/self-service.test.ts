/** Invitations, forgotten passwords and e-mail addresses in the console, with a real SMTP server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { type SmtpServer, startSmtp } from '../support/smtp.ts'
import { violationsOn } from './violations.ts'
import { type ConsoleWorld, PASSWORD, settled, signInOn, startConsole } from './world.ts'

const NEW = 'a fine new horse'
const linkIn = (text: string) => /http:\S+/.exec(text)?.[0] ?? assert.fail(text)
/** As a person opens it: its path and fragment, at this server. */
function pathOf(link: string): string {
  const { pathname, hash } = new URL(link)
  return pathname + hash
}

describe('people help themselves', { skip: withoutBrowser }, () => {
  let smtp: SmtpServer
  let world: ConsoleWorld
  before(async () => {
    smtp = await startSmtp()
    const port = await freePort()
    world = await startConsole([
      ...['--smtp-url', `smtp://127.0.0.1:${smtp.port}`, '--smtp-from', 'sluice@example.com'],
      ...['--http-bind-address', `127.0.0.1:${port}`, '--public-url', `http://127.0.0.1:${port}`],
    ])
  })
  after(async () => {
    await world?.stop()
    await smtp?.stop()
  })

  test('an invitation is made on the page of an organization, accepted once, and revoked', async () => {
    const place = `/organizations/${world.server.orgID}`
    const { page, complaints, close } = await world.visitAs('ada', PASSWORD, place, { bypassCSP: true })
    const invite = async (name?: string) => {
      await page.getByRole('button', { name: 'Invite', exact: true }).click()
      const dialog = page.getByRole('dialog')
      if (name) await dialog.getByLabel('User name').fill(name)
      assert.deepEqual(await violationsOn(page), [])
      await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
      const link = (await page.locator('[data-secret]').textContent()) ?? ''
      await page.getByRole('button', { name: 'Done' }).click()
      return link
    }
    const link = await invite()
    const guest = await world.visit(pathOf(link), { bypassCSP: true })
    await guest.page.getByText('to join the organization analytics as member').waitFor()
    assert.equal(new URL(guest.page.url()).hash, '')
    assert.deepEqual(await violationsOn(guest.page), [])
    await guest.page.getByLabel('User name').fill('kim')
    await guest.page.getByLabel('New password').fill('password')
    await guest.page.getByRole('button', { name: 'Join' }).click()
    await guest.page.getByText('one of the most common passwords').waitFor()
    await guest.page.getByLabel('New password').fill(NEW)
    await guest.page.getByRole('button', { name: 'Join' }).click()
    await guest.page.waitForURL('**/account/permissions')
    assert.deepEqual(guest.complaints, [])
    await guest.close()

    const again = await world.visit(pathOf(link))
    await again.page.getByRole('alert').getByText('This link does not work').waitFor()
    await again.close()

    await invite('lee')
    await page.getByText('lee', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('The invitation was revoked.').waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })

  test('an address is entered and verified, and helps when the password is forgotten', async () => {
    await world.addUser('ben')
    const own = await world.visitAs('ben', PASSWORD, '/account', { bypassCSP: true })
    await own.page.getByRole('button', { name: 'Change', exact: true }).click()
    await own.page.getByRole('textbox', { name: 'E-mail address' }).fill('ben@example.com')
    await own.page.getByRole('button', { name: 'Send the verification' }).click()
    await own.page.getByText('ben@example.com is to be verified').waitFor()
    await settled(own.page)
    assert.deepEqual(await violationsOn(own.page), [])
    const verification = await smtp.next()
    await own.page.goto(pathOf(linkIn(verification.text)))
    await own.page.getByText('Does ben@example.com belong to the user ben?').waitFor()
    await own.page.getByRole('button', { name: 'Yes, it is mine' }).click()
    await own.page.getByText('The address is verified.').waitFor()
    await own.close()

    const { page, complaints, close } = await world.visit('/signin', { bypassCSP: true })
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('User name or e-mail address').fill('ben@example.com')
    assert.deepEqual(await violationsOn(page), [])
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('If that is known, a mail is on its way.').waitFor()
    const mail = await smtp.next()
    await page.goto(pathOf(linkIn(mail.text)))
    await page.getByLabel('New password').fill(NEW)
    assert.deepEqual(await violationsOn(page), [])
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('link', { name: 'To sign-in' }).click()
    await signInOn(page, 'ben', NEW)
    assert.deepEqual(complaints, [])
    await close()
  })

  test('an operator makes a link to set a new password, and invites from the page of people', async () => {
    const id = await world.addUser('cai')
    const { page, complaints, close } = await world.visitAs('ada', PASSWORD, `/people/${id}`)
    await page.getByRole('button', { name: 'Password link' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make link' }).click()
    const link = (await page.locator('[data-secret]').textContent()) ?? ''
    await page.getByRole('button', { name: 'Done' }).click()
    const guest = await world.visit(pathOf(link))
    await guest.page.getByText('For the user cai.').waitFor()
    await guest.page.getByLabel('New password').fill(NEW)
    await guest.page.getByRole('button', { name: 'Set password' }).click()
    await guest.page.getByText('The password is set.').waitFor()
    await guest.close()
    await (await world.visitAs('cai', NEW)).close()

    await page.goto('/people')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Organization').selectOption({ label: 'analytics' })
    await dialog.getByLabel('E-mail address').fill('dan@example.com')
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByText('The link is on its way to dan@example.com').waitFor()
    const mails = smtp.received.map(({ to }) => to[0])
    assert.ok(mails.includes('dan@example.com') || (await smtp.next()).to.length === 1)
    assert.deepEqual(complaints, [])
    await close()
  })
})
