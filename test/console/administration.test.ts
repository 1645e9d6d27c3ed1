/** People, organizations, tokens, the audit log and the overview, as an administrator uses them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { basic, send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, pickOnly, startConsole, until, type Visit } from './world.ts'

/** The interval after which the console reloads the data it shows. */
const STALE_MS = 5100

const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>'

describe('an administrator', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let visit: Visit
  let page: Page
  before(async () => {
    world = await startConsole()
    visit = await world.visitAs()
    page = visit.page
  })
  after(() => world?.stop())

  const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'))
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
  const confirm = (name: string) => dialog().getByRole('button', { name, exact: true }).click()

  test('creates a user, who signs in with the password shown once and must change it', async () => {
    await page.goto('/people')
    await press('New user')
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await confirm('Create user')
    await dialog().getByText('User with name ada already exists').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('grace')
    await confirm('Create user')
    const password = (await page.locator('[data-secret]').textContent()) ?? ''
    // Escape must not close the only view of the password.
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('[data-secret]').count(), 1)
    await press('Done')
    await page.getByRole('heading', { name: 'grace', level: 1 }).waitFor()
    assert.equal(await page.getByText(password).count(), 0)
    const other = await world.visit('/signin')
    await other.page.getByLabel('User name').fill('grace')
    await other.page.getByLabel('Password', { exact: true }).fill(password)
    await other.page.getByRole('button', { name: 'Sign in' }).click()
    await other.page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await other.close()
  })

  test('finds people by a part of the name', async () => {
    await page.goto('/people')
    await page.getByLabel('Search by name').fill('RAC')
    await page.getByRole('link', { name: 'grace' }).waitFor()
    await page.getByRole('link', { name: 'ada', exact: true }).waitFor({ state: 'hidden' })
    await page.getByLabel('Search by name').fill('nobody of that name')
    await page.getByText('No users found').waitFor()
  })

  test('shows last sign-in, organizations and operators, and filters by them, in the address', async () => {
    await world.visitAs('ada').then(({ close }) => close())
    await page.goto('/people')
    const row = page.getByRole('row', { name: 'ada' })
    await row.getByText('Operator').waitFor()
    await row.getByRole('link', { name: 'analytics' }).waitFor()
    await row.getByText(/now|ago/).waitFor()
    await page.getByLabel('Role', { exact: true }).selectOption('Not operators')
    await row.waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'grace' }).waitFor()
    await page.waitForURL('**/people?operator=false')
    await page.getByLabel('Role', { exact: true }).selectOption('Operators')
    await page.getByLabel('Organization').selectOption('analytics')
    await page.reload()
    await row.waitFor()
    assert.equal(await page.getByLabel('Role', { exact: true }).inputValue(), 'true')
    await page.getByLabel('Status').selectOption('Deactivated')
    await page.getByText('No users found').waitFor()
    await press('Clear filters')
    await page.getByRole('link', { name: 'grace' }).waitFor()
    await press('Name')
    await page.waitForURL('**/people?sort=-name')
  })

  test('creates a user in an organization in one form, who is added to another on their page', async () => {
    const other = await world.server.ask('POST', '/api/v2/orgs', { name: 'second' })
    await page.goto('/people')
    await press('New user')
    await page.getByLabel('Name', { exact: true }).fill('mary')
    await dialog().getByLabel('Organization').selectOption('analytics')
    await dialog().getByLabel('Role').selectOption('owner')
    await confirm('Create user')
    await page.locator('[data-secret]').waitFor()
    await press('Done')
    await page.getByRole('heading', { name: 'mary', level: 1 }).waitFor()
    const owners = await world.server.ask('GET', `/api/v2/orgs/${world.server.orgID}/owners`)
    assert.ok(owners.json.users.some(({ name }: { name: string }) => name === 'mary'))
    await press('Add to organization')
    await dialog().getByLabel('Organization').selectOption('second')
    await confirm('Add')
    await page.getByText('Added to second').waitFor()
    const members = await world.server.ask('GET', `/api/v2/orgs/${other.json.id}/members`)
    assert.deepEqual(
      members.json.users.map(({ name }: { name: string }) => name),
      ['mary'],
    )
  })

  test("ends one of a user's sessions, and all of them", async () => {
    const id = await world.addUser('linus')
    const visits = [await world.visitAs('linus'), await world.visitAs('linus'), await world.visitAs('linus')]
    await page.goto(`/people/${id}`)
    const ends = page.getByRole('button', { name: 'End session' })
    await until(page, async () => (await ends.count()) === 3)
    await ends.first().click()
    await until(page, async () => (await ends.count()) === 2)
    await press('End all sessions')
    await confirm('End all sessions')
    await page.getByText('Not signed in anywhere.').waitFor()
    const { json } = await world.server.ask('GET', `/api/v2/users/${id}/sessions`)
    assert.deepEqual(json.sessions, [])
    await Promise.all(visits.map((each) => each.close()))
  })

  test('renames, deactivates, reactivates and deletes a user', async () => {
    await world.addUser('temporary')
    await page.goto('/people')
    await page.getByRole('link', { name: 'temporary' }).click()
    await press('Rename')
    await page.getByLabel('Name', { exact: true }).fill('thought better of')
    await confirm('Cancel')
    await press('Rename')
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'temporary')
    await page.getByLabel('Name', { exact: true }).fill('short-lived')
    await confirm('Save')
    await page.getByRole('heading', { name: 'short-lived', level: 1 }).waitFor()
    await press('Deactivate')
    await confirm('Deactivate')
    await page.getByText('inactive', { exact: true }).waitFor()
    await press('Activate')
    await page.getByText('active', { exact: true }).waitFor()
    await press('Delete user')
    const confirmation = dialog().getByRole('button', { name: 'Delete user' })
    assert.equal(await confirmation.isDisabled(), true)
    await page.getByLabel('Type short-lived to confirm').fill('something else')
    assert.equal(await confirmation.isDisabled(), true)
    await page.getByLabel('Type short-lived to confirm').fill('short-lived')
    await confirmation.click()
    await page.waitForURL('**/people')
    const { json } = await world.server.ask('GET', '/api/v2/users?search=short-lived')
    assert.deepEqual(json.users, [])
  })

  test('creates an organization, adds a member found by search, changes the role, removes the member', async () => {
    await page.goto('/organizations')
    await press('New organization')
    await page.getByLabel('Name', { exact: true }).fill('weather')
    await confirm('Create organization')
    await page.getByRole('heading', { name: 'weather', level: 1 }).waitFor()
    await press('Add member')
    await page.getByRole('combobox', { name: 'User' }).fill('gra')
    await pickOnly(page, 'grace')
    await page.getByRole('combobox', { name: 'User' }).fill('somebody else')
    assert.equal(await dialog().getByRole('button', { name: 'Add', exact: true }).isDisabled(), true)
    await page.getByRole('combobox', { name: 'User' }).fill('grac')
    await pickOnly(page, 'grace')
    await confirm('Add')
    await page.getByLabel('Role of grace').selectOption('owner')
    await page.getByText('grace is now an owner').waitFor()
    const id = page.url().split('/').at(-1)
    const owners = await world.server.ask('GET', `/api/v2/orgs/${id}/owners`)
    assert.deepEqual(owners.json.users.map(({ name }: { name: string }) => name).toSorted(), ['ada', 'grace'])
    await page.getByLabel('Role of grace').selectOption('member')
    await confirm('Make grace a member')
    await dialog().waitFor({ state: 'hidden' })
    const fewer = await world.server.ask('GET', `/api/v2/orgs/${id}/owners`)
    assert.deepEqual(
      fewer.json.users.map(({ name }: { name: string }) => name),
      ['ada'],
    )
    await press('Remove grace')
    await confirm('Remove')
    await page.getByLabel('Role of grace').waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'Buckets' }).click()
    await press('New bucket')
    await page.getByLabel('Name', { exact: true }).fill('rain')
    await page.getByLabel('Retention').selectOption('2592000')
    await confirm('Create bucket')
    await page.getByRole('row', { name: /rain.*30 days/ }).waitFor()
    await page.getByRole('button', { name: 'Actions for rain' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByLabel('Name', { exact: true }).fill('snow')
    await page.getByLabel('Description').fill('from the roof')
    await page.getByLabel('Retention').selectOption('86400')
    await confirm('Save')
    await page.getByRole('row', { name: /snow from the roof 1 day/ }).waitFor()
    const { json: found } = await world.server.ask('GET', `/api/v2/buckets?orgID=${id}&name=snow`)
    await page.reload()
    await page.getByText(found.buckets[0].id).waitFor()
    await page.getByRole('button', { name: 'Actions for snow' }).click()
    await page.getByRole('menuitem', { name: 'Delete bucket' }).click()
    await page.getByLabel('Type snow to confirm').fill('snow')
    await confirm('Delete bucket')
    await page.getByRole('row', { name: /snow/ }).waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'Settings' }).click()
    await press('Edit')
    await page.getByLabel('Name', { exact: true }).fill('climate')
    await confirm('Save')
    await page.getByRole('heading', { name: 'climate', level: 1 }).waitFor()
    assert.equal(await page.getByText(id ?? '').count(), 1)
    await press('Delete organization')
    await page.getByLabel('Type climate to confirm').fill('climate')
    await confirm('Delete organization')
    await page.waitForURL('**/organizations')
  })

  test('builds a token with chosen permissions, and the curl command creates the same', async () => {
    await page.goto('/tokens/new')
    await page.getByLabel('Description').fill('Telegraf')
    assert.equal(await page.getByRole('button', { name: 'Create token' }).isDisabled(), true)
    await page.getByLabel('Write engine').check()
    await page.getByText('bucket engine').waitFor()
    const curl = (await page.locator('pre').textContent()) ?? ''
    const sent = JSON.parse(/-d '(.*)'$/s.exec(curl)?.[1] ?? '')
    await press('Create token')
    const secret = (await page.locator('[data-secret]').textContent()) ?? ''
    await press('Done')
    await page.getByRole('heading', { name: 'Telegraf', level: 1 }).waitFor()
    const headers = { authorization: `Token ${secret}` }
    const answer = await send(world.server.url, { method: 'GET', path: '/api/v2/buckets', headers })
    assert.equal(answer.status, 200)
    const again = await world.server.ask('POST', '/api/v2/authorizations', sent)
    assert.equal(again.status, 201, again.text)
    const resource = { type: 'buckets', id: world.server.bucketID, orgID: world.server.orgID }
    assert.deepEqual(
      again.json.permissions.map((each: { action: string; resource: Record<string, string> }) => [
        each.action,
        each.resource.type,
        each.resource.id,
      ]),
      [['write', resource.type, resource.id]],
    )
  })

  test('builds a token by resource type that expires, and an all-access one that does not', async () => {
    async function make(description: string, prepare: () => Promise<unknown>, expires: string) {
      await page.goto('/tokens/new')
      await page.getByLabel('Description').fill(description)
      await prepare()
      await page.getByLabel('Expires').selectOption({ label: expires })
      await press('Create token')
      await page.locator('[data-secret]').waitFor()
      await press('Done')
      await page.getByRole('heading', { name: description, level: 1 }).waitFor()
      const { json } = await world.server.ask('GET', '/api/v2/authorizations')
      return json.authorizations.find((each: { description: string }) => each.description === description)
    }
    const week = 7 * 86_400_000
    async function chooseKinds() {
      await page.getByLabel('Custom').check()
      await page.getByLabel('Read tasks').check()
      await page.getByLabel('Write labels').check()
    }
    const custom = await make('by kind', chooseKinds, 'In 7 days')
    assert.deepEqual(
      custom.permissions.map((each: { action: string; resource: { type: string } }) => [
        each.action,
        each.resource.type,
      ]),
      [
        ['read', 'tasks'],
        ['write', 'labels'],
      ],
    )
    assert.ok(Math.abs(Date.parse(custom.expiresAt) - Date.now() - week) < 60_000)
    await page.getByRole('link', { name: 'All tokens' }).click()
    await page.getByRole('row', { name: /by kind.*in 7 days/ }).waitFor()
    const all = await make('for all', () => page.getByLabel('Everything in').check(), 'Never')
    assert.equal(all.expiresAt, undefined)
    assert.ok(all.permissions.length > 20)
    assert.ok(
      all.permissions.every(
        ({ resource: { id, orgID } }: { resource: { id?: string; orgID?: string } }) =>
          (orgID ?? id) === world.server.orgID,
      ),
    )
  })

  test('disables and enables a token, rotates it, and deletes it', async () => {
    const { orgID } = world.server
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    const made = await world.server.ask('POST', '/api/v2/authorizations', {
      orgID,
      permissions,
      description: 'Dash',
    })
    const works = async (token: string) =>
      (
        await send(world.server.url, {
          method: 'GET',
          path: '/api/v2/buckets',
          headers: { authorization: `Token ${token}` },
        })
      ).status
    await page.goto('/tokens')
    async function act(name: string): Promise<void> {
      await page.getByRole('button', { name: 'Actions for Dash' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await act('Disable')
    await confirm('Disable')
    await page.getByRole('row', { name: /Dash.*disabled/ }).waitFor()
    assert.equal(await works(made.json.token), 401)
    await act('Enable')
    await page.getByRole('row', { name: /Dash.*active/ }).waitFor()
    await act('Rotate')
    await page.getByLabel('Keep the old secret valid').selectOption('No, revoke now')
    await confirm('Rotate')
    await dialog().getByText('The old secret no longer works.').waitFor()
    const secret = (await page.locator('[data-secret]').textContent()) ?? ''
    await press('Done')
    assert.deepEqual([await works(made.json.token), await works(secret)], [401, 200])
    await act('Delete token')
    await confirm('Delete token')
    await page.getByRole('button', { name: 'Actions for Dash' }).waitFor({ state: 'hidden' })
    assert.equal(await works(secret), 401)
  })

  test('reads the audit log: filtered, expanded, live, and downloaded', async () => {
    await page.goto('/audit')
    await page.getByLabel('Event').selectOption('user.create')
    await page.getByRole('row', { name: /ada created the user grace/ }).waitFor()
    await page
      .getByRole('row', { name: /ada signed in/ })
      .first()
      .waitFor({ state: 'hidden' })
    await page.getByRole('switch', { name: 'Live' }).check({ force: true })
    await world.addUser('=cmd|calc')
    await page.getByRole('row', { name: /=cmd\|calc/ }).waitFor()
    await page.getByRole('button', { name: 'Details' }).first().click()
    await page.getByText('Event ID').waitFor()
    await page.getByLabel('Search', { exact: true }).fill('CALC')
    await page.waitForURL('**/audit?event=user.create&search=CALC')
    await page.getByRole('row', { name: /grace/ }).waitFor({ state: 'hidden' })
    await page.reload()
    await page.getByRole('row', { name: /=cmd\|calc/ }).waitFor()
    assert.equal(await page.getByLabel('Search', { exact: true }).inputValue(), 'CALC')
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page
      .getByRole('row', { name: /ada signed in/ })
      .first()
      .waitFor()
    assert.equal(await page.getByLabel('Search', { exact: true }).inputValue(), '')
    await page.goto('/audit?event=user.create&search=CALC')
    await page.getByRole('row', { name: /=cmd\|calc/ }).waitFor()
    const [csv] = await Promise.all([page.waitForEvent('download'), press('Export CSV')])
    const lines = readFileSync(await csv.path(), 'utf8')
    assert.match(lines, /^id,time,event,outcome,/)
    assert.match(lines, /,'=cmd\|calc,/)
    const [json] = await Promise.all([page.waitForEvent('download'), press('Export JSON')])
    const events = JSON.parse(readFileSync(await json.path(), 'utf8'))
    assert.ok(events.every(({ event }: { event: string }) => event === 'user.create'))
  })

  test('sees the state of the server', async () => {
    await page.goto('/overview')
    await page.getByText('Healthy').waitFor()
    await page.getByText('Show as a table').click()
    await page.getByRole('img', { name: /^Sign-ins: Success [1-9]/ }).waitFor()
    await page.getByLabel('Time range').selectOption('720')
    await page.getByRole('img', { name: /^Sign-ins: Success [1-9]/ }).waitFor()
  })

  test('sees stored scripts as text on every page', async () => {
    const id = await world.addUser(HOSTILE)
    const org = await world.server.ask('POST', '/api/v2/orgs', { name: HOSTILE, description: HOSTILE })
    const { orgID } = world.server
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    const body = { orgID, permissions, description: HOSTILE }
    const token = await world.server.ask('POST', '/api/v2/authorizations', body)
    await world.server.ask('POST', `/api/v2/orgs/${org.json.id}/members`, { id })
    await world.server.ask('POST', '/api/v2/buckets', { orgID, name: HOSTILE })
    const headers = { authorization: basic(HOSTILE, PASSWORD), 'user-agent': HOSTILE }
    const entered = await send(world.server.url, { method: 'POST', path: '/api/v2/signin', headers })
    assert.equal(entered.status, 204)
    let alerted = false
    page.on('dialog', (each) => {
      alerted = true
      each.dismiss()
    })
    for (const path of [
      `/people/${id}`,
      '/people',
      '/tokens',
      `/tokens/${token.json.id}`,
      '/organizations',
      `/organizations/${org.json.id}`,
      `/organizations/${org.json.id}/settings`,
      `/organizations/${orgID}/buckets`,
      `/audit?userID=${id}`,
    ]) {
      await page.goto(path)
      await page.getByText(HOSTILE).filter({ visible: true }).first().waitFor()
    }
    await page.getByRole('button', { name: 'Details' }).first().click()
    await page.getByText(`${HOSTILE} (${HOSTILE})`).waitFor()
    await page.goto(`/people/${id}`)
    await page.locator(`[title="${HOSTILE}"]`).waitFor()
    assert.equal(alerted, false)
    assert.equal(await page.locator('img[src="x"]').count(), 0)
  })

  test('pages through people and the audit log, forth and back', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `paged ${String(at).padStart(2, '0')}`)
    for (const name of names) await world.server.ask('POST', '/api/v2/users', { name })
    await page.goto('/people')
    await page.getByLabel('Search by name').fill('paged')
    await page.getByText('1–25 of 60').waitFor()
    await press('Next')
    await page.getByText('26–50 of 60').waitFor()
    await page.getByRole('link', { name: 'paged 25' }).waitFor()
    await press('Next')
    await page.getByText('51–60 of 60').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Next' }).isDisabled(), true)
    await press('Previous')
    await page.getByText('26–50 of 60').waitFor()
    await page.reload()
    await page.getByText('26–50 of 60').waitFor()
    assert.equal(await page.getByLabel('Search by name').inputValue(), 'paged')
    await page.goBack()
    await page.getByText('51–60 of 60').waitFor()
    await page.goto('/audit?search=paged')
    await page.getByRole('row', { name: 'paged 59' }).waitFor()
    assert.equal(await page.getByRole('row', { name: 'paged 09' }).count(), 0)
    await press('Older')
    await page.getByRole('row', { name: 'paged 09' }).waitFor()
    // The page is in the address, so that a link opens it too.
    const older = page.url()
    await page.reload()
    await page.getByRole('row', { name: 'paged 09' }).waitFor()
    await press('Newer')
    await page.getByRole('row', { name: 'paged 59' }).waitFor()
    await page.goto(older)
    await page.getByRole('row', { name: 'paged 09' }).waitFor()
    await press('Newer')
    await page.getByRole('row', { name: 'paged 59' }).waitFor()
    assert.equal(await page.getByLabel('Search', { exact: true }).inputValue(), 'paged')
  })

  test('finds members and buckets of an organization by search, role and page, in the address', async () => {
    const { json: org } = await world.server.ask('POST', '/api/v2/orgs', { name: 'large' })
    for (let at = 10; at < 40; at += 1) {
      const { json: user } = await world.server.ask('POST', '/api/v2/users', { name: `crowd ${at}` })
      const list = at < 12 ? 'owners' : 'members'
      await world.server.ask('POST', `/api/v2/orgs/${org.id}/${list}`, { id: user.id })
      await world.server.ask('POST', '/api/v2/buckets', { orgID: org.id, name: `basin ${at}` })
    }
    const { json: outsider } = await world.server.ask('POST', '/api/v2/users', { name: 'crowd outside' })
    await page.goto(`/organizations/${org.id}`)
    await page.getByText('1–25 of 31').waitFor()
    await press('Next')
    await page.getByRole('link', { name: 'crowd 39' }).waitFor()
    await page.reload()
    await page.getByText('26–31 of 31').waitFor()
    await page.getByLabel('Search members').fill('CROWD 1')
    await page.getByText('1–10 of 10').waitFor()
    await page.getByLabel('Role', { exact: true }).selectOption('Owners')
    await page.getByText('1–2 of 2').waitFor()
    await page.waitForURL(`**/organizations/${org.id}?search=CROWD+1&role=owner`)
    await page.getByLabel('Search members').fill('nobody of that name')
    await page.getByText('No members found').waitFor()
    await press('Clear filters')
    await page.getByText('1–25 of 31').waitFor()
    // Whom the picker leaves out does not hide the only one who can be added.
    await press('Add member')
    await page.getByRole('combobox', { name: 'User' }).fill('crowd')
    await pickOnly(page, 'crowd outside')
    await confirm('Add')
    await page.getByLabel('Search members').fill(outsider.id)
    await page.getByRole('link', { name: 'crowd outside' }).waitFor()

    await page.goto(`/organizations/${org.id}/buckets`)
    await page.getByText('1–25 of 32').waitFor()
    await page.getByLabel('Search buckets').fill('basin 39')
    await page.getByText('1–1 of 1').waitFor()
    await page.waitForURL('**/buckets?search=basin+39')
    await page.getByLabel('Search buckets').fill('no such basin')
    await page.getByText('No buckets found').waitFor()
  })

  test('caused no errors or warnings in the browser', () => {
    assert.deepEqual(visit.complaints, [])
  })
})

describe('a user who is no administrator', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole()
    const id = await world.addUser('member')
    await world.server.ask('POST', `/api/v2/orgs/${world.server.orgID}/members`, { id })
  })
  after(() => world?.stop())

  test('sees the own permissions with their sources, and no control on pages that are not for them', async () => {
    const { page, close } = await world.visitAs('member')
    await page.getByRole('link', { name: 'analytics' }).waitFor()
    await page.getByText('Member of analytics').waitFor()
    await page.getByText('everything', { exact: true }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0)
    for (const path of ['/overview', '/sessions', '/upstream', '/audit']) {
      await page.goto(path)
      await page.getByText('You do not have access to this page').waitFor()
      assert.equal(await page.locator('main').getByRole('button').count(), 0, path)
      assert.equal(await page.locator('main').getByRole('searchbox').count(), 0, path)
    }
    await close()
  })

  test('as an owner, adds by id a user whom search cannot find, and may become a member', async () => {
    const [owner, newcomer] = [await world.addUser('owner'), await world.addUser('newcomer')]
    await world.server.ask('POST', `/api/v2/orgs/${world.server.orgID}/owners`, { id: owner })
    const { page, close } = await world.visitAs('owner', PASSWORD, `/organizations/${world.server.orgID}`)
    await page.getByRole('button', { name: 'Add member' }).click()
    await page.getByText('Paste the user ID; they find it under Account.').waitFor()
    const add = page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true })
    await page.getByLabel('User ID').fill('newcomer')
    assert.equal(await add.isDisabled(), true)
    await page.getByLabel('User ID').fill(newcomer)
    await add.click()
    await page.getByLabel('Role of newcomer').waitFor()
    await page.getByLabel('Role of owner').selectOption('member')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make owner a member' }).click()
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' })
    const { json } = await world.server.ask('GET', `/api/v2/orgs/${world.server.orgID}/members`)
    assert.ok(json.users.some(({ id }: { id: string }) => id === owner))
    // A member may not change roles, so the page no longer offers it.
    await page.getByLabel('Role of newcomer').waitFor({ state: 'hidden' })
    await close()
  })

  test('learns of a lost permission from the API', async () => {
    const { page, close } = await world.visitAs('member', PASSWORD, `/organizations/${world.server.orgID}`)
    await page.getByRole('heading', { name: 'analytics', level: 1 }).waitFor()
    const { json } = await world.server.ask('GET', `/api/v2/orgs/${world.server.orgID}/members`)
    await world.server.ask('DELETE', `/api/v2/orgs/${world.server.orgID}/members/${json.users[0].id}`)
    // Without a page reload, data loaded before disappears.
    await page.getByRole('link', { name: 'Account' }).click()
    await page.waitForTimeout(STALE_MS)
    await page.goBack()
    await page.getByText('You do not have access to this page').waitFor()
    assert.equal(await page.getByRole('heading', { name: 'analytics' }).count(), 0)
    await page.getByRole('heading', { name: 'Organization', level: 1 }).waitFor()
    await close()
  })

  test('renames themselves if permitted, and sees the reason if not', async () => {
    const { page, close } = await world.visitAs('member', PASSWORD, '/account')
    const rename = async (name: string) => {
      await page.getByRole('button', { name: 'Rename' }).click()
      await page.getByLabel('Name', { exact: true }).fill(name)
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    }
    await rename('ada')
    await page.getByRole('dialog').getByText('already exists').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await rename('a member')
    await page.getByText('Your user name is now a member').waitFor()
    await page.getByRole('button', { name: 'Account: a member' }).waitFor()
    await rename('member')
    await page.getByRole('button', { name: 'Account: member' }).waitFor()
    await close()
  })

  test('changes the own password, which ends the other sessions', async () => {
    await world.addUser('eve')
    const [here, there] = [await world.visitAs('eve', PASSWORD, '/account'), await world.visitAs('eve')]
    await here.page.getByLabel('Current password').fill('wrong')
    await here.page.getByLabel('New password').fill('quite another one')
    await here.page.getByRole('button', { name: 'Change password' }).click()
    await here.page.getByText('This is not your current password.').waitFor()
    const current = here.page.getByLabel('Current password')
    assert.equal(await current.getAttribute('aria-invalid'), 'true')
    await current.fill(PASSWORD)
    await here.page.getByLabel('New password').fill('password1')
    await here.page.getByText('Too weak.').waitFor()
    await here.page.getByRole('button', { name: 'Change password' }).click()
    await here.page.getByText('This is one of the most common passwords').waitFor()
    assert.equal(await here.page.getByLabel('New password').getAttribute('aria-invalid'), 'true')
    await here.page.getByLabel('New password').fill('quite another one')
    await here.page.getByLabel('Current password').fill(PASSWORD)
    await here.page.getByRole('button', { name: 'Change password' }).click()
    await here.page.getByText('Your password was changed').waitFor()
    await there.page.reload()
    await there.page.waitForURL('**/signin?**')
    await Promise.all([here.close(), there.close()])
  })
})

test('a page of another site cannot frame the console', { skip: withoutBrowser }, async () => {
  const world = await startConsole()
  try {
    const { page } = await world.visit('/signin')
    await page.goto('about:blank')
    await page.setContent(`<iframe src="${world.server.url}/signin"></iframe>`)
    await page.waitForTimeout(500)
    const frame = page.frames().find((each) => each !== page.mainFrame())
    assert.equal(
      await frame
        ?.getByText('Sign in to Sluice')
        .count()
        .catch(() => 0),
      0,
    )
  } finally {
    await world.stop()
  }
})
