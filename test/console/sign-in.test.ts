/** First start, sign-in and sign-out, and refusals, as people meet them. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withoutBrowser } from '../support/browser.ts'
import { send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, signInOn, startConsole, startEmptyConsole } from './world.ts'

describe('the first start', { skip: withoutBrowser }, () => {
  test('is guided, refuses a weak password, and shows the operator token once', async () => {
    const empty = await startEmptyConsole()
    try {
      const { page, complaints } = await empty.visit('/people')
      await page.waitForURL('**/setup')
      await page.getByLabel('User name').fill('ada')
      await page.getByLabel('Password', { exact: true }).fill('password1')
      await page.getByText('Too weak.').waitFor()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('one of the most common passwords').waitFor()
      const password = page.getByLabel('Password', { exact: true })
      assert.equal(await password.getAttribute('aria-invalid'), 'true')
      assert.equal(await page.getByLabel('Organization').count(), 0)
      await password.fill('factoryfloor-1')
      await page.getByRole('button', { name: 'Continue' }).click()
      // Only with the organization's name is it known to be weak, and the field is shown again.
      await page.getByLabel('Organization').fill('factoryfloor')
      await page.getByLabel('First bucket').fill('engine')
      await page.getByRole('button', { name: 'Set up' }).click()
      await password.waitFor()
      assert.equal(await password.getAttribute('aria-invalid'), 'true')
      await password.fill(PASSWORD)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByLabel('Organization').fill('analytics')
      await page.getByRole('button', { name: 'Set up' }).click()
      const token = (await page.locator('[data-secret]').textContent()) ?? ''
      const asked = { method: 'GET', path: '/api/v2/me', headers: { authorization: `Token ${token}` } }
      assert.equal((await send(empty.server.url, asked)).json.name, 'ada')
      const go = page.getByRole('button', { name: 'Open the console' })
      assert.equal(await go.isDisabled(), true)
      await page.getByLabel("I've saved this token").check()
      await go.click()
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      assert.ok(!(await page.content()).includes(token))
      await page.goto('/setup')
      await page.getByText('This server is already set up').waitFor()
      assert.deepEqual(complaints, [])
    } finally {
      await empty.stop()
    }
  })

  test('reports to a second visitor that somebody else was first', async () => {
    const empty = await startEmptyConsole()
    try {
      const { page } = await empty.visit('/setup')
      await page.getByLabel('User name').fill('late')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByLabel('Organization').fill('late')
      await page.getByLabel('First bucket').fill('late')
      const first = JSON.stringify({
        username: 'ada',
        password: PASSWORD,
        org: 'analytics',
        bucket: 'engine',
      })
      await send(empty.server.url, { method: 'POST', path: '/api/v2/setup', body: first })
      await page.getByRole('button', { name: 'Set up' }).click()
      await page.getByText('This server is already set up').waitFor()
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.waitForURL('**/signin')
    } finally {
      await empty.stop()
    }
  })
})

describe('signing in', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole(['--guess-pair-free', '2', '--guess-pair-delay', '6s'])
  })
  after(() => world?.stop())

  test('is refused with a clear message, then counts down, then works', async () => {
    const { page, close } = await world.visit('/signin')
    async function attempt(password: string): Promise<void> {
      await page.getByLabel('User name').fill('ada')
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await attempt('wrong')
    await page.getByText('Wrong user name or password.').waitFor()
    await world.server.signIn('ada', 'wrong again')
    await attempt(PASSWORD)
    await page.getByText('You can try again in').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Sign in' }).isDisabled(), true)
    await page.getByText('You can try again in').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await close()
  })

  test('continues to the page that was asked for', async () => {
    const { page, close } = await world.visit('/audit')
    await page.waitForURL('**/signin?**')
    await signInOn(page, 'ada', PASSWORD)
    await page.getByRole('heading', { name: 'Audit log' }).waitFor()
    await close()
  })

  test('never continues to another site, whatever the link', async () => {
    const hosts = ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']
    for (const returnTo of hosts) {
      const { page, close } = await world.visit(`/signin?returnTo=${encodeURIComponent(returnTo)}`)
      await signInOn(page, 'ada', PASSWORD)
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      assert.equal(new URL(page.url()).origin, world.server.url)
      await close()
    }
  })

  test('as another user, after going back to the page, shows no data of the first user', async () => {
    await world.addUser('guest')
    const { page, close } = await world.visit('/signin')
    await signInOn(page, 'ada', PASSWORD)
    await page.getByRole('link', { name: 'Tokens', exact: true }).click()
    await page.getByRole('link', { name: "ada's Token", exact: true }).waitFor()
    while (new URL(page.url()).pathname !== '/signin') await page.goBack()
    await page.getByLabel('User name').fill('guest')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    // The response is delayed, so that only cached data could be shown.
    await page.route('**/api/v2/authorizations**', () => undefined)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Your permissions' }).waitFor()
    await page.getByRole('link', { name: 'Tokens', exact: true }).click()
    await page.getByRole('heading', { name: 'Tokens' }).waitFor()
    assert.equal(await page.getByRole('link', { name: "ada's Token", exact: true }).count(), 0)
    await close()
  })

  test('shows the password on request, and marks the fields for password managers', async () => {
    const { page, close } = await world.visit('/signin')
    const password = page.getByLabel('Password', { exact: true })
    assert.equal(await password.getAttribute('autocomplete'), 'current-password')
    assert.equal(await page.getByLabel('User name').getAttribute('autocomplete'), 'username')
    await page.getByRole('button', { name: 'Show password' }).click()
    assert.equal(await password.getAttribute('type'), 'text')
    await page.getByRole('button', { name: 'Hide password' }).click()
    assert.equal(await password.getAttribute('type'), 'password')
    await close()
  })

  test('remembers only users who ask for it, and stores no secret in the browser', async () => {
    const { page, context, close } = await world.visit('/signin')
    await page.getByLabel('Keep me signed in for 30 days').check()
    await signInOn(page, 'ada', PASSWORD)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    const [cookie] = await context.cookies(`${world.server.url}/api/`)
    assert.ok((cookie?.expires ?? 0) > Date.now() / 1000 + 29 * 86_400)
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/api/'])
    const stored = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    )
    assert.equal(stored, '[{},{},""]')
    await page.getByRole('button', { name: 'Account: ada' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/signin?out=1')
    await page.goto('/account')
    await page.waitForURL('**/signin?**')
    await close()
  })

  test('asks for a new password if one is due, and reports a deactivated account', async () => {
    const id = await world.addUser('grace')
    const body = { password: 'handed over 1', mustChange: true }
    await world.server.ask('POST', `/api/v2/users/${id}/password`, body)
    const { page, close } = await world.visit('/signin')
    await page.getByLabel('User name').fill('grace')
    await page.getByLabel('Password', { exact: true }).fill('handed over 1')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.getByLabel('New password').fill('grace 1')
    await page.getByRole('button', { name: 'Change password and continue' }).click()
    await page
      .getByRole('alert')
      .getByText('passwords must be between 8 and 72')
      .or(page.getByText('Passwords must be between 8'))
      .waitFor()
    await page.getByLabel('New password').fill('handed over 1')
    await page.getByRole('button', { name: 'Change password and continue' }).click()
    await page.getByRole('alert').getByText('choose another one').waitFor()
    await page.getByLabel('New password').fill('a new one of mine')
    await page.getByRole('button', { name: 'Change password and continue' }).click()
    await page.getByRole('heading', { name: 'Your permissions' }).waitFor()
    await close()

    await world.server.ask('PATCH', `/api/v2/users/${id}`, { status: 'inactive' })
    const again = await world.visit('/signin')
    await again.page.getByLabel('User name').fill('grace')
    await again.page.getByLabel('Password', { exact: true }).fill('a new one of mine')
    await again.page.getByRole('button', { name: 'Sign in' }).click()
    await again.page.getByText('This account is deactivated').waitFor()
    await again.close()
  })
})

test('a weak password is replaced at sign-in once the policy requires strong ones', {
  skip: withoutBrowser,
}, async () => {
  const world = await startConsole()
  const strict = await world.restarted(['--password-policy', 'strong', '--session-remember-length', '0'])
  try {
    await world.addUser('weak', 'only small letters')
    const { page } = await strict.visit('/signin')
    await page.getByLabel('User name').fill('weak')
    await page.getByLabel('Password', { exact: true }).fill('only small letters')
    assert.equal(await page.getByText('Keep me signed in').count(), 0)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.getByLabel('New password').fill('Capitals and 2 digits')
    await page.getByRole('button', { name: 'Change password and continue' }).click()
    await page.getByRole('heading', { name: 'Your permissions' }).waitFor()
  } finally {
    await strict.stop()
    await world.stop()
  }
})
