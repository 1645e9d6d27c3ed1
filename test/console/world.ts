/** A server with its console, users in it, and browsers that open it. */
import assert from 'node:assert/strict'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { consoleOfSources } from '../../scripts/console.ts'
import { launchBrowser } from '../support/browser.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'
import { type StubUpstream, startStubUpstream } from '../support/stub-upstream.ts'

export { PASSWORD }

/** Longer than any step takes, since three browsers share the cores of a whole run; a test that succeeds does not wait for it. */
const PATIENCE_MS = 40_000

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page: scripts that failed, and requests that its policy blocked. */
  readonly complaints: string[]
  close(): Promise<void>
}

export interface ConsoleWorld {
  readonly server: SetUpServer
  readonly browser: Browser
  /** Undefined unless it was asked for. */
  readonly upstream: StubUpstream | undefined
  /** A new browser with empty storage. */
  visit(path?: string, options?: BrowserContextOptions): Promise<Visit>
  /** A new browser, signed in through the page. */
  visitAs(name?: string, password?: string, path?: string, options?: BrowserContextOptions): Promise<Visit>
  /** A second server on the same data with other settings. */
  restarted(argv: readonly string[]): Promise<{ visit: ConsoleWorld['visit']; stop(): Promise<void> }>
  /** A user whose password need not be changed. */
  addUser(name: string, password?: string): Promise<string>
  stop(): Promise<void>
}

export async function startConsole(
  argv: readonly string[] = [],
  { hasUpstream = false, ...options }: { now?: () => number; hasUpstream?: boolean } = {},
): Promise<ConsoleWorld> {
  const upstream = hasUpstream ? await startStubUpstream() : undefined
  const server = await startSetUp([...(upstream?.argv ?? []), ...argv], {
    ...options,
    consoleFolder: await consoleOfSources(),
  })
  const browser = await launchBrowser()
  const visit = (path?: string, more?: BrowserContextOptions) => openPage(browser, server.url, path, more)
  return {
    ...{ server, browser, upstream, visit },
    async visitAs(name = 'ada', password = PASSWORD, path = '/', more = {}) {
      const visited = await visit(`/signin?returnTo=${encodeURIComponent(path)}`, more)
      await signInOn(visited.page, name, password)
      await visited.page.locator('h1').first().waitFor()
      return visited
    },
    async restarted(otherwise) {
      const { store } = server
      const kept = { ...store, close: async () => undefined }
      const consoleFolder = await consoleOfSources()
      const second = await startServer(otherwise, { consoleFolder, open: async () => kept })
      return {
        visit: (path?: string, more?: BrowserContextOptions) => openPage(browser, second.url, path, more),
        stop: second.stop,
      }
    },
    async addUser(name, password = PASSWORD) {
      const made = await server.ask('POST', '/api/v2/users', { name })
      assert.equal(made.status, 201, made.text)
      const set = await server.ask('POST', `/api/v2/users/${made.json.id}/password`, { password })
      assert.equal(set.status, 204, set.text)
      return made.json.id
    },
    async stop() {
      await browser.close()
      await server.stop()
      await upstream?.stop()
    },
  }
}

/** A new server without any user, with its console. */
export async function startEmptyConsole() {
  const server = await startServer([], { consoleFolder: await consoleOfSources() })
  const browser = await launchBrowser()
  return {
    server,
    visit: (path?: string, options?: BrowserContextOptions) => openPage(browser, server.url, path, options),
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

async function openPage(
  browser: Browser,
  url: string,
  path = '/',
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-GB', timezoneId: 'UTC', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // Chromium logs every refused request; the console handles those itself.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text())
  })
  await page.goto(path)
  return { page, context, complaints, close: () => context.close() }
}

export async function signInOn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/signin'))
}

/** Polls from outside the page, because the page's policy forbids evaluating text. */
export async function until(page: Page, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!(await holds())) {
    assert.ok(Date.now() < end, `timed out waiting on ${page.url()}`)
    await page.waitForTimeout(20)
  }
}

/** Clicks the only option of a list, once those of the text before are gone: they could move under the click. */
export async function pickOnly(page: Page, name: string): Promise<void> {
  const options = page.getByRole('listbox').getByRole('option')
  await until(page, async () => (await options.count()) === 1)
  await options.filter({ hasText: name }).click()
}

/** Resolves once nothing on the page is loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  const loading = page.locator('.skeleton')
  await until(page, async () => (await loading.count()) === 0)
}
