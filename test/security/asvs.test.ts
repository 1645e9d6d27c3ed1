/** The ASVS lists in docs/security.md: each requirement of levels 1 and 2 stands in one of them, one list per state. */
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
  ...{ '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
  ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3 },
}

interface Entry {
  /** Such as `3.4.4`; of level 3, `6.3.8 (L3)`. */
  readonly numbers: readonly string[]
  readonly state: string
  readonly text: string
}

const [, chapter = ''] = /^## OWASP ASVS(.*?)^## /ms.exec(readFileSync(DOCUMENT, 'utf8')) ?? []
const entries = chapter.split(/^### /m).slice(1).flatMap(entriesOf)

/** A section: its state as the heading, then `- NUMBERS what: evidence or reason`, with ranges such as 3.4.4–3.4.6. */
function entriesOf(section: string): Entry[] {
  const [state = '', ...items] = section.split(/^- /m).map((text) => text.trim())
  return items.map((text) => {
    const [, numbers = ''] = /^((?:\d+\.\d+\.[\d.–]+(?: \(L3\))?(?:, )?)+) \S/.exec(text) ?? []
    assert.ok(numbers, text)
    return { numbers: numbers.split(', ').flatMap(expanded), state, text }
  })
}

function expanded(numbers: string): string[] {
  const [, section = '', from, to] = /^(\d+\.\d+)\.(\d+)–\1\.(\d+)$/.exec(numbers) ?? []
  if (section === '') return [numbers]
  const count = Number(to) - Number(from) + 1
  return Array.from({ length: count }, (_, index) => `${section}.${Number(from) + index}`)
}

test('every requirement of levels 1 and 2 is listed exactly once', () => {
  const wanted = Object.entries(REQUIREMENTS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  )
  const chapters = new Set(['3', '6', '7', '8', '10', '16'])
  const found = entries.flatMap(({ numbers }) => numbers).filter((each) => !each.endsWith('(L3)'))
  assert.deepEqual(
    found.filter((each) => chapters.has(each.split('.')[0] ?? '')).toSorted(),
    wanted.toSorted(),
  )
  assert.equal(new Set(found).size, found.length)
})

test('each is met, not yet or not applicable, with a test or a reason', () => {
  for (const { state, text } of entries) {
    assert.ok(['Met', 'Not yet', 'Not applicable'].includes(state), `${state}: ${text}`)
    assert.match(text, /:\s+\S/, text)
    if (state === 'Met') assert.match(text, /\]\(\.\.\/\S+\.test\.ts\)/, text)
    for (const [, path = ''] of text.matchAll(/\]\((\.\.\/[^)#]+)\)/g)) {
      assert.ok(existsSync(join(dirname(DOCUMENT), path)), path)
    }
  }
})
