/** Markdown as HTML without scripts: of HTML in the document, only line breaks are kept. */
import { Marked } from 'marked'

/**
 * Returns the HTML of a document and its sections (ids and headings). `linkTo` gives the target of a link, or undefined
 * if it is not served; `imageOf` gives the address and size in pixels of an image; `titleOf` gives the title of a
 * served document, shown if the text of a link is only a file name.
 */
export function htmlOf(markdown, { linkTo, imageOf, titleOf }) {
  const sections = []
  const idOf = createIds()
  let under = ''
  let tables = 0
  const renderer = {
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
        const shown = content.endsWith('.md') ? escaped(titleOf(href)) : content
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
      const inner = (cell) => this.parser.parseInline(cell.tokens)
      // A table without a header row serves only for layout.
      if (header.every(({ text }) => text === '')) {
        return `<div class="beside">${rows.flat().map(inner).join('')}</div>\n`
      }
      tables += 1
      const label = `Table: ${under}${tables > 1 ? `, ${tables}` : ''}`
      const head = header.map((cell) => `<th scope="col">${inner(cell)}</th>`).join('')
      const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${inner(cell)}</td>`).join('')}</tr>`)
      const table = `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`
      return `<div class="table" role="group" aria-label="${escaped(label)}" tabindex="0">${table}</div>\n`
    },
    html({ text }) {
      if (text === '<br>') return text
      return text.startsWith('<!--') ? '' : escaped(text)
    },
  }
  return { html: new Marked({ renderer }).parse(markdown), sections }
}

/** Heading ids as GitHub makes them, so that links into a document work in both places. */
function createIds() {
  const seen = new Map()
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

function plain(tokens) {
  return tokens.map((token) => (token.tokens ? plain(token.tokens) : token.text)).join('')
}

export function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
