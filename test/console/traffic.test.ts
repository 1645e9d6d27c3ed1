/** Forwarded requests in the browser: on the overview, a person's page, a token's details, and in the audit log. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole } from './world.ts'

const STATEMENT = 'buckets() // <img src=x onerror=alert(1)>'

describe('traffic', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let page: Page
  let token: { id: string; token: string }

  const asToken = () => ({ authorization: `Token ${token.token}` })
  const query = (headers: Record<string, string>) =>
    send(world.server.url, {
      ...{ method: 'POST', path: `/api/v2/query?orgID=${world.server.orgID}`, body: STATEMENT },
      headers: { ...headers, 'content-type': 'application/vnd.flux' },
    })
  const write = (headers: Record<string, string>) => {
    const { url, orgID, bucketID } = world.server
    const path = `/api/v2/write?orgID=${orgID}&bucket=${bucketID}`
    return send(url, { method: 'POST', path, headers, body: 'm f=1' })
  }

  before(async () => {
    world = await startConsole(['--audit-data'], { hasUpstream: true })
    const { orgID, operator } = world.server
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    const body = { orgID, permissions, description: 'Grafana' }
    token = (await world.server.ask('POST', '/api/v2/authorizations', body)).json
    for (let count = 0; count < 4; count += 1) await query(asToken())
    await write(asToken())
    for (let count = 0; count < 2; count += 1) await write({ ...operator })
    await write({ authorization: 'Token wrong' })
    page = (await world.visitAs()).page
  })
  after(() => world?.stop())

  /** The cells of a row, without the bar, by its beginning. */
  const cells = async (card: string, row: string) => {
    const section = page.locator('section', { has: page.getByRole('heading', { name: card }) })
    const found = section.getByRole('row', { name: row })
    await found.waitFor()
    return (await found.getByRole('cell').allTextContents()).map((text) => text.trim())
  }

  test('is on the overview by organization, with what no organization is known of and the total', async () => {
    await page.goto('/overview')
    const [name, requests, refused, errors, received] = await cells('Traffic by organization', 'analytics')
    assert.deepEqual([name, requests, refused, errors], ['analytics', '7', '1', '0'])
    assert.match(received ?? '', /^\d+ ?B$/)
    assert.equal((await cells('Traffic by organization', 'Others and unknown'))[2], '1')
    assert.equal((await cells('Traffic by organization', 'Total'))[1], '8')
    await page.getByText('Counted by this node since').first().waitFor()
    await page.getByRole('combobox', { name: 'Time range of the traffic' }).selectOption('lastHour')
    assert.equal((await cells('Traffic by organization', 'Total'))[1], '8')
  })

  test('has the most active tokens on the overview, linked to them and to their owners', async () => {
    const row = await cells('Most active tokens', 'Grafana')
    assert.deepEqual(row.slice(0, 6), ['Grafana', 'ada', 'analytics', '5', '1', '0'])
    const person = page.getByRole('row', { name: 'Grafana' }).getByRole('link', { name: 'ada' })
    assert.equal(await person.getAttribute('href'), `/people/${world.server.userID}`)
    await page.getByRole('link', { name: 'Grafana' }).click()
    await page.getByRole('heading', { name: 'Grafana', level: 1 }).waitFor()
  })

  test("is on a token's page and on a person's", async () => {
    await page.goto(`/tokens/${token.id}`)
    await page.getByRole('img', { name: 'Last 24 hours: Requests 5, Refused 1, Errors 0' }).waitFor()
    await page.getByRole('combobox', { name: 'Time range of the traffic' }).selectOption('lastHour')
    await page.getByRole('img', { name: 'Last hour: Requests 5, Refused 1, Errors 0' }).waitFor()
    await page.goto(`/people/${world.server.userID}`)
    await page.getByRole('img', { name: 'Last 24 hours: Requests 7, Refused 1, Errors 0' }).waitFor()
    const idle = await world.addUser('idle')
    await page.goto(`/people/${idle}`)
    await page.getByText('No requests in this period.').waitFor()
  })

  test('shows whether InfluxDB can be reached', async () => {
    await page.goto('/overview')
    const card = page.locator('section', {
      has: page.getByRole('heading', { name: 'InfluxDB', exact: true }),
    })
    await card.getByText('Reachable', { exact: true }).waitFor()
    await card.locator('time').waitFor()
    await world.upstream?.stop()
    assert.equal((await query(asToken())).status, 503)
    await page.reload()
    await card.getByText('Not reachable').waitFor()
  })

  test('is in the audit log: a query with its statement as text, status and duration, and counted writes', async () => {
    await page.goto('/audit?event=data.query&outcome=success')
    const row = page.getByRole('row', { name: 'ada queried data in analytics by token Grafana' }).first()
    await row.getByRole('button', { name: 'Details' }).click()
    assert.equal(await page.locator('pre.statement').textContent(), STATEMENT)
    const facts = await page.locator('.facts').textContent()
    assert.match(facts ?? '', /HTTP status200Duration[\d,]+ ms/)
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ])
    const [head = '', first = ''] = readFileSync(await csv.path(), 'utf8').split('\r\n')
    assert.ok(head.endsWith(',status,durationMs,statement,currentNames'))
    assert.ok(first.includes(STATEMENT))
    await page.goto('/audit?event=data.query&outcome=failed')
    await page.getByRole('row', { name: 'A query of data in analytics by ada failed' }).waitFor()
    await page.goto('/audit?event=data.write')
    await page
      .getByRole('row', { name: /Data was written to the bucket engine in analytics.*2 times/ })
      .waitFor()
  })
})

describe('a server that forwards nothing', { skip: withoutBrowser }, () => {
  test('shows no traffic', async () => {
    const world = await startConsole()
    try {
      const { page } = await world.visitAs('ada', PASSWORD, `/people/${world.server.userID}`)
      await page.getByRole('heading', { name: 'ada', level: 1 }).waitFor()
      await settled(page)
      assert.equal(await page.getByRole('heading', { name: 'Traffic' }).count(), 0)
      await page.goto('/overview')
      await settled(page)
      await page.getByRole('heading', { name: 'Server' }).waitFor()
      assert.equal(await page.getByRole('heading', { name: /Traffic|tokens|InfluxDB/ }).count(), 0)
    } finally {
      await world.stop()
    }
  })
})
