/** The console at /console/ beside upstream's UI: the same build, driven in a browser. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withoutBrowser } from '../support/browser.ts'
import { startUIUpstream, type UIUpstream } from '../support/ui-upstream.ts'
import { type ConsoleWorld, PASSWORD, settled, signInOn, startConsole } from './world.ts'

/** As the UI's client does it (`src/client/index.ts` of influxdata/ui): what it asks for, and how it takes refusals. */
const UI_PAGE = `<!doctype html><title>InfluxDB</title><h1>InfluxDB</h1><script>
async function ask(method, path, headers) {
  const response = await fetch(path, { method, headers })
  const data = response.status === 204 ? undefined : await response.json()
  if (response.status === 403 && data.message === 'User is inactive') {
    fetch('/api/v2/signout', { method: 'POST' })
    location.href = '/signin'
  }
  return response.status
}
async function open() {
  const statuses = []
  for (const path of ['me', 'flags', 'orgs']) statuses.push(await ask('GET', '/api/v2/' + path))
  document.querySelector('h1').textContent = 'opened ' + statuses
}
async function signIn(name, password) {
  if (await ask('POST', '/api/v2/signin', { Authorization: 'Basic ' + btoa(name + ':' + password) }) === 204) open()
  else document.querySelector('h1').textContent = 'Could not sign in'
}
addEventListener('submit', (event) => {
  event.preventDefault()
  signIn(event.target.user.value, event.target.password.value)
})
</script><form><input name="user" aria-label="user"><input name="password" aria-label="password"><button>Go</button></form>`

describe("the console beside upstream's UI", { skip: withoutBrowser }, () => {
  let upstream: UIUpstream
  let world: ConsoleWorld
  before(async () => {
    upstream = await startUIUpstream(UI_PAGE)
    world = await startConsole(upstream.argv)
  })
  after(async () => {
    await world.stop()
    await upstream.stop()
  })

  async function signInAtUI(name: string, password: string) {
    const visit = await world.visit('/')
    await visit.page.getByLabel('user').fill(name)
    await visit.page.getByLabel('password').fill(password)
    await visit.page.getByRole('button', { name: 'Go' }).click()
    return visit
  }

  test('has its pages, links and documents below its base', async () => {
    const { page, complaints, close } = await world.visit('/console/organizations')
    const outside: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (!/^\/(console|api)\//.test(pathname)) outside.push(pathname)
    })
    await page.waitForURL('**/console/signin?returnTo=%2Forganizations')
    await signInOn(page, 'ada', PASSWORD)
    await page.waitForURL('**/console/organizations')
    for (const name of ['Overview', 'People', 'Tokens', 'Audit log', 'Account']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await settled(page)
      assert.match(new URL(page.url()).pathname, /^\/console\/[a-z]+$/)
    }
    await page.reload()
    await settled(page)
    assert.equal(new URL(page.url()).pathname, '/console/account')
    await page.getByRole('button', { name: /^Account: ada/ }).click()
    assert.equal(await page.getByRole('menuitem', { name: 'InfluxDB' }).getAttribute('href'), '/')
    await page.getByRole('menuitem', { name: 'Documentation' }).click()
    await page.waitForURL('**/console/docs/')
    await page.getByRole('link', { name: 'Security' }).first().click()
    await page.waitForURL('**/console/docs/security')
    await page.getByRole('searchbox').fill('throttled')
    await page.getByRole('searchbox').press('Enter')
    await page.waitForURL('**/console/docs/search?q=throttled')
    await page.locator('.results a').first().click()
    await page.waitForURL(/\/console\/docs\/[a-z]+#[a-z-]+$/)
    await page.getByRole('link', { name: 'Sluice', exact: true }).click()
    await page.waitForURL('**/console/overview')
    assert.deepEqual(outside, [])
    assert.deepEqual(complaints, [])
    await close()
  })

  test('lets a person who comes from the UI choose a new password, and sends them back', async () => {
    const { json } = await world.server.ask('POST', '/api/v2/users', { name: 'bob' })
    await world.server.ask('POST', `/api/v2/users/${json.id}/password`, {
      password: PASSWORD,
      mustChange: true,
    })
    const { page, complaints, close } = await signInAtUI('bob', PASSWORD)
    await page.waitForURL('**/console/signin?lead=password')
    await page.getByText('After that InfluxDB opens').waitFor()
    await page.getByLabel('User name').fill('bob')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('New password').fill('quite another horse 7')
    await page.getByRole('button', { name: 'Change password and continue' }).click()
    await page.waitForURL((url) => url.pathname === '/')
    await page.getByRole('heading', { name: 'InfluxDB' }).waitFor()
    assert.deepEqual(complaints, [])
    await close()
    const again = await signInAtUI('bob', 'quite another horse 7')
    await again.page.getByRole('heading', { name: 'opened 200,200,200' }).waitFor()
    await again.close()
  })

  test('says how long a person must wait whose sign-ins at the UI fail', async () => {
    const visit = await signInAtUI('carol', 'wrong')
    const { page } = visit
    for (let tries = 0; tries < 20 && !page.url().includes('/console/'); tries++) {
      await page.getByText('Could not sign in').or(page.getByText('Too many attempts')).waitFor()
      if (page.url().includes('/console/')) break
      await page
        .getByRole('button', { name: 'Go' })
        .click()
        .catch(() => undefined)
      await page.waitForTimeout(100)
    }
    await page.waitForURL(/\/console\/signin\?lead=wait&seconds=\d+$/)
    await page.getByRole('timer').filter({ hasText: 'You can try again in' }).waitFor()
    await visit.close()
  })
})
