/** `sluice login` as a process, approved in Chromium by a user of a directory, and by one who signs in with a passkey. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Slapd } from '../../scripts/engines/slapd.ts'
import { plugIn } from '../console/virtual-authenticator.ts'
import { type ConsoleWorld, PASSWORD, signInOn, startConsole } from '../console/world.ts'
import { writeConfig } from '../ldap/server.ts'
import { ADMINS, createTls, passwordOf, startCompany, withoutSlapd } from '../ldap/world.ts'
import { beginLogin, machine } from '../process/login-machine.ts'
import { withoutBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { send } from '../support/http.ts'

describe('signing in on the command line with a directory', {
  skip: withoutBrowser || withoutSlapd,
  timeout: 120_000,
}, () => {
  let slapd: Slapd
  let world: ConsoleWorld
  let origin: string
  before(async () => {
    const tls = createTls()
    slapd = await startCompany(tls)
    const port = await freePort()
    origin = `http://localhost:${port}`
    const roles = { 'ldap-group-roles': [`${ADMINS}=analytics:owner`], 'second-factor': 'offered' }
    world = await startConsole([
      ...['--config-path', writeConfig([slapd.tlsUrl], tls, roles)],
      ...['--http-bind-address', `127.0.0.1:${port}`, '--public-url', origin],
    ])
  })
  after(async () => {
    await world?.stop()
    await slapd?.stop()
  })

  const giveToken = (page: Page) => page.getByRole('button', { name: 'Give it a token' }).click()

  async function me(token: string): Promise<{ readonly status: number; readonly name: string | undefined }> {
    const headers = { authorization: `Token ${token}` }
    const { status, json } = await send(world.server.url, { method: 'GET', path: '/api/v2/me', headers })
    return { status, name: json?.name }
  }

  test('a user of the directory gets a token, uses it and ends it', async () => {
    const at = machine()
    const host = ['--host', origin]
    const login = beginLogin(['login', ...host], at)
    const { page, complaints, close } = await world.visit((await at.page()).href)
    await signInOn(page, 'alice', passwordOf('alice'))
    await giveToken(page)
    await page.getByText('The command line is signed in').waitFor()
    const { code, err } = await login.ended
    assert.equal(code, 0, err)
    assert.match(err, /as alice, for analytics/)
    const token = (await at.run(['login', '--print', ...host])).out.trim()
    assert.deepEqual(await me(token), { status: 200, name: 'alice' })
    assert.match((await at.run(['org', 'list', ...host])).out, /analytics/)
    assert.equal((await at.run(['logout', ...host])).code, 0)
    assert.equal((await me(token)).status, 401)
    assert.deepEqual(complaints, [])
    await close()
  })

  test('a user signs in with a passkey alone and gives the command line a token', async () => {
    const { page, complaints, close } = await world.visitAs('ada', PASSWORD, '/account/second-factors', {
      baseURL: origin,
    })
    await plugIn(page)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('laptop')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel("I've saved these codes").check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Passkey · added').waitFor()
    await page.context().clearCookies()

    const at = machine()
    const host = ['--host', origin]
    const login = beginLogin(['login', ...host], at)
    await page.goto((await at.page()).href)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await giveToken(page)
    await page.getByText('The command line is signed in').waitFor()
    const { code, err } = await login.ended
    assert.equal(code, 0, err)
    assert.match(err, /as ada/)
    const token = (await at.run(['login', '--print', ...host])).out.trim()
    assert.deepEqual(await me(token), { status: 200, name: 'ada' })
    assert.deepEqual(complaints, [])
    await close()
  })
})
