/** No regular expression is built from stored text: it could be too large to compile, or take for ever to run. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')

/** Files that build patterns, each with the reason why the text they are built from is the program's own. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/config/rules.ts': 'constant patterns',
  'src/domain/flux/template-body.ts': 'a constant pattern',
  'src/domain/influxql/scanner.ts': 'constant patterns',
  'src/http/api/not-found.ts': "the paths of the program's own routes",
  'src/http/pages/document-search.ts':
    'escaped words of the request, at most 8 in 200 characters, as alternatives',
  'src/http/pages/search-page.ts': 'the same pattern',
}

/**
 * `RegExp(...)`, and the methods of strings that turn a text into a pattern. `string.match` is Lua's, and connections to a
 * directory have a `search`.
 */
const BUILT =
  /\bRegExp\s*\(|(?<!\bstring|\bconnection|\bclient|\bservers|\bservice)\.(?:match|matchAll|search)\(\s*(?![/\s])/

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.|^test-/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}

const linesThatBuild = (text: string) => text.split('\n').filter((line) => BUILT.test(line))

test('the search finds patterns that are built, and no others', () => {
  for (const line of [
    'new RegExp(name)',
    'RegExp (a)',
    'name.match(other)',
    'a.search(b)',
    "a.matchAll('b')",
  ]) {
    assert.equal(linesThatBuild(line).length, 1, line)
  }
  for (const line of [
    '/a/.test(name)',
    'name.match(/a/)',
    'pattern: RegExp',
    'RegExp.escape(name)',
    'a.matcher(b)',
  ]) {
    assert.deepEqual(linesThatBuild(line), [], line)
  }
})

test('only named files build patterns', () => {
  const building = [...sources('src'), ...sources('console/src')].filter(
    (path) => linesThatBuild(readFileSync(join(root, path), 'utf8')).length > 0,
  )
  assert.deepEqual(building, Object.keys(ALLOWED))
})
