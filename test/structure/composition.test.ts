/** The composition stays readable: no function longer than 100 lines, no file with more than 25 imports. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const FOLDER = join(import.meta.dirname, '../../src/compose')
const MOST_LINES = 100
const MOST_IMPORTS = 25

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8')

/** The lines of each top-level function of a file, found by the formatter's indentation. */
function longestFunction(text: string): number {
  let longest = 0
  let start: number | undefined
  for (const [index, line] of text.split('\n').entries()) {
    if (/^(export )?(async )?function /.test(line)) start = index
    if (line === '}' && start !== undefined) {
      longest = Math.max(longest, index - start + 1)
      start = undefined
    }
  }
  return longest
}

test('no function of the composition is longer than 100 lines', () => {
  const long = files.filter((file) => longestFunction(textOf(file)) > MOST_LINES)
  assert.deepEqual(long, [])
  assert.ok(
    files.some((file) => longestFunction(textOf(file)) > 30),
    'functions are found',
  )
})

test('no file of the composition has more than 25 imports', () => {
  const importsOf = (file: string) => textOf(file).match(/^import /gm)?.length ?? 0
  assert.deepEqual(
    files.filter((file) => importsOf(file) > MOST_IMPORTS),
    [],
  )
})
