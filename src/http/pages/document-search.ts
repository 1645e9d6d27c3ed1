/** Finds sections of the documentation by words. */

/** What `scripts/documents.ts` writes for each section, in the order of the documents. */
export interface Section {
  /** The title of the document. */
  readonly page: string
  readonly heading: string
  /** `/docs/NAME#ID`. */
  readonly address: string
  /** Plain text, without line breaks. */
  readonly text: string
}

export interface Hit {
  readonly section: Section
  /** The part of the text with the most words of the query. */
  readonly excerpt: string
}

export interface Found {
  /** How many sections were found. */
  readonly total: number
  /** Whether they have all words. If no section has, those with some of the words are found. */
  readonly hasAll: boolean
  /** The best first, at most `mostHits`. */
  readonly hits: readonly Hit[]
  /** Matches a word of the query; undefined if it has none. */
  readonly pattern: RegExp | undefined
}

/** Beyond these a query is cut: a person types less, and each word costs a pass over all documents. */
const MOST_WORDS = 8
const LONGEST_QUERY = 200
const EXCERPT_LENGTH = 200

const IN_HEADING = 10
const IN_PAGE_TITLE = 4
const MOST_IN_TEXT = 5
/** Further places of a word in one section do not change its excerpt. */
const MOST_PLACES = 50

export type DocumentSearch = (query: string) => Found

export function createDocumentSearch(sections: readonly Section[], mostHits: number): DocumentSearch {
  return (query) => {
    const words = wordsOf(query)
    const patterns = words.map((word) => patternOf([word]))
    const scored = sections
      .map((section) => ({ section, scores: patterns.map((pattern) => scoreOf(section, pattern)) }))
      .filter(({ scores }) => scores.some((score) => score > 0))
    const withAll = scored.filter(({ scores }) => scores.every((score) => score > 0))
    const found = (withAll.length > 0 ? withAll : scored)
      .map(({ section, scores }) => ({ section, score: scores.reduce((sum, score) => sum + score, 0) }))
      .sort((one, other) => other.score - one.score)
    return {
      total: found.length,
      hasAll: found.length === withAll.length,
      hits: found.slice(0, mostHits).map(({ section }) => ({
        section,
        excerpt: excerptOf(section.text, patterns),
      })),
      pattern: words.length > 0 ? patternOf(words) : undefined,
    }
  }
}

/** A variable is found by the name of its setting: SLUICE_SESSION_LENGTH is session-length. */
function wordsOf(query: string): string[] {
  const words = query
    .slice(0, LONGEST_QUERY)
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (/^(sluice|influxd)_./.test(word) && isVariable(query) ? settingOf(word) : word))
  return [...new Set(words.filter((word) => word !== ''))].slice(0, MOST_WORDS)
}

/** Names of metrics begin with sluice_, too, in lower case. */
function isVariable(query: string): boolean {
  return /(SLUICE|INFLUXD)_/.test(query)
}

function settingOf(variable: string): string {
  return variable.replace(/^[a-z]+_/, '').replaceAll('_', '-')
}

/** Any of the words, each at the beginning of one in the text. The longest is tried first. */
function patternOf(words: readonly string[]): RegExp {
  const longestFirst = [...words].sort((one, other) => other.length - one.length)
  const alternatives = longestFirst.map((word) =>
    /^[\p{L}\p{N}]/u.test(word) ? `(?<![\\p{L}\\p{N}])${RegExp.escape(word)}` : RegExp.escape(word),
  )
  return new RegExp(alternatives.join('|'), 'giu')
}

function scoreOf({ heading, page, text }: Section, pattern: RegExp): number {
  const inHeading = placesOf(heading, pattern, 1).length * IN_HEADING
  const inTitle = placesOf(page, pattern, 1).length * IN_PAGE_TITLE
  return inHeading + inTitle + placesOf(text, pattern, MOST_IN_TEXT).length
}

function placesOf(text: string, pattern: RegExp, most: number): number[] {
  return [...text.matchAll(pattern).take(most)].map(({ index }) => index)
}

/** The stretch of text in which the most words occur, and of equals the first. */
function excerptOf(text: string, patterns: readonly RegExp[]): string {
  const places = patterns.map((pattern) => placesOf(text, pattern, MOST_PLACES))
  const wordsFrom = (start: number) =>
    places.filter((each) => each.some((at) => at >= start && at < start + EXCERPT_LENGTH * 0.7)).length
  const starts = places.flat().sort((one, other) => one - other)
  let best = starts[0] ?? 0
  for (const start of starts) if (wordsFrom(start) > wordsFrom(best)) best = start
  return cutOut(text, best < EXCERPT_LENGTH / 2 ? 0 : best - EXCERPT_LENGTH / 4)
}

/** About EXCERPT_LENGTH characters from there on, without parts of words. */
function cutOut(text: string, from: number): string {
  const begin = from === 0 ? 0 : text.lastIndexOf(' ', from) + 1
  const most = begin + EXCERPT_LENGTH
  const before = begin > 0 ? '… ' : ''
  if (most >= text.length) return before + text.slice(begin)
  const space = text.lastIndexOf(' ', most)
  return `${before}${text.slice(begin, space > begin ? space : most)} …`
}
