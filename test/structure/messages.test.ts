/** Messages are for people and may be reworded, so no code compares them: errors have codes and reasons. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../..')

/** `message`, or `something.message`, with what may stand between it and a comparison. */
const MESSAGE = String.raw`\bmessage\b\)?(?: as \w+\))?`
const METHODS = 'startsWith|endsWith|includes|indexOf|lastIndexOf|match|matchAll|search|localeCompare'
const COMPARISONS = [
  new RegExp(String.raw`${MESSAGE}\s*[!=]==?\s*(?!undefined|null)`),
  new RegExp(String.raw`${MESSAGE}\s*\??\.\s*(?:${METHODS})\(`),
  new RegExp(String.raw`(?<!typeof )[\w'"\`)]\s*[!=]==?\s*[\w?.()]*\.${MESSAGE}`),
  new RegExp(String.raw`\.(?:test|exec|has|includes|get)\([^()]*${MESSAGE}`),
  new RegExp(String.raw`switch \([^()]*${MESSAGE}`),
]
/** Not a comparison with a text: its type, and whether it is there at all. */
const HARMLESS = /typeof message === 'string'|message !== ''/g

const compares = (line: string) => COMPARISONS.some((each) => each.test(line.replaceAll(HARMLESS, '')))

/** Lines that must look into a message, since others put nothing else into their errors. */
const ALLOWED: Readonly<Record<string, string>> = {
  "if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error":
    'Redis has its error codes at the beginning of the message',
  'if (error instanceof ErrorReply && NO_MASTER.test(error.message)) lose(error)':
    'Redis has its error codes at the beginning of the message',
  'if (failure.message !== problem.message && !closing.signal.aborted) {':
    'whether the log has this very message already',
  'error instanceof SyntaxError ? /\\(line (\\d+) column \\d+\\)$/.exec(error.message)?.[1] : undefined,':
    'JSON.parse says the line nowhere else',
  'const isCode = /^[a-z]+:/.test(message)': 'how a message is shown: a permission keeps its small letter',
}

test('no code compares the text of a message', () => {
  const found: string[] = []
  for (const area of ['src', 'console/src']) {
    for (const file of readdirSync(join(ROOT, area), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) continue
      for (const line of readFileSync(join(ROOT, area, file), 'utf8').split('\n')) {
        if (compares(line) && !(line.trim() in ALLOWED))
          found.push(`${posix.join(area, file)}: ${line.trim()}`)
      }
    }
  }
  assert.deepEqual(found, [], 'compare the reason or the code')
})

test('comparisons are found in whatever way they are written', () => {
  for (const line of [
    'if ((error as Error).message === UNKNOWN) {',
    "return this.status === 401 && this.message === 'unauthorized access'",
    "problem.message.startsWith('this needs a sign-in') ? 'stale' : undefined",
    "if (error?.message?.includes('x')) {",
    "if ('unauthorized access' === error.message) {",
    'if (UNKNOWN === error?.message) {',
    'if (/inactive/.test(error.message)) {',
    'if (REFUSALS.has(error.message)) {',
    'switch (error.message) {',
    "const isOver = ({ message }: Error) => message == 'over'",
    'return message.match(/x/) !== null',
  ]) {
    assert.ok(compares(line), line)
  }
  for (const line of [
    'log.error(error.message, { cause })',
    "const reason = typeof message === 'string' ? escaped(message) : String(response.status)",
    "if (error instanceof Error && error.message !== '') return error",
    "message: failed ? (failed.message ?? text) : 'healthy',",
    'if (error.code === other.code) throw new Error(error.message)',
  ]) {
    assert.ok(!compares(line), line)
  }
})
