/** Renders Markdown as HTML without scripts: of HTML in the document, only line breaks are kept. */
import { Marked, type RendererObject, type Token, type Tokens } from 'marked'
import { escaped } from '../src/http/pages/html-text.ts'

export interface Links {
  /** The address of a link's target; undefined if the target is not served. */
  linkTo(href: string): string | undefined
  /** The address of an image and its size in pixels. */
  imageOf(href: string): { address: string; width: number; height: number }
  /** The title of a served document, which replaces the text of a link that is only a file name. */
  titleOf(href: string): string | undefined
}

/** A heading of the second level. */
export interface Section {
  readonly id: string
  /** HTML. */
  readonly content: string
}

/** Returns the HTML of a document and its sections. */
export function htmlOf(
  markdown: string,
  { linkTo, imageOf, titleOf }: Links,
): { html: string; sections: Section[] } {
  const sections: Section[] = []
  const idOf = createIDs()
  let under = ''
  let tables = 0
  const renderer: RendererObject = {
    heading({ tokens, depth }) {
      under = plain(tokens)
      tables = 0
      const id = idOf(under)
      const content = this.parser.parseInline(tokens)
      if (depth === 2) sections.push({ id, content })
      return `<h${depth} id="${id}">${content}</h${depth}>\n`
    },
    link({ href, tokens }) {
      const content = this.parser.parseInline(tokens)
      const address = linkTo(href)
      if (address) {
        const shown = content.endsWith('.md') ? escaped(titleOf(href) ?? content) : content
        return `<a href="${escaped(address)}">${shown}</a>`
      }
      return href.endsWith(content) ? `<code>${content}</code>` : content
    },
    image({ href, text }) {
      const { address, width, height } = imageOf(href)
      const size = `width="${width}" height="${height}"`
      return `<img src="${escaped(address)}" alt="${escaped(text)}" ${size} loading="lazy">`
    },
    // Scrollable content must be reachable by keyboard.
    code: ({ text }) => `<pre tabindex="0"><code>${escaped(text)}\n</code></pre>\n`,
    table({ header, rows }) {
      const inner = (cell: Tokens.TableCell) => this.parser.parseInline(cell.tokens)
      // A table without a header row serves only for layout.
      if (header.every(({ text }) => text === '')) {
        return `<div class="beside">${rows.flat().map(inner).join('')}</div>\n`
      }
      tables += 1
      const label = `Table: ${under}${tables > 1 ? `, ${tables}` : ''}`
      // The corner above a column of row names heads nothing.
      const head = header
        .map((cell) => (cell.text === '' ? '<td></td>' : `<th scope="col">${inner(cell)}</th>`))
        .join('')
      const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${inner(cell)}</td>`).join('')}</tr>`)
      const table = `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`
      return `<div class="table" role="group" aria-label="${escaped(label)}" tabindex="0">${table}</div>\n`
    },
    html({ text }) {
      if (text === '<br>') return text
      return text.startsWith('<!--') ? '' : escaped(text)
    },
  }
  return { html: new Marked({ renderer }).parse(markdown, { async: false }), sections }
}

/** Heading ids as GitHub makes them, so that links into a document work in both places. */
function createIDs(): (heading: string) => string {
  const seen = new Map<string, number>()
  return (heading) => {
    const id = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    return before === 0 ? id : `${id}-${before}`
  }
}

function plain(tokens: readonly Token[]): string {
  return tokens
    .map((token) => ('tokens' in token && token.tokens ? plain(token.tokens) : (token as Tokens.Text).text))
    .join('')
}

/** A part of a document under a heading, for the search. */
export interface PlainSection {
  /** Undefined for the document's title. */
  readonly id: string | undefined
  readonly heading: string
  readonly text: string
}

/** Splits the HTML that `htmlOf` made at its headings, and removes the tags. */
export function plainSectionsOf(html: string): PlainSection[] {
  const parts = html.split(/<h(\d) id="([^"]*)">(.*?)<\/h\1>/s)
  const sections: PlainSection[] = []
  for (let i = 1; i + 3 < parts.length; i += 4) {
    const [depth, id, heading = '', text = ''] = parts.slice(i, i + 4)
    sections.push({ id: depth === '1' ? undefined : id, heading: textOf(heading), text: textOf(text) })
  }
  return sections
}

const INLINE = /<\/?(a|code|em|strong|del)( [^>]*)?>/g

function textOf(html: string): string {
  return html
    .replaceAll(INLINE, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
