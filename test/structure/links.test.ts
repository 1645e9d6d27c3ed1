/** Links between the Markdown files of the repository, as GitHub resolves them. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'
import { htmlOf } from '../../scripts/markdown.ts'

const ROOT = join(import.meta.dirname, '../..')
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n')

interface Link {
  readonly from: string
  readonly href: string
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

function rendered(path: string): { html: string; links: Link[] } {
  const links: Link[] = []
  const note = (href: string) => {
    links.push({ from: path, href })
    return href
  }
  const { html } = htmlOf(read(path), {
    linkTo: note,
    imageOf: (href) => ({ address: note(href), width: 0, height: 0 }),
    titleOf: () => undefined,
  })
  return { html, links }
}

const pages = new Map(documents.map((path) => [path, rendered(path)]))

/** Why the link is dead, or undefined. */
function problemOf({ from, href }: Link): string | undefined {
  if (/^(https?|mailto):/.test(href)) return undefined
  const [target = '', fragment] = href.split('#')
  const path = target === '' ? from : posix.join(posix.dirname(from), target)
  if (path.startsWith('..') || !existsSync(join(ROOT, path))) return `${from} links to ${href}: no such file`
  if (fragment === undefined) return undefined
  const page = pages.get(path)
  if (!page) return `${from} links to ${href}: only Markdown has headings`
  return page.html.includes(` id="${fragment}"`) ? undefined : `${from} links to ${href}: no such heading`
}

test('every link between documents has a target, and every heading that a link names is there', () => {
  const links = [...pages.values()].flatMap((page) => page.links)
  assert.ok(links.length > 200, `${links.length} links`)
  assert.deepEqual(
    links.map(problemOf).filter((problem) => problem !== undefined),
    [],
  )
})

test('dead links are found', () => {
  const from = 'docs/security.md'
  assert.equal(problemOf({ from, href: '../README.md' }), undefined)
  assert.equal(problemOf({ from, href: '#limits' }), undefined)
  for (const href of [
    'README.md',
    '#no-such-heading',
    'console.md#x',
    '../src/main.ts#x',
    '../../x.md',
    'no.png',
  ]) {
    assert.match(problemOf({ from, href }) ?? '', /no such|only Markdown/, href)
  }
})

test('the README links to every document', () => {
  const targets = new Set(pages.get('README.md')?.links.map(({ href }) => href.split('#')[0]))
  const missing = documents.filter(
    (path) => /^(docs\/)?[^/]+\.md$/.test(path) && path !== 'README.md' && !targets.has(path),
  )
  assert.deepEqual(missing, [])
})
