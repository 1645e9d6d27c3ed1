/**
 * Takes screenshots of every page, light and dark, wide and narrow: `npm run screenshots [FOLDER]`. Also renews the
 * images in the documents.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { furnish } from '../test/console/furnish.ts'
import {
  type ConsoleWorld,
  PASSWORD,
  startConsole,
  startEmptyConsole,
  type Visit,
} from '../test/console/world.ts'

const folder = resolve(process.argv[2] ?? 'screenshots')
mkdirSync(folder, { recursive: true })
/** The images in the documents, cropped to this height. */
const DOCUMENTS = fileURLToPath(new URL('../docs/images/', import.meta.url))
const SHOWN: Readonly<Record<string, string>> = {
  'overview-light-wide': 'overview.png',
  'token-new-light-wide': 'token-new.png',
  'audit-details-dark-wide': 'audit-dark.png',
}
const LONGEST = 1200

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** The name of an image, and how to get to the page. */
type Shot = readonly [name: string, path: string, prepare?: (page: Page) => Promise<unknown>]

const DAY_MS = 86_400_000
let clock = Date.now() - DAY_MS
const ARGV = ['--guess-pair-delay', '8m', '--second-factor', 'offered']
const world = await startConsole(ARGV, { now: () => clock, hasUpstream: true })
const ids = await furnish(world, (at) => {
  clock = Math.max(clock, at)
})
const started = Date.now()
const base = Math.max(clock, started)
clock = base
const timer = setInterval(() => {
  clock = base + Date.now() - started
}, 100)

const SHOTS: readonly Shot[] = [
  ['overview', '/overview'],
  ['people', '/people'],
  ['people-new', '/people', (page) => page.getByRole('button', { name: 'New user' }).click()],
  ['person', `/people/${ids.grace}`],
  [
    'person-delete',
    `/people/${ids.grace}`,
    (page) => page.getByRole('button', { name: 'Delete user' }).click(),
  ],
  ['people-invite', '/people', (page) => page.getByRole('button', { name: 'Invite' }).click()],
  ['search-everything', '/people', searchEverything],
  ['sessions', '/sessions'],
  ['upstream', '/upstream', makeDifference],
  ['organizations', '/organizations'],
  ['organization', `/organizations/${world.server.orgID}`],
  ['organization-buckets', `/organizations/${world.server.orgID}/buckets`],
  ['organization-settings', `/organizations/${world.server.orgID}/settings`],
  ['organization-add', `/organizations/${world.server.orgID}`, addSomebody],
  ['tokens', '/tokens'],
  ['tokens-selected', '/tokens', (page) => page.getByRole('checkbox', { name: /^Select Telegraf/ }).check()],
  ['token', '/tokens', (page) => page.getByRole('link', { name: 'Telegraf on web-1', exact: true }).click()],
  ['token-menu', '/tokens', (page) => page.getByRole('button', { name: /^Actions for Grafana/ }).click()],
  ['token-new', '/tokens/new', chooseBuckets],
  ['token-custom', '/tokens/new', (page) => page.getByLabel(/^Custom/).check()],
  ['audit', '/audit'],
  ['audit-details', '/audit', (page) => page.getByRole('button', { name: 'Details' }).nth(1).click()],
  ['account', '/account'],
  ['account-sessions', '/account/sessions'],
  ['account-permissions', '/account/permissions'],
  ['account-second-factors', '/account/second-factors'],
]

/** What an owner and a member see otherwise than an operator. */
const SHOTS_OF_OTHERS: readonly Shot[] = [
  ['organizations', '/organizations'],
  ['organization', `/organizations/${world.server.orgID}`],
  ['organization-buckets', `/organizations/${world.server.orgID}/buckets`],
  ['organization-settings', `/organizations/${world.server.orgID}/settings`],
  ['tokens', '/tokens'],
  ['token-new', '/tokens/new'],
  ['audit', '/audit'],
  ['account', '/account'],
  ['permissions', '/account/permissions'],
  ['people', '/people'],
]

try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await shoot(world, `${colorScheme}-${size}`, { colorScheme, viewport })
    }
  }
} finally {
  clearInterval(timer)
  await world.stop()
}

async function shoot(from: ConsoleWorld, suffix: string, look: object): Promise<void> {
  const outside = await from.visit('/signin', look)
  await take(outside.page, 'signin', suffix)
  await outside.page.getByLabel('User name').fill('ada')
  await outside.page.getByLabel('Password', { exact: true }).fill('wrong')
  await outside.page.getByRole('button', { name: 'Sign in' }).click()
  await outside.page.getByRole('alert').waitFor()
  await take(outside.page, 'signin-refused', suffix)
  await outside.close()

  const empty = await startEmptyConsole()
  const first = await empty.visit('/setup')
  await first.context.close()
  const setup = await world.browser.newContext({ baseURL: empty.server.url, ...look })
  const page = await setup.newPage()
  await page.goto('/setup')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password', { exact: true }).fill('a horse that reads')
  await take(page, 'setup', suffix)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Organization').fill('analytics')
  await page.getByLabel('First bucket').fill('engine')
  await take(page, 'setup-organization', suffix)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.locator('[data-secret]').waitFor()
  await take(page, 'setup-token', suffix)
  await setup.close()
  await empty.stop()

  await takeAll(await from.visitAs('ada', PASSWORD, '/', look), SHOTS, suffix)
  const others = (role: string) => SHOTS_OF_OTHERS.map(([name, path]) => [`${role}-${name}`, path] as const)
  await takeAll(await from.visitAs('grace', PASSWORD, '/', look), others('owner'), suffix)
  await takeAll(await from.visitAs('edsger', PASSWORD, '/', look), others('member'), suffix)

  const plain = await from.visitAs('edsger', PASSWORD, '/', look)
  await plain.page.goto('/overview')
  await plain.page.getByText('You do not have access to this page').waitFor()
  await take(plain.page, 'member-refused', suffix)
  await plain.page.goto('/nowhere')
  await take(plain.page, 'not-found', suffix)
  await plain.page.goto('/account')
  await plain.page.locator('h1').first().waitFor()
  await from.server.ask('DELETE', `/api/v2/users/${ids.edsger}/sessions`)
  await plain.page.getByRole('dialog').waitFor({ timeout: 20_000 })
  await take(plain.page, 'session-ended', suffix)
  await plain.close()
}

async function takeAll({ page, complaints, close }: Visit, shots: readonly Shot[], suffix: string) {
  for (const [name, path, prepare] of shots) {
    await page.goto(path)
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    await prepare?.(page)
    await take(page, name, suffix)
  }
  if (complaints.length > 0) process.stderr.write(`${complaints.join('\n')}\n`)
  await close()
}

async function take(page: Page, name: string, suffix: string): Promise<void> {
  if ((await page.getByRole('menu').count()) === 0) await page.evaluate('scrollTo(0, 0)')
  await page.waitForTimeout(250)
  const fullPage =
    (await page.getByRole('dialog').count()) + (await page.getByRole('alertdialog').count()) === 0
  const path = join(folder, `${name}-${suffix}.png`)
  await page.screenshot({ path, fullPage, animations: 'disabled' })
  const shown = SHOWN[`${name}-${suffix}`]
  if (!shown) return
  const height = Math.min(LONGEST, Number(await page.evaluate('document.documentElement.scrollHeight')))
  const clip = { x: 0, y: 0, width: SIZES.wide.width, height }
  await page.screenshot({ path: join(DOCUMENTS, shown), fullPage, clip, animations: 'disabled' })
}

async function searchEverything(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search everything' }).fill('gra')
  await page.getByRole('option', { name: 'grace', exact: true }).waitFor()
}

async function makeDifference(page: Page): Promise<void> {
  const { upstream } = world
  if (!upstream) return
  await fetch(`${upstream.url}/api/v2/users`, {
    ...{ method: 'POST', body: JSON.stringify({ name: 'made there' }) },
    headers: { authorization: `Token ${upstream.argv.at(-1)}`, 'content-type': 'application/json' },
  })
  await page.getByRole('button', { name: 'Compare again' }).click()
  await page.getByRole('row', { name: 'made there' }).waitFor()
}

async function addSomebody(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add member' }).click()
  await page.getByRole('combobox', { name: 'User' }).fill('a')
  await page.getByRole('listbox').getByRole('option').first().waitFor()
}

async function chooseBuckets(page: Page): Promise<void> {
  await page.getByLabel('Description').fill('Telegraf on web-1')
  await page.getByLabel('Write engine').check()
  await page.getByLabel('Read engine').check()
}
