/** The page on which the documentation is searched: made for each request, without scripts. */
import { createDocumentSearch, type Found, type Hit, type Section } from './document-search.ts'
import { escaped } from './html-text.ts'

/** Marks in the built search page, which are replaced by what was searched for and by the results. */
export const QUERY_MARK = '%QUERY%'
export const RESULTS_MARK = '%RESULTS%'

const MOST_SHOWN = 25

/** The page for a request with `?q=WORDS`. `template` has both marks. */
export type SearchPage = (url: string) => string

export function createSearchPage(template: string, sections: readonly Section[]): SearchPage {
  const search = createDocumentSearch(sections, MOST_SHOWN)
  const [before = '', rest = ''] = template.split(QUERY_MARK)
  const [between = '', after = ''] = rest.split(RESULTS_MARK)
  return (url) => {
    const [, parameters = ''] = url.split(/\?(.*)/s)
    const query = new URLSearchParams(parameters).get('q')?.trim() ?? ''
    return before + escaped(query) + between + resultsOf(query, search(query)) + after
  }
}

function resultsOf(query: string, found: Found): string {
  const { total, hits, pattern } = found
  if (!pattern) return '<p>Type a few words, or the name of a setting or metric.</p>'
  if (total === 0) return `<p role="status">No section has “${escaped(query)}”. Try other words.</p>`
  const items = hits.map((hit) => itemOf(hit, pattern))
  return `<p role="status">${summaryOf(query, found)}</p>\n<ol class="results">\n${items.join('\n')}\n</ol>`
}

function summaryOf(query: string, { total, hasAll, hits }: Found): string {
  const sections = total === 1 ? '1 section has' : `${total} sections have`
  const shown = hits.length < total ? ` These are the best ${hits.length}.` : ''
  const asked = `“${escaped(query)}”`
  if (hasAll) return `${sections} ${asked}.${shown}`
  return `No section has all of ${asked}. ${sections} some of it.${shown}`
}

function itemOf({ section, excerpt }: Hit, pattern: RegExp): string {
  const { page, heading, address } = section
  const title = heading === page ? page : `${page} › ${heading}`
  return `<li><a href="${escaped(address)}">${marked(title, pattern)}</a><p>${marked(excerpt, pattern)}</p></li>`
}

/** HTML in which each match is marked. */
function marked(text: string, pattern: RegExp): string {
  let html = ''
  let end = 0
  for (const { 0: match, index } of text.matchAll(pattern)) {
    html += `${escaped(text.slice(end, index))}<mark>${escaped(match)}</mark>`
    end = index + match.length
  }
  return html + escaped(text.slice(end))
}
