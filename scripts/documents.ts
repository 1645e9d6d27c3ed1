/** Renders the documentation as web pages. Each server serves the documents of its own version. */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Section as FoundSection } from '../src/http/pages/document-search.ts'
import { escaped } from '../src/http/pages/html-text.ts'
import { QUERY_MARK, RESULTS_MARK } from '../src/http/pages/search-page.ts'
import { htmlOf, type Links, plainSectionsOf, type Section } from './markdown.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const IMAGES = 'docs/images'
/** Files that documents link to, for programs. */
const FILES = 'docs/monitoring'
/** The colours come from the console's stylesheet. */
const STYLES = ['console/src/style/base.css', 'console/src/style/docs.css']

interface Document {
  readonly path: string
  readonly markdown: string
  readonly name: string
  readonly title: string
  readonly address: string
}

interface Page {
  readonly title: string
  /** Undefined if the page is not in the list of documents. */
  readonly address?: string
  readonly html: string
  readonly sections: readonly Section[]
  /** What the field of the search contains. */
  readonly query?: string
}

const read = (path: string) => readFileSync(join(root, path), 'utf8')

function pathsOfDocuments(): string[] {
  const names = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', ...names.sort().map((name) => `docs/${name}`), 'CHANGELOG.md']
}

/** Writes the pages into the folder of the built console, as `docs/NAME.html`. */
export function writeDocuments(folder: string): void {
  mkdirSync(join(folder, 'docs'), { recursive: true })
  for (const each of [IMAGES, FILES]) cpSync(join(root, each), join(folder, each), { recursive: true })
  const documents = readDocuments()
  const style = writeStyle(folder)
  const write = (name: string, page: Page) =>
    writeFileSync(join(folder, `docs/${name}.html`), pageOf({ ...page, documents, style }))
  const found: FoundSection[] = []
  for (const document of documents) {
    const page = { ...document, ...htmlOf(document.markdown, linksFrom(document.path, documents)) }
    write(document.name, page)
    found.push(...sectionsToFind(page))
  }
  writeFileSync(join(folder, 'docs/search-index'), JSON.stringify(found))
  write('search', {
    title: 'Search',
    html: `<h1>Search</h1>\n${RESULTS_MARK}\n`,
    query: QUERY_MARK,
    sections: [],
  })
  const html =
    '<h1>There is no such document</h1><p>The address may be mistyped. The list has all there are.</p>'
  write('404', { title: 'Not found', html, sections: [] })
}

function sectionsToFind({ title, address, html }: Document & Page): FoundSection[] {
  return plainSectionsOf(html).map(({ id, heading, text }) => ({
    page: title,
    heading: id === undefined ? title : heading,
    address: id === undefined ? address : `${address}#${id}`,
    text,
  }))
}

/** The README comes first, then the others in the order of its links. */
function readDocuments(): Document[] {
  const readme = read('README.md')
  return pathsOfDocuments()
    .map((path) => {
      const markdown = read(path)
      const isFirst = path === 'README.md'
      const name = isFirst ? 'index' : posix.basename(path, '.md').toLowerCase()
      const title = isFirst ? 'Introduction' : (/^# (.+)$/m.exec(markdown)?.[1] ?? name)
      return { path, markdown, name, title, address: isFirst ? '/docs/' : `/docs/${name}` }
    })
    .sort((one, other) => placeIn(readme, one.path) - placeIn(readme, other.path))
}

function placeIn(readme: string, path: string): number {
  if (path === 'README.md') return -1
  const at = readme.lastIndexOf(`](${path})`)
  return at < 0 ? readme.length : at
}

/** The targets of the links in a document. */
function linksFrom(path: string, documents: readonly Document[]): Links {
  const resolved = (href: string) => posix.join(posix.dirname(path), href)
  const find = (href: string) => documents.find((each) => each.path === resolved(href.replace(/#.*/, '')))
  return {
    linkTo(href) {
      if (/^https?:\/\//.test(href) || href.startsWith('#')) return href
      if (resolved(href).startsWith(`${FILES}/`)) return `/${resolved(href)}`
      const fragment = href.split('#')[1]
      const address = find(href)?.address
      return address && fragment ? `${address}#${fragment}` : address
    },
    imageOf(href) {
      return { address: `/${resolved(href)}`, ...sizeOf(readFileSync(join(root, resolved(href)))) }
    },
    titleOf: (href) => find(href)?.title,
  }
}

function sizeOf(image: Buffer): { width: number; height: number } {
  const [, width, height] =
    /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(image.toString('latin1', 0, 300)) ?? []
  if (width && height) return { width: Number(width), height: Number(height) }
  // Their places in a PNG file.
  return { width: image.readUInt32BE(16), height: image.readUInt32BE(20) }
}

function writeStyle(folder: string): string {
  const style = STYLES.map(read).join('')
  const name = `assets/docs-${createHash('sha256').update(style).digest('base64url').slice(0, 8)}.css`
  writeFileSync(join(folder, name), style)
  return `/${name}`
}

function pageOf(page: Page & { documents: readonly Document[]; style: string }): string {
  const { title, address, html, sections, query = '', documents, style } = page
  const within = sections.map(({ id, content }) => `<li><a href="#${id}">${content}</a></li>`).join('')
  const list = documents.map((each) =>
    each.address === address
      ? `<li><a href="${each.address}" aria-current="page">${escaped(each.title)}</a><ul>${within}</ul></li>`
      : `<li><a href="${each.address}">${escaped(each.title)}</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)} · Sluice documentation</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${style}">
</head>
<body>
<a class="skip" href="#page">Skip to content</a>
<header>
<a class="brand" href="/"><img src="/favicon.svg" alt="" width="28" height="28">Sluice</a>
<span class="muted">Documentation</span>
<form role="search" action="/docs/search">
<input type="search" name="q" value="${query}" aria-label="Search the documentation" placeholder="Search" required maxlength="200">
<button>Search</button>
</form>
</header>
<nav aria-label="Documents"><ul>
${list.join('\n')}
</ul></nav>
<main id="page" tabindex="-1">
${html}</main>
</body>
</html>
`
}
