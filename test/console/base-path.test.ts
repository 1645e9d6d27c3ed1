/** The whole server below a path of a proxy, driven in a browser. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { beginLogin, machine } from '../process/login-machine.ts'
import { withoutBrowser } from '../support/browser.ts'
import { send } from '../support/http.ts'
import { type ConsoleWorld, PASSWORD, settled, signInOn, startConsole } from './world.ts'

describe('the server below a path', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole(['--base-path', '/tools/sluice'])
  })
  after(() => world.stop())

  test('has its console, documents, API and cookie there', async () => {
    const { page, complaints, context, close } = await world.visit('/tools/sluice/organizations')
    const outside: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (!pathname.startsWith('/tools/sluice/')) outside.push(pathname)
    })
    await page.waitForURL('**/tools/sluice/signin?returnTo=%2Forganizations')
    await signInOn(page, 'ada', PASSWORD)
    await page.waitForURL('**/tools/sluice/organizations')
    await settled(page)
    const [cookie] = await context.cookies()
    assert.equal(cookie?.path, '/tools/sluice/api/')
    for (const name of ['Overview', 'People', 'Tokens', 'Audit log', 'Account']) {
      await page.getByRole('navigation').getByRole('link', { name }).click()
      await settled(page)
      assert.match(new URL(page.url()).pathname, /^\/tools\/sluice\/[a-z]+$/)
    }
    await page.reload()
    await settled(page)
    await page.getByRole('button', { name: /^Account: ada/ }).click()
    assert.equal(await page.getByRole('menuitem', { name: 'InfluxDB' }).count(), 0)
    await page.getByRole('menuitem', { name: 'Documentation' }).click()
    await page.waitForURL('**/tools/sluice/docs/')
    await page.getByRole('searchbox').fill('throttled')
    await page.getByRole('searchbox').press('Enter')
    await page.waitForURL('**/tools/sluice/docs/search?q=throttled')
    assert.deepEqual(outside, [])
    assert.deepEqual(complaints, [])
    await close()
  })

  test('signs a command line in there, at the address with and without the path', async () => {
    for (const path of ['', '/tools/sluice/']) {
      const at = machine()
      const host = ['--host', world.server.url + path]
      const login = beginLogin(['login', ...host], at)
      const { href, pathname } = await at.page()
      assert.equal(pathname, '/tools/sluice/command-line')
      const { page, close } = await world.visit(href)
      await signInOn(page, 'ada', PASSWORD)
      await page.getByRole('button', { name: 'Give it a token' }).click()
      await page.waitForURL('**/tools/sluice/command-line?outcome=done')
      assert.equal((await login.ended).code, 0)
      assert.equal((await at.run(['user', 'list', ...host])).code, 0)
      await close()
    }
  })

  test('names it in its OpenAPI document, and answers at the root too', async () => {
    for (const path of ['/tools/sluice/api/v2/openapi.json', '/api/v2/openapi.json']) {
      const { json } = await send(world.server.url, { method: 'GET', path })
      assert.deepEqual(json.servers, [{ url: '/tools/sluice' }])
    }
    assert.equal((await send(world.server.url, { method: 'GET', path: '/health' })).status, 200)
    const headers = { accept: 'text/html' }
    const { text } = await send(world.server.url, { method: 'GET', path: '/tools/sluice', headers })
    assert.match(text, /src="\/tools\/sluice\/assets\//)
  })

  test('leads back to another application after sign-in and sign-out, but to no other host', async (t) => {
    const application = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<h1>The application</h1>')
    })
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
    t.after(() => application.close())
    const host = `127.0.0.1:${(application.address() as AddressInfo).port}`
    const second = await world.restarted(['--base-path', '/tools/sluice', '--allowed-return-hosts', host])
    t.after(() => second.stop())
    const signIn = (to: string) => second.visit(`/tools/sluice/signin?return=${encodeURIComponent(to)}`)

    const { page, close } = await signIn(`http://${host}/d/1?a=b&c=d`)
    await signInOn(page, 'ada', PASSWORD)
    await page.waitForURL(`http://${host}/d/1?a=b&c=d`)
    await close()

    const leaving = await second.visit('/tools/sluice/signin')
    await signInOn(leaving.page, 'ada', PASSWORD)
    await settled(leaving.page)
    const { origin } = new URL(leaving.page.url())
    const [cookie] = await leaving.context.cookies()
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` }
    const statusOf = async () =>
      (await send(origin, { method: 'GET', path: '/api/v2/auth/check', headers })).status
    await leaving.page.goto(
      `${origin}/tools/sluice/signout?return=${encodeURIComponent(`http://${host}/d/2`)}`,
    )
    await leaving.page.getByRole('heading', { name: 'Sign out of Sluice' }).waitFor()
    assert.equal(await statusOf(), 204, 'a link alone signs nobody out')
    await leaving.page.getByRole('button', { name: 'Sign out' }).click()
    await leaving.page.waitForURL('**/tools/sluice/signin?return=*')
    assert.equal(await statusOf(), 401)
    await signInOn(leaving.page, 'ada', PASSWORD)
    await leaving.page.waitForURL(`http://${host}/d/2`)
    await leaving.close()

    const evil = await signIn('http://localhost:1/evil')
    await signInOn(evil.page, 'ada', PASSWORD)
    await evil.page.waitForURL('**/api/v2/auth/return?to=*')
    assert.match(await evil.page.content(), /allowed-return-hosts/)
    await evil.close()
  })
})
