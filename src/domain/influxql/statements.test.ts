import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { withStatements } from '../../../scripts/statements-table.ts'

test('docs/databases.md has the table of statements', () => {
  const document = readFileSync(new URL('../../../docs/databases.md', import.meta.url), 'utf8')
  assert.ok(document === withStatements(document), 'docs/databases.md is out of date; run `npm run docs`')
})
