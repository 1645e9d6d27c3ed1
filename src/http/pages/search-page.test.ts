import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createSearchPage, QUERY_MARK, RESULTS_MARK } from './search-page.ts'

const TEXT = 'Sessions expire after session-length. A session in the catalog is not one.'
const SECTIONS = [
  { page: 'Intro', heading: 'Intro', address: '/docs/', text: 'A server with sessions & tokens.' },
  { page: 'Settings', heading: 'Sessions', address: '/docs/settings#sessions', text: TEXT },
  {
    page: 'Settings',
    heading: 'Log',
    address: '/docs/settings#log',
    text: 'sluice_sessions <total> here',
  },
]
const search = createSearchPage(`<${QUERY_MARK}>${RESULTS_MARK}</>`, SECTIONS)
const page = (query: string) => search(`/docs/search?q=${encodeURIComponent(query)}`)
const found = (query: string) => [...page(query).matchAll(/href="([^"]*)"/g)].map(([, address]) => address)

suite('the search of the documentation', () => {
  test('a heading counts more than text, and documents keep their order among equals', () => {
    assert.deepEqual(found('sessions'), ['/docs/settings#sessions', '/docs/', '/docs/settings#log'])
    assert.match(page('sessions'), /<p role="status">3 sections have “sessions”\.<\/p>/)
  })

  test('a section must have all words, unless none has', () => {
    assert.deepEqual(found('SESSION tokens'), ['/docs/'])
    assert.match(page('session tokens'), /1 section has “session tokens”\./)
    assert.deepEqual(found('tokens expire'), ['/docs/', '/docs/settings#sessions'])
    assert.match(
      page('tokens expire'),
      /No section has all of “tokens expire”\. 2 sections have some of it\./,
    )
    assert.match(page('zebra'), /<p role="status">No section has “zebra”\. Try other words\.<\/p>/)
  })

  test('words match at the beginning of a word, in any case', () => {
    assert.deepEqual(found('log'), ['/docs/settings#log'])
    assert.deepEqual(found('length'), ['/docs/settings#sessions'])
    assert.deepEqual(found('-length'), ['/docs/settings#sessions'])
    assert.deepEqual(found('<total>'), ['/docs/settings#log'])
  })

  test('a variable finds its setting, a metric is not taken for one', () => {
    assert.deepEqual(found('SLUICE_SESSION_LENGTH'), ['/docs/settings#sessions'])
    assert.deepEqual(found('INFLUXD_SESSION_LENGTH'), ['/docs/settings#sessions'])
    assert.deepEqual(found('sluice_sessions'), ['/docs/settings#log'])
  })

  test('neither a query nor a document becomes HTML or a pattern', () => {
    assert.equal(page('"><b>').includes('<b>'), false)
    assert.ok(page('"><b>').startsWith('<&quot;&gt;&lt;b&gt;>'))
    assert.match(page('total'), /sluice_sessions &lt;<mark>total<\/mark>&gt; here/)
    assert.match(page('&'), /<mark>&amp;<\/mark>/)
    for (const query of ['.*', '(', '[a-', '$&', '$1', '\\', '%RESULTS%', '\u0000']) {
      assert.match(page(query), /No section has/, query)
    }
    // Broken UTF-8, and a name given twice.
    assert.match(search('/docs/search?q=%E0%A4&q=x'), /<p role="status">No section/)
  })

  test('without words it says what to type', () => {
    for (const url of ['/docs/search', '/docs/search?', '/docs/search?q=', '/docs/search?q=+%20&p=x']) {
      assert.equal(search(url), '<><p>Type a few words, or the name of a setting or metric.</p></>')
    }
  })

  test('the excerpt is where the most words are, without parts of words', () => {
    const filling = 'filling '.repeat(60)
    const text = `alpha ${filling}alpha beta gamma ${filling}alpha beta ${filling.trim()}`
    const one = createSearchPage(RESULTS_MARK, [{ page: 'P', heading: 'P', address: '/', text }])
    const [, excerpt = ''] = /<\/a><p>(.*)<\/p>/.exec(one('?q=alpha+beta+gamma')) ?? []
    assert.match(
      excerpt,
      /^… (filling )+<mark>alpha<\/mark> <mark>beta<\/mark> <mark>gamma<\/mark> (filling )+…$/,
    )
    const long = createSearchPage(RESULTS_MARK, [
      { page: 'P', heading: 'P', address: '/', text: 'x'.repeat(900) },
    ])
    assert.match(long('?q=x'), /<p>(<mark>x<\/mark>|x){200} …<\/p>/)
  })

  test('a section is found once, and the best of many are shown', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({
      ...{ page: 'P', heading: `h${i}`, address: `/${i}`, text: i === 59 ? 'word word' : 'word' },
    }))
    const html = createSearchPage(RESULTS_MARK, many)('?q=word')
    assert.match(html, /60 sections have “word”\. These are the best 25\./)
    assert.deepEqual([...html.matchAll(/<li>/g)].length, 25)
    assert.match(html, /<ol class="results">\n<li><a href="\/59">/)
  })

  test('the longest query over many large sections takes little time', () => {
    const text = 'a e i o u n s t '.repeat(4_000)
    const many = Array.from({ length: 100 }, () => ({ page: 'P', heading: 'P', address: '/', text }))
    const slow = createSearchPage(RESULTS_MARK, many)
    const query = `?q=${'a e i o u n s t '.repeat(1_000)}`
    slow(query)
    const start = performance.now()
    slow(query)
    assert.ok(performance.now() - start < 500, `${performance.now() - start} ms`)
  })
})
