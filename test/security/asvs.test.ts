/** The ASVS table in docs/security.md: one row for each requirement of levels 1 and 2, with one of three states. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const DOCUMENT = join(import.meta.dirname, '../../docs/security.md')

/** The number of level 1 and 2 requirements in each section of ASVS 5.0.0; they are numbered from 1 without gaps. */
const REQUIREMENTS: Readonly<Record<string, number>> = {
  ...{ '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2 },
  ...{ '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2 },
  ...{ '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1 },
  ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3 },
}

const rows = readFileSync(DOCUMENT, 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number = '', , state = '', shown = '']) => ({ number, state, shown }))
  .filter(({ number }) => /^\d+\.\d+\.\w+/.test(number))

test('every requirement of levels 1 and 2 has exactly one row', () => {
  const wanted = Object.entries(REQUIREMENTS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  )
  const chapters = new Set(['3', '6', '7', '8', '16'])
  const found = rows.map(({ number }) => number).filter((each) => !each.endsWith('(L3)'))
  assert.deepEqual(
    found.filter((each) => chapters.has(each.split('.')[0] ?? '')).toSorted(),
    wanted.toSorted(),
  )
  assert.equal(new Set(found).size, found.length)
})

test('each is met, not yet or not applicable, with a test or a reason', () => {
  for (const { number, state, shown } of rows) {
    assert.ok(['met', 'not yet', 'not applicable'].includes(state), `${number}: ${state}`)
    assert.ok(shown.length > 5, number)
    if (state === 'met') assert.match(shown, /\]\(\.\.\/\S+\.test\.ts\)/, number)
    for (const [, path = ''] of shown.matchAll(/\]\((\.\.\/[^)#]+)\)/g)) {
      assert.ok(existsSync(join(dirname(DOCUMENT), path)), `${number}: ${path}`)
    }
  }
})
