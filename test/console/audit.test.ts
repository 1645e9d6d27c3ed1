/** The audit log in the browser: sentences with names and links, for operators and owners. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { basic, send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, startConsole } from './world.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const LONG = 'barbara.liskov-of-the-distributed-systems-group'

describe('the audit log', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let page: Page
  let org: string
  let alan: string
  before(async () => {
    world = await startConsole()
    const { ask } = world.server
    alan = await world.addUser('alan.turing')
    org = (await ask('POST', '/api/v2/orgs', { name: 'factory-floor' })).json.id
    await ask('POST', `/api/v2/orgs/${org}/owners`, { id: alan })
    await ask('POST', '/api/v2/buckets', { name: 'points', orgID: org })
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: org } }]
    await ask('POST', '/api/v2/authorizations', { orgID: org, permissions, description: 'Telegraf' })
    const barbara = await world.addUser(LONG)
    await ask('POST', `/api/v2/orgs/${org}/members`, { id: barbara })
    const gone = (await ask('POST', '/api/v2/users', { name: 'passing' })).json.id
    await ask('DELETE', `/api/v2/users/${gone}`)
    const wrong = { authorization: basic('alan.turing', 'wrong password') }
    for (let index = 0; index < 3; index++) {
      await send(world.server.url, { method: 'POST', path: '/api/v2/signin', headers: wrong })
    }
    const right = { authorization: basic(LONG, PASSWORD), 'user-agent': FIREFOX }
    await send(world.server.url, { method: 'POST', path: '/api/v2/signin?remember=true', headers: right })
    page = (await world.visitAs('ada', PASSWORD, '/audit')).page
  })
  after(() => world?.stop())

  const row = (text: string | RegExp) => page.getByRole('row', { name: text })

  test('shows sentences', async () => {
    await row("ada added alan.turing to factory-floor as owner by token ada's Token").waitFor()
    await row('ada created the bucket points in factory-floor').waitFor()
    await row('ada created the token Telegraf').waitFor()
    await row(/Sign-in as alan.turing was refused.*3 times/).waitFor()
    await row('ada deleted the user passing').waitFor()
    assert.equal(await page.getByText('authorization', { exact: true }).count(), 0)
  })

  test('links user, place and target to their pages, unless they were deleted', async () => {
    const joined = row('added alan.turing to factory-floor as owner')
    const target = (name: string) => joined.getByRole('link', { name }).getAttribute('href')
    assert.equal(await target('alan.turing'), `/people/${alan}`)
    assert.equal(await target('factory-floor'), `/organizations/${org}`)
    assert.equal(await row('ada deleted').getByRole('link', { name: 'passing' }).count(), 0)
    await row('ada created the token Telegraf').getByRole('link', { name: 'Telegraf' }).click()
    await page.getByRole('heading', { name: 'Telegraf', level: 1 }).waitFor()
    await page.goBack()
    await row('ada deleted the user passing').waitFor()
  })

  test('shows the same with names and ids in the details', async () => {
    const joined = row('added alan.turing to factory-floor as owner')
    await joined.getByRole('button', { name: 'Details' }).click()
    const details = page.locator('.facts')
    for (const text of [`ada ${world.server.userID}`, `alan.turing ${alan}`, `factory-floor ${org}`]) {
      await details.getByText(text).first().waitFor()
    }
    await joined.getByRole('button', { name: 'Details' }).click()
  })

  test('has all names in the download', async () => {
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ])
    const [head = '', ...lines] = readFileSync(await csv.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    const cells = (lines.find((line) => line.includes(',owner.add,') && line.includes(alan)) ?? '').split(',')
    const value = (column: string) => cells[head.split(',').indexOf(column)]
    assert.deepEqual(['actorUserName', 'actorAuthorizationDescription', 'targetName'].map(value), [
      'ada',
      "ada's Token",
      'factory-floor',
    ])
    assert.deepEqual(
      ['targetOrgID', 'targetOrgName', 'targetUserID', 'targetUserName', 'currentNames'].map(value),
      [org, 'factory-floor', alan, 'alan.turing', ''],
    )
  })

  for (const locale of ['en-GB', 'en-US']) {
    test(`and the list of sessions wrap no name or address, and cut nothing off, in ${locale}`, async () => {
      const { page: own, close } = await world.visitAs('ada', PASSWORD, '/', { locale })
      for (const path of ['/audit', '/sessions']) {
        await own.goto(path)
        await own.getByRole('row', { name: LONG }).first().waitFor()
        for (const width of [390, 900, 1000, 1200, 1440]) {
          await own.setViewportSize({ width, height: 900 })
          const place = `${path} at ${width} pixels`
          assert.deepEqual(await brokenNames(own), [], place)
          // Below 900 pixels rows are cards, without columns that could be too narrow.
          if (width >= 900) assert.deepEqual(await cut(own, 'td, th'), [], place)
          // Between, the list of sessions may have to be scrolled sideways.
          if (width >= 1200) assert.deepEqual(await cut(own, '.table-wrap'), [], place)
          const overflow = await own
            .locator('html')
            .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
          assert.ok(overflow <= 0, `${place}: ${overflow} px wider than the window`)
        }
      }
      await close()
    })
  }

  test('shows an owner the names of their organizations, and links only to pages they may open', async () => {
    const { page: own, close } = await world.visitAs('alan.turing', PASSWORD, '/audit')
    const joined = own.getByRole('row', { name: 'ada added alan.turing to factory-floor as owner' })
    await joined.waitFor()
    assert.equal(await joined.getByRole('link', { name: 'ada', exact: true }).count(), 0)
    assert.equal(await joined.getByRole('link', { name: 'alan.turing' }).getAttribute('href'), '/account')
    // The token that acted belongs to another organization.
    assert.equal(await own.getByText("ada's Token").count(), 0)
    await own.getByLabel('Search', { exact: true }).fill('TURING')
    await own.getByRole('row', { name: 'created the bucket points' }).waitFor({ state: 'hidden' })
    await joined.waitFor()
    await close()
  })
})

/** Names, addresses and methods that have more than one line; only a name that is longer than a line may. */
function brokenNames(page: Page): Promise<(string | null)[]> {
  // One rectangle per line.
  return page.locator('td .name, td .address, td bdi, td.unbroken').evaluateAll((all) =>
    all
      .filter(({ textContent: name }) => name && !/\s/.test(name) && name.length < 40)
      .filter((each) => each.getClientRects().length > 1)
      .map((each) => each.textContent),
  )
}

/** The text of elements whose content is wider than they are. */
function cut(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll((all) =>
      all
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(
          ({ textContent, scrollWidth, clientWidth }) => `${textContent}: ${scrollWidth} > ${clientWidth}`,
        ),
    )
}
