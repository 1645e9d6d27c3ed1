import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

/** Words that hide the subject or the term. They are a sample of a habit, so a few uses that read well may stay. */
const VAGUE =
  /\b(whoever|nobody|anew|told|(is|are|what is) over|store of record|so long|so many|made final|for good|in force)\b/i
const COMMENT = /^\s*(\/\/|\*|\/\*)/
const MOST = 50
/** "Where" for a condition, and numbers without a name: "if" and the parameter's name say them. */
const UNNAMED =
  /\b(undefined where|(empty|null|none|false|hidden|loaded|throws|and|but|only) where (it|there|they|no|nothing|none|that)|where (there (is|are|was|were)|nothing)|that many|as far as that)\b/i

test(`fewer than ${MOST} lines of comments and documents use vague words`, () => {
  const lines = files().flatMap(proseOf)
  assert.ok(lines.length > 5_000, 'the search found hardly any comments')
  const vague = lines.filter(({ text }) => VAGUE.test(text))
  assert.ok(vague.length < MOST, vague.map(({ at, text }) => `${at} ${text.trim()}`).join('\n'))
})

test('conditions begin with "if", and numbers have a name', () => {
  const lines = files().flatMap(proseOf)
  const unnamed = lines.filter(({ text }) => UNNAMED.test(text))
  assert.deepEqual(
    unnamed.map(({ at, text }) => `${at} ${text.trim()}`),
    [],
  )
})

test('vague words are found in comments and documents, not in code', () => {
  assert.ok(VAGUE.test('Whoever asks is told.'))
  assert.ok(!VAGUE.test('The caller gets 401.'))
  assert.ok(UNNAMED.test('The host; undefined where there is none.'))
  assert.ok(!UNNAMED.test('The focus goes back to where it was.'))
})

function files(): string[] {
  const names = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n')
  return names.filter((name) => /\.(md|mjs|tsx?)$/.test(name))
}

function proseOf(file: string): { at: string; text: string }[] {
  const isDocument = file.endsWith('.md')
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((text, index) => ({ at: `${file}:${index + 1}`, text }))
    .filter(({ text }) => isDocument || COMMENT.test(text))
}
