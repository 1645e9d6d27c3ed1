/**
 * The console in a browser, measured by Chromium's tracing: `npm run bench -- --console`. It measures the first paint
 * of the sign-in page with the processor slowed down four times, and the time from a key or click to the next frame in
 * a list of ten thousand users.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import type { ID } from '../src/domain/base/id.ts'
import { type ConsoleWorld, startConsole, until } from '../test/console/world.ts'
import { type Figure, median } from './report.ts'
import { firstContentfulPaint, longestInteraction, traced } from './trace.ts'

const SLOWER = 4
const VISITS = 9
const USERS = 10_000

export async function benchConsole(show: (figure: Figure) => void): Promise<void> {
  const world = await startConsole()
  try {
    const bare = await servePlainPage()
    const paints: number[] = []
    const least: number[] = []
    for (let count = 0; count < VISITS; count += 1) {
      paints.push(await firstPaint(world, `${world.server.url}/signin`))
      least.push(await firstPaint(world, bare.url))
    }
    await bare.stop()
    const slowed = `processor slowed ${SLOWER} times, nothing cached, median of ${VISITS}`
    show({
      name: `first contentful paint of sign-in, ${slowed}`,
      value: median(paints),
      unit: 'ms',
      atMost: 600,
    })
    show({ name: `the same for a page with one word, ${slowed}`, value: median(least), unit: 'ms' })
    const ready: number[] = []
    for (let count = 0; count < VISITS; count += 1) ready.push(await formIsThere(world))
    show({ name: `sign-in form usable, ${slowed}`, value: median(ready), unit: 'ms' })
    await addUsers(world)
    const value = await slowestInteraction(world)
    show({ name: 'slowest interaction with a list of 10,000 users', value, unit: 'ms', atMost: 100 })
  } finally {
    await world.stop()
  }
}

/** Milliseconds until the first paint. */
async function firstPaint(world: ConsoleWorld, url: string): Promise<number> {
  const { page, cdp, close } = await visitSlowly(world)
  const events = await traced(cdp, async () => {
    await page.goto(url)
    const paints = "performance.getEntriesByName('first-contentful-paint').length"
    await until(page, async () => Number(await page.evaluate(paints)) > 0)
  })
  await close()
  return firstContentfulPaint(events, url)
}

/** Milliseconds until the name can be typed. */
async function formIsThere(world: ConsoleWorld): Promise<number> {
  const { page, close } = await visitSlowly(world)
  await page.goto('/signin')
  await page.getByLabel('User name').waitFor()
  const ms = Number(await page.evaluate('performance.now()'))
  await close()
  return ms
}

async function visitSlowly(world: ConsoleWorld) {
  const visit = await world.visit('about:blank')
  const cdp = await visit.context.newCDPSession(visit.page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  return { ...visit, cdp }
}

/** The time that the browser itself needs, measured on this machine now. */
async function servePlainPage() {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>bare</title><p>Sluice</p>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function addUsers({ server }: ConsoleWorld): Promise<void> {
  await server.store.transaction(async ({ users }) => {
    for (let count = 0; count < USERS; count += 1) {
      const id = (0x1000 + count).toString(16).padStart(16, '0') as ID
      await users.add({ id, name: `user ${String(count).padStart(5, '0')}`, status: 'active' })
    }
  })
}

/** Types a search letter by letter, pages through the list, opens a user and goes back. */
async function slowestInteraction(world: ConsoleWorld): Promise<number> {
  const { page, context, close } = await world.visitAs('ada', undefined, '/people')
  await page.getByText('of 10,001').waitFor()
  const events = await traced(await context.newCDPSession(page), async () => {
    await page.getByLabel('Search by name').click()
    await page.keyboard.type('user 0123', { delay: 120 })
    await page.getByText('of 10', { exact: false }).first().waitFor()
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await page.getByText('of 10,001').waitFor()
    for (let count = 0; count < 5; count += 1) await nextPage(page)
    await page.getByRole('link', { name: 'user 00', exact: false }).first().click()
    await page.getByRole('heading', { name: 'user 00', exact: false }).waitFor()
    await page.getByRole('link', { name: 'All people' }).click()
    await page.getByText('of 10,001').waitFor()
  })
  await close()
  return longestInteraction(events)
}

async function nextPage(page: Page): Promise<void> {
  const before = await page.locator('.pager span').textContent()
  await page.getByRole('button', { name: 'Next' }).click()
  await until(page, async () => (await page.locator('.pager span').textContent()) !== before)
}
