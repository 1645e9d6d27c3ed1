/** The documentation that the server serves: complete, safe, and accessible on any device. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { consoleOfSources } from '../../scripts/console.ts'
import { htmlOf } from '../../scripts/markdown.ts'
import { withoutBrowser } from '../support/browser.ts'
import { send } from '../support/http.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { violationsOn } from './violations.ts'
import { type ConsoleWorld, startConsole } from './world.ts'

const HTML = { accept: 'text/html,application/xhtml+xml' }
const ROOT = join(import.meta.dirname, '../..')
const ADDRESSES = [
  '/docs/',
  '/docs/changelog',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `/docs/${name.slice(0, -'.md'.length)}`),
]

describe('Markdown', () => {
  const links = {
    linkTo: (href: string) => (/^(https:|#)/.test(href) ? href : undefined),
    imageOf: () => ({ address: '/x.png"><script>', width: 1, height: 1 }),
    titleOf: () => '<b>',
  }
  const made = (markdown: string) => htmlOf(markdown, links).html

  test('cannot contain scripts', () => {
    for (const [markdown, html] of [
      ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
      ['a <img src=x onerror=alert(1)>', '<p>a &lt;img src=x onerror=alert(1)&gt;</p>\n'],
      ['[a](javascript:alert(1))', '<p>a</p>\n'],
      ['[a](https://b/"onclick=")', '<p><a href="https://b/&quot;onclick=&quot;">a</a></p>\n'],
      ['[a.md](https://b)', '<p><a href="https://b">&lt;b&gt;</a></p>\n'],
      ['`<i>`', '<p><code>&lt;i&gt;</code></p>\n'],
      ['a<!-- b -->', '<p>a</p>\n'],
    ] as const) {
      assert.equal(made(markdown), html)
    }
    assert.match(made('```\n<i>\n```'), /<code>&lt;i&gt;\n<\/code>/)
    assert.match(made('![<i>](x)'), /src="\/x.png&quot;&gt;&lt;script&gt;" alt="&lt;i&gt;"/)
  })

  test('gets the heading ids that GitHub gives', () => {
    const ids = ['## A `b_c`: d/e – f', '## Same', '### Same', '## 2.0 (x)'].join('\n\n')
    assert.deepEqual(idsOf(made(ids)), ['a-b_c-de--f', 'same', 'same-1', '20-x'])
    assert.deepEqual(
      htmlOf(ids, links).sections.map(({ id }) => id),
      ['a-b_c-de--f', 'same', '20-x'],
    )
  })
})

describe('the documentation', () => {
  let folder: string
  let server: RunningServer
  before(async () => {
    folder = await consoleOfSources()
    server = await startServer([], { consoleFolder: folder })
  })
  after(() => server.stop())

  const get = (path: string, headers: Record<string, string> = HTML) =>
    send(server.url, { method: 'GET', path, headers })

  test('is not found under other names, with an answer that says so', async () => {
    for (const path of [
      '/docs/none',
      '/docs/404',
      '/docs/operations/',
      '/docs/operations.md',
      '/docs/index',
    ]) {
      const { status, headers, text } = await get(path)
      assert.deepEqual([status, headers['content-type']], [404, 'text/html; charset=utf-8'], path)
      assert.match(text, /<h1>There is no such document/, path)
    }
    for (const path of ['/docs/none', '/docs/../package.json', '/docs/%2e%2e/%2e%2e/package.json']) {
      const { status, json } = await get(path, { accept: '*/*' })
      assert.deepEqual([status, json], [404, { code: 'not found', message: 'path not found' }], path)
    }
    assert.equal((await send(server.url, { method: 'POST', path: '/docs/', headers: HTML })).status, 404)
  })

  test('is not sent again to those who have it', async () => {
    for (const path of ['/docs/', '/docs/operations', '/', '/favicon.svg']) {
      const whole = await get(path)
      const tag = String(whole.headers.etag)
      const same = await get(path, { ...HTML, 'if-none-match': tag })
      assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', tag], path)
      assert.equal(same.headers['cache-control'], whole.headers['cache-control'])
      // Each encoding is another representation.
      const compressed = await get(path, { ...HTML, 'accept-encoding': 'br', 'if-none-match': tag })
      if (compressed.headers['content-encoding']) assert.equal(compressed.status, 200, path)
      assert.equal((await get(path, { ...HTML, 'if-none-match': '"other"' })).text, whole.text, path)
    }
    assert.equal((await get('/docs/none', { ...HTML, 'if-none-match': '*' })).status, 404)
  })

  test('is removed with the console by --ui-disabled', async () => {
    const without = await startServer(['--ui-disabled'], { consoleFolder: folder })
    try {
      for (const path of [
        ...['/docs', '/docs/', '/docs/operations', '/docs/images/overview.png', '/docs/search?q=a'],
      ]) {
        assert.equal((await send(without.url, { method: 'GET', path, headers: HTML })).status, 404, path)
      }
    } finally {
      await without.stop()
    }
  })

  test('has a page for every document, without scripts and with the strict policy', async () => {
    const policy = (await get('/')).headers['content-security-policy']
    for (const path of [...ADDRESSES, '/docs']) {
      const { status, headers, text } = await get(path)
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'], path)
      assert.deepEqual(
        [headers['content-security-policy'], headers['cache-control']],
        [policy, 'no-cache'],
        path,
      )
      assert.match(text, /^<!doctype html>\n<html lang="en">/, path)
      assert.match(text, /<title>[^<]+ · Sluice documentation<\/title>/, path)
      assert.equal([...text.matchAll(/<h1[ >]/g)].length, 1, path)
      assert.doesNotMatch(text, /<script|<style|<[^>]+ (style|on\w+)=|javascript:|<!--/, path)
    }
  })

  test('has no dead links', async () => {
    const pages = new Map<string, string>()
    for (const path of ADDRESSES) pages.set(path, (await get(path)).text)
    let count = 0
    for (const [from, text] of pages) {
      const ids = idsOf(text)
      assert.equal(new Set(ids).size, ids.length, `${from} has an id twice`)
      for (const [, link = ''] of text.matchAll(/ (?:href|src)="([^"]*)"/g)) {
        if (/^https?:\/\//.test(link)) continue
        count += 1
        const [path, fragment] = link.split('#')
        const target = path === '' ? text : pages.get(path as string)
        const found = target !== undefined || (await get(path as string, {})).status === 200 || link === '/'
        assert.ok(found, `${from} links to ${link}`)
        if (fragment) assert.ok(idsOf(target ?? '').includes(fragment), `${from} links to ${link}`)
      }
    }
    assert.ok(count > 100)
  })

  test('keeps those links of the sources that have a target here, and no others', async () => {
    assert.match(
      (await get('/docs/cluster')).text,
      /<a href="\/docs\/architecture#several-nodes">Architecture</,
    )
    assert.match(
      (await get('/docs/console')).text,
      /<img src="\/docs\/images\/token-new.png" alt="A new token" w/,
    )
    const security = (await get('/docs/security')).text
    assert.match(security, /<code>matrix\.test\.ts<\/code>/)
    assert.doesNotMatch(security, /href="[^"]*\.(ts|md)/)
  })

  test('has the files that it links to', async () => {
    for (const [name, type] of [
      ['alerts.yaml', 'text/plain'],
      ['grafana-dashboard.json', 'application/json'],
    ] as const) {
      const { status, headers, text } = await get(`/docs/monitoring/${name}`, {})
      assert.deepEqual([status, headers['content-type']], [200, `${type}; charset=utf-8`])
      assert.equal(text, readFileSync(join(ROOT, 'docs/monitoring', name), 'utf8'))
      assert.ok((await get('/docs/operations')).text.includes(`href="/docs/monitoring/${name}"`))
    }
  })

  test('has a stylesheet whose name changes with its content, and images', async () => {
    const style = / href="(\/assets\/docs-[\w-]+\.css)"/.exec((await get('/docs/')).text)?.[1] ?? ''
    const { status, headers, text } = await get(style)
    assert.deepEqual([status, headers['content-type']], [200, 'text/css; charset=utf-8'])
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.ok(text.startsWith(readFileSync(join(ROOT, 'console/src/style/base.css'), 'utf8')))
    const image = await get('/docs/images/overview.png')
    assert.deepEqual([image.status, image.headers['content-type']], [200, 'image/png'])
  })

  test('is searched without scripts', async () => {
    const { status, headers, text } = await get('/docs/search?q=SLUICE_AUDIT_LOG')
    assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'])
    assert.equal(headers['content-security-policy'], (await get('/')).headers['content-security-policy'])
    assert.equal(headers['cache-control'], 'no-cache')
    assert.match(text, /<a href="\/docs\/configuration#audit">Configuration › Audit<\/a><p>/)
    assert.match(text, /<input type="search" name="q" value="SLUICE_AUDIT_LOG"/)
    assert.doesNotMatch(text, /<script|%QUERY%|%RESULTS%/)
    const other = await get('/docs/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E')
    assert.equal(other.status, 200)
    assert.doesNotMatch(other.text, /<script/)
    assert.match(other.text, /value="&quot;&gt;&lt;script&gt;alert\(1\)/)
    const same = await get('/docs/search?q=backup', { 'if-none-match': String(other.headers.etag) })
    assert.equal(same.status, 200, 'each query has a tag of its own')
    const head = await send(server.url, { method: 'HEAD', path: '/docs/search?q=backup', headers: HTML })
    assert.deepEqual([head.status, head.text], [200, ''])
    assert.equal((await get('/docs/search-index', { accept: '*/*' })).status, 404)
  })

  test('has no dead links in the results of a search', async () => {
    const { text } = await get('/docs/search?q=a')
    const links = [...text.matchAll(/<li><a href="([^"]*)"/g)].map(([, link = '']) => link)
    assert.ok(links.length > ADDRESSES.length)
    for (const link of links) {
      const [path = '', fragment] = link.split('#')
      const target = await get(path)
      assert.equal(target.status, 200, link)
      if (fragment) assert.ok(idsOf(target.text).includes(fragment), link)
    }
  })

  test('is compressed at build time', async () => {
    for (const encoding of ['br', 'gzip']) {
      const { headers } = await send(server.url, {
        method: 'HEAD',
        path: '/docs/security',
        headers: { 'accept-encoding': encoding },
      })
      assert.equal(headers['content-encoding'], encoding)
      assert.ok(Number(headers['content-length']) < 16_000)
    }
  })
})

describe('the documentation in a browser', { skip: withoutBrowser }, () => {
  let world: ConsoleWorld
  before(async () => {
    world = await startConsole()
  })
  after(() => world?.stop())

  const LOOKS = [
    ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
    // The narrowest viewport that WCAG requires (1.4.10).
    ['dark, on a phone', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
  ] as const
  for (const [look, options] of LOOKS) {
    test(`has no violation of WCAG 2.2 AA, and fits: ${look}`, async () => {
      const { page, complaints, close } = await world.visit('/docs/', { ...options, bypassCSP: true })
      for (const path of [...ADDRESSES, '/docs/none', '/docs/search', '/docs/search?q=session']) {
        await page.goto(path)
        assert.deepEqual(await violationsOn(page), [], path)
        const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.ok(Number(width) <= 0, `${path} is ${width} pixels too wide`)
      }
      assert.deepEqual(complaints, [])
      await close()
    })
  }

  test('is searched by keyboard, without JavaScript', async () => {
    const { page, close } = await world.visit('/docs/', { javaScriptEnabled: false })
    const field = page.getByRole('searchbox', { name: 'Search the documentation' })
    await field.fill('audit-retention')
    await field.press('Enter')
    await page.waitForURL('**/docs/search?q=audit-retention')
    await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Configuration › Audit' }).click()
    await page.waitForURL('**/docs/configuration#audit')
    await page.getByRole('heading', { name: 'Audit', level: 2, exact: true }).waitFor()
    await close()
  })

  test('has code that is no wider than the text', async () => {
    const { page, close } = await world.visit('/docs/operations', {
      ...{ viewport: { width: 1440, height: 900 }, bypassCSP: true },
    })
    const widest = (selector: string) =>
      page.evaluate(`Math.max(...[...document.querySelectorAll('${selector}')].map((e) => e.offsetWidth))`)
    assert.ok(Number(await widest('main > pre')) <= Number(await widest('main > p')))
    await close()
  })

  test('is linked from sign-in, from the menu and from the overview', async () => {
    const { page, context, complaints, close } = await world.visit('/signin')
    const other = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Documentation' }).click()
    await (await other).getByRole('heading', { name: 'Sluice', level: 1 }).waitFor()
    await close()

    const signedIn = await world.visitAs('ada', undefined, '/overview')
    const { page: console } = signedIn
    await console.getByRole('link', { name: 'Operations' }).click()
    await console.getByRole('heading', { name: 'Operations', level: 1 }).waitFor()
    await console.getByRole('link', { name: 'Sluice', exact: true }).click()
    await console.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    await console.getByRole('button', { name: 'Account: ada' }).click()
    await console.getByRole('menuitem', { name: 'Documentation' }).click()
    await console.waitForURL('**/docs/')
    assert.deepEqual([...complaints, ...signedIn.complaints], [])
    await signedIn.close()
  })
})

function idsOf(html: string): string[] {
  return [...html.matchAll(/ id="([^"]*)"/g)].map((found) => found[1] ?? '')
}
