/** Tokens in the browser: finding, changing one or many, their pages, and what each role is offered. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, pickOnly, settled, startConsole, until } from './world.ts'

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()

type Made = { id: string; token: string; userID: string; orgID: string }

/** Creates a token that reads the buckets of the first organization, unless `more` says otherwise. */
async function makeToken({ server }: ConsoleWorld, description: string, more: object = {}): Promise<Made> {
  const { orgID } = server
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  const made = await server.ask('POST', '/api/v2/authorizations', {
    ...{ orgID, description, permissions, ...more },
  })
  assert.equal(made.status, 201, made.text)
  return made.json
}

/** The status of a request with the token. */
async function works({ server }: ConsoleWorld, token: string): Promise<number> {
  const headers = { authorization: `Token ${token}` }
  return (await send(server.url, { method: 'GET', path: '/api/v2/buckets', headers })).status
}

const dialogOf = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'))
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const confirm = (page: Page, name: string) =>
  dialogOf(page).getByRole('button', { name, exact: true }).click()
const descriptions = (page: Page) => page.locator('tbody td.name').allTextContents()

/** What the menu of a token offers. */
async function menuOf(page: Page, name: string): Promise<string[]> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  const items = await page.getByRole('menuitem').allTextContents()
  await page.keyboard.press('Escape')
  return items
}

describe('the list of tokens', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let page: Page
  let other: string
  let grace: string
  before(async () => {
    world = await startConsole()
    grace = await world.addUser('grace')
    other = (await world.server.ask('POST', '/api/v2/orgs', { name: 'weather' })).json.id
    const there = [{ action: 'read', resource: { type: 'tasks', orgID: other } }]
    await makeToken(world, 'of grace', { userID: grace })
    await makeToken(world, 'in weather', { orgID: other, permissions: there, expiresAt: inDays(20) })
    await makeToken(world, 'switched off', { status: 'inactive', expiresAt: inDays(300) })
    const ending = await makeToken(world, 'over soon', {
      expiresAt: new Date(Date.now() + 1500).toISOString(),
    })
    const used = await makeToken(world, 'in use')
    await works(world, used.token)
    for (let count = 0; count < 60; count += 1) await makeToken(world, `bulk ${count}`)
    await until((await world.visit('/signin')).page, async () => (await works(world, ending.token)) === 401)
    page = (await world.visitAs()).page
  })
  after(() => world?.stop())

  const open = async (path: string) => {
    await page.goto(path)
    await settled(page)
  }
  const choose = (label: string, option: string) =>
    page.getByLabel(label, { exact: true }).selectOption(option)
  const shows = (names: string[]) =>
    until(page, async () => JSON.stringify(await descriptions(page)) === JSON.stringify(names))

  test('is filtered by status, organization, owner, expiry and use, as the address says', async () => {
    await open('/tokens')
    await choose('Status', 'Disabled')
    await shows(['switched off'])
    await choose('Status', 'Expired')
    await shows(['over soon'])
    assert.equal(new URL(page.url()).search, '?status=expired')
    await press(page, 'Clear filters')
    await page.getByText('1–25 of 66').waitFor()
    await choose('Organization', 'weather')
    await shows(['in weather'])
    await choose('Expires', 'Never')
    await page.getByText('No tokens found').waitFor()
    assert.equal(await page.getByText(/ of 0/).count(), 0)
    await choose('Expires', 'In the next 30 days')
    await shows(['in weather'])
    await press(page, 'Clear filters')
    await choose('Owner', 'grace')
    await shows(['of grace'])
    await open('/tokens?used=never&org=none')
    await page.getByText('No tokens found').waitFor()
    await open('/tokens?used=never&search=in+use')
    await page.getByText('No tokens found').waitFor()
    await open('/tokens?used=never&search=in+weather')
    await shows(['in weather'])
    assert.equal(await page.getByLabel('Last used', { exact: true }).inputValue(), 'never')
  })

  test('is searched by description, owner, organization, id and status', async () => {
    await open('/tokens')
    await page.getByLabel('Search tokens').fill('expired')
    await shows(['over soon'])
    await page.getByLabel('Search tokens').fill('WEATHER in')
    await shows(['in weather'])
    await page.waitForURL('**/tokens?search=WEATHER+in')
    await page.reload()
    await shows(['in weather'])
    assert.equal(await page.getByLabel('Search tokens').inputValue(), 'WEATHER in')
    await page.getByLabel('Search tokens').fill(grace)
    await shows(['of grace'])
  })

  test('keeps page and sort order in the address, through a reload and Back', async () => {
    await open('/tokens')
    await press(page, 'Next')
    await page.getByText('26–50 of 66').waitFor()
    await page.reload()
    await page.getByText('26–50 of 66').waitFor()
    await page.getByRole('row', { name: 'bulk 30' }).getByRole('link', { name: 'bulk 30' }).click()
    await page.getByRole('heading', { name: 'bulk 30', level: 1 }).waitFor()
    await page.goBack()
    await page.getByText('26–50 of 66').waitFor()
    await page.getByRole('button', { name: 'Last used' }).click()
    await page.getByRole('button', { name: 'Last used' }).click()
    await page.getByText('1–25 of 66').waitFor()
    await page
      .getByRole('columnheader', { name: 'Last used' })
      .and(page.locator('[aria-sort="descending"]'))
      .waitFor()
    assert.equal(new URL(page.url()).search, '?sort=-lastUsed')
    assert.ok((await descriptions(page)).slice(0, 3).includes('in use'))
    await page.getByRole('button', { name: 'Description' }).click()
    await until(page, async () => (await descriptions(page))[2] === 'bulk 1')
    assert.equal((await descriptions(page))[3], 'bulk 2')
  })

  test('links owners and organizations', async () => {
    await open('/tokens?search=of+grace')
    const row = page.getByRole('row', { name: 'of grace' })
    assert.equal(
      await row.getByRole('link', { name: 'grace', exact: true }).getAttribute('href'),
      `/people/${grace}`,
    )
    const org = row.getByRole('link', { name: 'analytics' })
    assert.equal(await org.getAttribute('href'), `/organizations/${world.server.orgID}`)
  })

  test('disables and deletes many at once, and says which could not be', async () => {
    await open('/tokens?search=bulk')
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
    await page.getByText('25 selected').waitFor()
    await press(page, 'Select all 60')
    await page.getByText('60 selected').waitFor()
    await page.getByRole('checkbox', { name: 'Select bulk 0', exact: true }).uncheck()
    await press(page, 'Disable')
    await confirm(page, 'Disable 59 tokens')
    await page.getByText('59 tokens disabled').waitFor()
    await dialogOf(page).waitFor({ state: 'hidden' })
    const state = async () =>
      (await world.server.ask('GET', '/api/v2/authorizations')).json.authorizations.filter(
        (each: { description: string; status: string }) =>
          each.description.startsWith('bulk') && each.status === 'inactive',
      )
    const disabled = await state()
    assert.equal(disabled.length, 59)
    assert.ok(disabled.every((each: { description: string }) => each.description !== 'bulk 0'))
    // What a filter hides is not touched.
    await choose('Status', 'Disabled')
    await press(page, 'Delete')
    await dialogOf(page).getByText('Delete 59 tokens').first().waitFor()
    const gone = disabled.find((each: { description: string }) => each.description === 'bulk 7')
    await world.server.ask('DELETE', `/api/v2/authorizations/${gone.id}`)
    await confirm(page, 'Delete 59 tokens')
    await dialogOf(page).getByText('1 of 59 tokens could not be changed').waitFor()
    await dialogOf(page).getByText('bulk 7: authorization not found').waitFor()
    await page.getByText('58 tokens deleted').waitFor()
    await confirm(page, 'Close')
    await page.getByText('No tokens found').waitFor()
    await open('/tokens?search=bulk')
    await shows(['bulk 0'])
  })
})

describe("a token's page", { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let page: Page
  let token: Made
  before(async () => {
    world = await startConsole()
    token = await makeToken(world, 'Telegraf', { expiresAt: inDays(40) })
    page = (await world.visitAs('ada', PASSWORD, `/tokens/${token.id}`)).page
    await page.getByRole('heading', { name: 'Telegraf', level: 1 }).waitFor()
  })
  after(() => world?.stop())

  const stored = async () => (await world.server.ask('GET', `/api/v2/authorizations/${token.id}`)).json

  test('shows id, owner, organization, permissions and its last events', async () => {
    await page.locator('dd code', { hasText: token.id }).waitFor()
    await page.locator('dd').getByRole('link', { name: 'ada' }).waitFor()
    await page.locator('dd').getByRole('link', { name: 'analytics' }).waitFor()
    await page.locator('.access', { hasText: 'analytics' }).getByText('buckets', { exact: true }).waitFor()
    await page.locator('.events li', { hasText: 'ada created the token Telegraf' }).waitFor()
    const all = page.getByRole('link', { name: 'Show in the audit log' })
    assert.equal(await all.getAttribute('href'), `/audit?search=${token.id}`)
  })

  test('changes description and expiry, earlier, later, to a date and to never', async () => {
    async function edit(
      prepare: () => Promise<unknown>,
    ): Promise<{ expiresAt?: string; description: string }> {
      await press(page, 'Edit')
      await prepare()
      await confirm(page, 'Save')
      await dialogOf(page).waitFor({ state: 'hidden' })
      return stored()
    }
    const near = (at: string | undefined, days: number) =>
      assert.ok(Math.abs(Date.parse(at ?? '') - Date.now() - days * DAY_MS) < 60_000, String(at))
    const expires = () => page.getByLabel('Expires', { exact: true })
    const named = await edit(() => page.getByLabel('Description').fill('Telegraf on web-2'))
    assert.equal(named.description, 'Telegraf on web-2')
    near(named.expiresAt, 40)
    await page.getByText('Saved changes to Telegraf on web-2').first().waitFor()
    near((await edit(() => expires().selectOption('In 7 days'))).expiresAt, 7)
    near((await edit(() => expires().selectOption('In 1 year'))).expiresAt, 365)
    const dated = await edit(async () => {
      await expires().selectOption('On a date')
      assert.equal(await dialogOf(page).getByRole('button', { name: 'Save' }).isDisabled(), true)
      await page.getByLabel('Last day').fill('2099-12-30')
    })
    assert.equal(dated.expiresAt, '2099-12-31T00:00:00.000Z')
    assert.equal((await edit(() => expires().selectOption('Never'))).expiresAt, undefined)
  })

  test('rotates it: the old secret works for a day unless it is revoked, and the page says until when', async () => {
    await press(page, 'Rotate')
    assert.equal(await page.getByLabel('Keep the old secret valid').inputValue(), '86400')
    await confirm(page, 'Rotate')
    const secret = (await page.locator('[data-secret]').textContent()) ?? ''
    await dialogOf(page)
      .getByText(/The old secret works until .*\d\d:\d\d/)
      .waitFor()
    await press(page, 'Done')
    assert.deepEqual([await works(world, token.token), await works(world, secret)], [200, 200])
    await page
      .locator('main')
      .getByText(/The old secret works until/)
      .waitFor()
    await press(page, 'Revoke now')
    await confirm(page, 'Revoke now')
    await page.getByText('The old secret is revoked').waitFor()
    await page
      .locator('main')
      .getByText(/The old secret works until/)
      .waitFor({ state: 'hidden' })
    assert.deepEqual([await works(world, token.token), await works(world, secret)], [401, 200])
  })

  test('disables, enables and deletes it', async () => {
    await press(page, 'Disable')
    await confirm(page, 'Disable')
    await page.locator('.title').getByText('disabled').waitFor()
    await press(page, 'Enable')
    await page.locator('.title').getByText('active', { exact: true }).waitFor()
    assert.equal((await stored()).status, 'active')
    await press(page, 'Delete token')
    await confirm(page, 'Delete token')
    await page.waitForURL('**/tokens')
    await page.getByText('is deleted').waitFor()
    await page.goto(`/tokens/${token.id}`)
    await page.getByText('Authorization not found.').waitFor()
  })
})

describe('a new token', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole()
  })
  after(() => world?.stop())

  test('may have a last day and another owner, if an operator makes it', async () => {
    const grace = await world.addUser('grace')
    const { page, close } = await world.visitAs('ada', PASSWORD, '/tokens/new')
    await page.getByLabel('Description').fill('for grace')
    await page.getByRole('combobox', { name: 'Owner' }).fill('grac')
    assert.equal(await page.getByText('gets its permissions when signed in').count(), 0)
    await pickOnly(page, 'grace')
    await page.getByText('gets its permissions when signed in').waitFor()
    await page.getByLabel('Expires').selectOption('On a date')
    await page.getByLabel('Write engine').check()
    assert.equal(await page.getByRole('button', { name: 'Create token' }).isDisabled(), true)
    await page.getByLabel('Last day').fill('2099-12-30')
    await press(page, 'Create token')
    await press(page, 'Done')
    await page.getByRole('heading', { name: 'for grace', level: 1 }).waitFor()
    const id = page.url().split('/').at(-1)
    const { json } = await world.server.ask('GET', `/api/v2/authorizations/${id}`)
    assert.deepEqual([json.userID, json.expiresAt], [grace, '2099-12-31T00:00:00.000Z'])
    await close()
  })
})

describe('tokens, by role', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  const ids: Record<string, string> = {}
  before(async () => {
    world = await startConsole()
    for (const name of ['owner', 'member', 'nobody']) ids[name] = await world.addUser(name)
    const { orgID } = world.server
    await world.server.ask('POST', `/api/v2/orgs/${orgID}/owners`, { id: ids.owner })
    await world.server.ask('POST', `/api/v2/orgs/${orgID}/members`, { id: ids.member })
    await world.server.ask('POST', '/api/v2/orgs', { name: 'not theirs' })
  })
  after(() => world?.stop())

  const hasNew = (page: Page) => page.getByRole('link', { name: 'New token' }).count()

  test('an operator sees those of all users, with their owners, and may do everything', async () => {
    const { id } = await makeToken(world, 'seen by the operator', { userID: ids.member })
    const { page, close } = await world.visitAs('ada', PASSWORD, '/tokens')
    const row = page.getByRole('row', { name: 'seen by the operator' })
    await row.getByRole('link', { name: 'member', exact: true }).waitFor()
    assert.deepEqual(await menuOf(page, 'seen by the operator'), [
      'Edit',
      'Disable',
      'Rotate',
      'Delete token',
    ])
    await page.goto('/tokens/new')
    await page.getByLabel('Everything in the organization').waitFor()
    assert.deepEqual(await page.getByLabel('Organization').locator('option').allTextContents(), [
      'analytics',
      'not theirs',
    ])
    assert.equal(await page.getByRole('combobox', { name: 'Owner' }).count(), 1)
    await close()
    await world.server.ask('DELETE', `/api/v2/authorizations/${id}`)
  })

  test('an owner creates and changes own tokens, and may only disable those of others', async () => {
    const own = await makeToken(world, 'of the owner', { userID: ids.owner })
    const others = await makeToken(world, 'of another')
    const { page, close } = await world.visitAs('owner', PASSWORD, '/tokens')
    await page.getByRole('link', { name: 'of the owner' }).waitFor()
    // Not the operator's token, which counts outside the organization too.
    assert.deepEqual(await descriptions(page), ['of another', 'of the owner'])
    assert.deepEqual(await menuOf(page, 'of another'), ['Disable'])
    await page.getByRole('checkbox', { name: 'Select of another' }).check()
    assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0)
    await press(page, 'Disable')
    await confirm(page, 'Disable 1 token')
    await page.getByRole('row', { name: /of another.*disabled/ }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Actions for of another' }).count(), 0)
    await page.getByRole('link', { name: 'of another' }).click()
    await page.getByRole('heading', { name: 'of another', level: 1 }).waitFor()
    const disabling = page.locator('.events li', { hasText: 'owner changed the token of another' })
    await disabling.getByRole('link', { name: 'of another' }).waitFor()
    for (const name of ['Edit', 'Rotate', 'Enable', 'Delete token']) {
      assert.equal(await page.getByRole('button', { name }).count(), 0, name)
    }
    await world.server.ask('DELETE', `/api/v2/authorizations/${others.id}`)
    await page.goto('/tokens')
    await page.getByRole('link', { name: 'of the owner' }).waitFor()
    assert.equal(await hasNew(page), 1)
    assert.deepEqual(await menuOf(page, 'of the owner'), ['Edit', 'Disable', 'Rotate', 'Delete token'])
    await page.goto('/tokens/new')
    await page.getByLabel('Everything in the organization').waitFor()
    assert.equal(await page.getByLabel('Organization', { exact: true }).count(), 0)
    assert.equal(await page.getByRole('combobox', { name: 'Owner' }).count(), 0)
    await page.goto(`/tokens/${own.id}`)
    const made = page.locator('.events li', { hasText: 'created the token' })
    await made.getByRole('link', { name: 'of the owner' }).waitFor()
    // It was made with a token of another user, whose page the owner may not open.
    await made.getByText("ada's Token").waitFor()
    assert.equal(await made.getByRole('link', { name: "ada's Token" }).count(), 0)
    assert.equal(
      await page.locator('dd').getByRole('link', { name: 'owner' }).getAttribute('href'),
      '/account',
    )
    await close()
  })

  test('an owner is offered nothing that would give permissions that they lack', async () => {
    const orgs = (await world.server.ask('GET', '/api/v2/orgs')).json.orgs
    const foreign = orgs.find(({ name }: { name: string }) => name === 'not theirs').id
    const bucket = await world.server.ask('POST', '/api/v2/buckets', { orgID: foreign, name: 'secret' })
    const permissions = [{ action: 'write', resource: { type: 'buckets', id: bucket.json.id } }]
    const more = { userID: ids.owner, permissions, status: 'inactive', expiresAt: inDays(40) }
    const { id } = await makeToken(world, 'beyond their rights', more)
    const { page, close } = await world.visitAs('owner', PASSWORD, '/tokens')
    assert.deepEqual(await menuOf(page, 'beyond their rights'), ['Edit', 'Delete token'])
    await page.goto(`/tokens/${id}`)
    await press(page, 'Edit')
    assert.equal(await page.getByRole('button', { name: 'Rotate' }).count(), 0)
    const options = await page.getByLabel('Expires').locator('option').allTextContents()
    assert.deepEqual(options.slice(1), ['In 7 days', 'In 30 days', 'On a date'])
    await page.getByLabel('Expires').selectOption('In 30 days')
    await confirm(page, 'Save')
    await dialogOf(page).waitFor({ state: 'hidden' })
    assert.equal(await page.getByRole('button', { name: 'Enable' }).count(), 0)
    await world.server.ask('DELETE', `/api/v2/authorizations/${id}`)
    await close()
  })

  test('a member sees own tokens, and is offered neither changes nor new ones', async () => {
    const { id } = await makeToken(world, 'of the member', { userID: ids.member })
    const { page, close } = await world.visitAs('member', PASSWORD, '/tokens')
    await page.getByRole('link', { name: 'of the member' }).waitFor()
    await page.getByRole('link', { name: 'analytics' }).waitFor()
    assert.equal(await hasNew(page), 0)
    assert.equal(await page.getByRole('checkbox').count(), 0)
    assert.equal(await page.getByRole('button', { name: /^Actions for/ }).count(), 0)
    await page.getByRole('link', { name: 'of the member' }).click()
    await page.getByRole('heading', { name: 'of the member', level: 1 }).waitFor()
    await page.locator('dd').getByRole('link', { name: 'analytics' }).waitFor()
    for (const name of ['Edit', 'Rotate', 'Disable', 'Delete token']) {
      assert.equal(await page.getByRole('button', { name }).count(), 0, name)
    }
    assert.equal(await page.getByRole('heading', { name: 'Recent events' }).count(), 0)
    await page.goto('/tokens/new')
    await page.getByText('Only owners of an organization can create tokens in it').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Create token' }).count(), 0)
    await close()
    await world.server.ask('DELETE', `/api/v2/authorizations/${id}`)
  })

  test('a user without organizations learns whom to ask', async () => {
    const { page, close } = await world.visitAs('nobody', PASSWORD, '/tokens')
    await page.getByText('No tokens yet').waitFor()
    await page.getByText('Ask an operator or an owner').waitFor()
    assert.equal(await hasNew(page), 0)
    assert.equal(await page.getByLabel('Search tokens').count(), 0)
    await page.goto('/tokens/new')
    await page.getByText('Only owners of an organization can create tokens in it').waitFor()
    await page.goto('/account/permissions')
    await page.getByText('You have no access yet.').waitFor()
    await close()
  })
})

describe('the permissions of a user with 200 tokens', { skip: withoutBrowser }, () => {
  test('fit on two screens, with the tokens on demand and linked', async () => {
    const world = await startConsole()
    try {
      const { orgID } = world.server
      const orgs = [orgID]
      for (const name of ['one', 'two', 'three', 'four']) {
        orgs.push((await world.server.ask('POST', '/api/v2/orgs', { name })).json.id)
      }
      const worker = await world.addUser('worker')
      const types = ['buckets', 'tasks', 'dashboards', 'labels', 'variables', 'telegrafs']
      for (let at = 0; at < 200; at += 1) {
        const [org, type] = [orgs[at % 5] ?? '', types[at % 6] ?? '']
        const action = at % 4 === 0 ? 'write' : 'read'
        const permissions = [{ action, resource: { type, orgID: org } }]
        await makeToken(world, `token ${at}`, {
          orgID: org,
          permissions,
          ...(at % 2 ? { userID: worker } : {}),
        })
      }
      const viewport = { width: 1440, height: 900 }
      const { page, close } = await world.visitAs('ada', PASSWORD, '/account/permissions', { viewport })
      const height = async () => {
        await settled(page)
        return Number(await page.evaluate('document.documentElement.scrollHeight'))
      }
      const analytics = page.locator('.access', { hasText: 'analytics' }).last()
      await analytics.getByText(/Owner of analytics · \d+ tokens/).click()
      const link = analytics.getByRole('link', { name: 'Token “token 0”' })
      await link.waitFor()
      await analytics.getByText(/Owner of analytics · \d+ tokens/).click()
      assert.ok((await height()) <= 1800, `${await height()} pixels`)
      await page.goto(`/people/${worker}`)
      await page.getByText('20 tokens').first().waitFor()
      assert.ok((await height()) <= 1800, `${await height()} pixels`)
      await page.getByText('20 tokens').first().click()
      await page
        .getByRole('link', { name: /^Token “token \d+”/ })
        .first()
        .click()
      await page.getByRole('heading', { name: /^token \d+$/, level: 1 }).waitFor()
      await close()
    } finally {
      await world.stop()
    }
  })
})
