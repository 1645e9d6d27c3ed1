/** Each page offers what the user may do, and nothing that the server would refuse. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole } from './world.ts'

const ROLES = ['operator', 'owner', 'member', 'nobody'] as const
type Role = (typeof ROLES)[number]

/** By the name of a button, combobox or link: who sees it. The others see none of that name. */
type Controls = Readonly<Record<string, readonly Role[]>>

/** `ORG` stands for the id of the organization, `USER` for that of another user. */
const PAGES: Readonly<Record<string, Controls>> = {
  '/organizations': { 'New organization': ['operator'] },
  '/organizations/ORG': {
    'Add member': ['operator', 'owner'],
    'Role of member': ['operator', 'owner'],
    'Remove member': ['operator', 'owner'],
  },
  '/organizations/ORG/buckets': {
    'New bucket': ['operator', 'owner'],
    'Actions for engine': ['operator', 'owner'],
    'Copy engine': ['operator', 'owner', 'member'],
  },
  '/organizations/ORG/settings': {
    Edit: ['operator', 'owner'],
    'Delete organization': ['operator', 'owner'],
    Copy: ['operator', 'owner', 'member'],
  },
  '/people': { 'New user': ['operator'], 'Search by name': ['operator'] },
  '/people/USER': {
    Rename: ['operator'],
    'Reset password': ['operator'],
    'Add to organization': ['operator'],
    Deactivate: ['operator'],
    'Delete user': ['operator'],
  },
}

describe('by rights', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let other: string
  before(async () => {
    world = await startConsole()
    const { orgID } = world.server
    for (const [role, list] of [
      ['owner', 'owners'],
      ['member', 'members'],
    ] as const) {
      const id = await world.addUser(role)
      await world.server.ask('POST', `/api/v2/orgs/${orgID}/${list}`, { id })
    }
    await world.addUser('nobody')
    other = await world.addUser('other')
  })
  after(() => world?.stop())

  const pathOf = (path: string) => path.replace('ORG', world.server.orgID).replace('USER', other)

  async function offered(page: Page, name: string): Promise<boolean> {
    const controls = (['button', 'link', 'combobox', 'searchbox'] as const).map((role) =>
      page.getByRole('main').getByRole(role, { name, exact: true }),
    )
    const counts = await Promise.all(controls.map((each) => each.count()))
    return counts.some((count) => count > 0)
  }

  for (const role of ROLES) {
    test(`as ${role}`, async () => {
      const { page, complaints, close } = await world.visitAs(role === 'operator' ? 'ada' : role, PASSWORD)
      for (const [path, controls] of Object.entries(PAGES)) {
        await page.goto(pathOf(path))
        await settled(page)
        await page.waitForLoadState('networkidle')
        for (const [name, roles] of Object.entries(controls)) {
          assert.equal(await offered(page, name), roles.includes(role), `${name} on ${path}`)
        }
      }
      assert.deepEqual(complaints, [])
      await close()
    })
  }
})
