/** Each page offers what the user may do, and nothing that the server would refuse. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { type ConsoleWorld, PASSWORD, settled, startConsole } from './world.ts'

const ROLES = ['operator', 'owner', 'member', 'nobody'] as const
type Role = (typeof ROLES)[number]

/** By the name of a button, combobox or link: who sees it. The others see none of that name. */
type Controls = Readonly<Record<string, readonly Role[]>>

const EVERYBODY = ROLES
/** Of the navigation, on whatever page. */
const NAVIGATION: Controls = {
  Overview: ['operator'],
  People: ['operator'],
  Sessions: ['operator'],
  'Audit log': ['operator', 'owner'],
  Organizations: EVERYBODY,
  Tokens: EVERYBODY,
  Account: EVERYBODY,
}

/** `ORG` stands for the id of the organization, `USER` for that of another user, `TOKEN` for one of the operator's. */
const PAGES: Readonly<Record<string, Controls>> = {
  '/overview': { 'Time range': ['operator'], 'End all sessions': ['operator'] },
  '/sessions': { 'Search sessions': ['operator'] },
  '/upstream': { 'Compare again': ['operator'] },
  '/audit': {
    'Export CSV': ['operator', 'owner'],
    Search: ['operator', 'owner'],
    User: ['operator'],
  },
  '/tokens': { 'New token': ['operator', 'owner'], 'Search tokens': ['operator', 'owner'] },
  '/tokens/TOKEN': {
    Edit: ['operator'],
    Rotate: ['operator'],
    Disable: ['operator', 'owner'],
    'Delete token': ['operator'],
    'Show in the audit log': ['operator', 'owner'],
  },
  '/tokens/new': { 'Create token': ['operator', 'owner'], Owner: ['operator'] },
  '/account': { Rename: EVERYBODY, 'Change password': EVERYBODY },
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
    '← All people': ['operator'],
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
  let tokenID: string
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
    const resource = { type: 'buckets', orgID }
    const token = await world.server.ask('POST', '/api/v2/authorizations', {
      ...{ orgID, description: 'of the operator', permissions: [{ action: 'read', resource }] },
    })
    tokenID = token.json.id
  })
  after(() => world?.stop())

  const pathOf = (path: string) =>
    path.replace('ORG', world.server.orgID).replace('USER', other).replace('TOKEN', tokenID)

  async function offered(within: Locator, name: string): Promise<boolean> {
    const controls = (['button', 'link', 'combobox', 'searchbox'] as const).map((role) =>
      within.getByRole(role, { name, exact: true }),
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
          assert.equal(
            await offered(page.getByRole('main'), name),
            roles.includes(role),
            `${name} on ${path}`,
          )
        }
        // Neither the words for a permission nor a request id belong on a page that is known to be closed to the user.
        assert.equal(await page.getByText('is unauthorized').count(), 0, path)
      }
      for (const [name, roles] of Object.entries(NAVIGATION)) {
        const offers = await offered(page.getByRole('navigation', { name: 'Main' }), name)
        assert.equal(offers, roles.includes(role), `${name} in the navigation`)
      }
      assert.deepEqual(complaints, [])
      await close()
    })
  }
})
