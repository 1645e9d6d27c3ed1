/** What the documents list is complete, and stands there once. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { AUDIT_KINDS } from '../../src/domain/audit/audit-kinds.ts'

function chapter(document: string, heading: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../docs', document), 'utf8')
  const [, found = ''] = new RegExp(`^## ${heading}$(.*?)^## `, 'ms').exec(text) ?? []
  assert.ok(found, `${document} has no chapter ${heading}`)
  return found
}

test('no route is listed twice, as by a list and a table that a merge left side by side', () => {
  const routes = chapter('compatibility.md', 'What is served')
  assert.doesNotMatch(routes, /^\|/m)
  const heads = [...routes.matchAll(/^- ([^:]+?):/gm)].map(([, head = '']) => head)
  assert.ok(heads.length > 30)
  const repeated = heads.filter((head, index) => heads.indexOf(head) !== index)
  assert.deepEqual(repeated, [])
})

test('every kind of audit event is listed, by itself or with its family', () => {
  const kinds = chapter('security.md', 'Audit')
  const missing = Object.keys(AUDIT_KINDS).filter((kind) => {
    const family = `${kind.split('.')[0]}.*`
    return !kinds.includes(`\`${kind}\``) && !kinds.includes(`\`${family}\``)
  })
  assert.deepEqual(missing, [])
})
