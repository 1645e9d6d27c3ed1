/** Each page offers what the user may do, and nothing that the server would refuse. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Locator } from 'playwright-core'
import { withoutBrowser } from '../support/browser.ts'
import { basic, send } from '../support/http.ts'
import { PAGES, type PagePath, pathWith } from './pages.ts'
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

/** What is offered on each page. `TOKEN` is one of the operator's, `USER` another user. */
const CONTROLS: Readonly<Record<PagePath, Controls>> = {
  '/overview': { 'Time range': ['operator'], 'End all sessions': ['operator'] },
  '/sessions': { 'Search sessions': ['operator'] },
  '/upstream': { 'Compare again': ['operator'], Repair: ['operator'] },
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
  '/account': { Rename: EVERYBODY, 'Change password': EVERYBODY, 'Link an identity': ['operator'] },
  '/account/sessions': { 'End session': EVERYBODY, 'End all others': EVERYBODY },
  '/account/permissions': { analytics: ['operator', 'owner', 'member'] },
  '/account/second-factors': {
    'Add an authenticator app': EVERYBODY,
    'Add an application password': EVERYBODY,
  },
  '/command-line': { 'Give it a token': [] },
  '/device': { Continue: EVERYBODY },
  '/nowhere': { 'Back to start': EVERYBODY },
  '/organizations': { 'New organization': ['operator'] },
  '/organizations/ORG': {
    'Add member': ['operator', 'owner'],
    Invite: ['operator', 'owner'],
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
  '/people': { 'New user': ['operator'], Invite: ['operator'], 'Search by name': ['operator'] },
  '/people/USER': {
    '← All people': ['operator'],
    Rename: ['operator'],
    'Reset password': ['operator'],
    'Password link': ['operator'],
    'Link an identity': ['operator'],
    'Add to organization': ['operator'],
    Deactivate: ['operator'],
    'Delete user': ['operator'],
  },
}

test('the list of pages has every page of the router', () => {
  const source = readFileSync(join(import.meta.dirname, '../../console/src/router.tsx'), 'utf8')
  const within = source.slice(source.indexOf('const within = ['))
  const paths = [...within.matchAll(/path: '([^']+)'/g)]
    .map(([, path = '']) => path.replace('people/$id', 'people/USER').replace('tokens/$id', 'tokens/TOKEN'))
    .map((path) => path.replace('$id', 'ORG').replace(/^\$$/, '/nowhere'))
  assert.deepEqual(paths.toSorted(), PAGES.toSorted())
})

describe('by rights', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  let other: string
  let tokenID: string
  before(async () => {
    world = await startConsole(['--second-factor', 'offered'], { hasUpstream: true })
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
    const { upstream } = world
    assert.ok(upstream)
    // A difference to repair.
    await send(upstream.url, {
      ...{ method: 'POST', path: '/api/v2/users', body: JSON.stringify({ name: 'made there' }) },
      headers: { authorization: `Token ${upstream.argv.at(-1)}`, 'content-type': 'application/json' },
    })
  })
  after(() => world?.stop())

  const pathOf = (path: string) => pathWith(path, { ORG: world.server.orgID, USER: other, TOKEN: tokenID })

  async function offered(within: Locator, name: string): Promise<boolean> {
    const controls = (['button', 'link', 'combobox', 'searchbox'] as const).map((role) =>
      within.getByRole(role, { name, exact: true }),
    )
    const counts = await Promise.all(controls.map((each) => each.count()))
    return counts.some((count) => count > 0)
  }

  for (const role of ROLES) {
    test(`as ${role}`, async () => {
      const name = role === 'operator' ? 'ada' : role
      // Another session, which can be ended.
      const headers = { authorization: basic(name, PASSWORD) }
      await send(world.server.url, { method: 'POST', path: '/api/v2/signin', headers })
      const { page, complaints, close } = await world.visitAs(name, PASSWORD)
      for (const [path, controls] of Object.entries(CONTROLS)) {
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
