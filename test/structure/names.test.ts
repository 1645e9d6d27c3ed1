/** Two shapes of one name make a reader open both files to learn which is meant. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const SRC = join(import.meta.dirname, '../../src')
const EXPORTED = /^export (?:abstract )?(?:interface|type|class|enum) (\w+)/gm

/** Files by the exported name that they share with another. */
function sharedNames(
  files: readonly { readonly file: string; readonly text: string }[],
): [string, string[]][] {
  const places = new Map<string, string[]>()
  for (const { file, text } of files) {
    for (const [, name = ''] of text.matchAll(EXPORTED)) places.set(name, [...(places.get(name) ?? []), file])
  }
  return [...places].filter(([, where]) => where.length > 1)
}

test('no two exported interfaces, types or classes share a name', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }))
  assert.ok(files.length > 200)
  assert.deepEqual(sharedNames(files), [])
})

test('a name that two files export is found, whatever it is', () => {
  const text = 'export interface Mark {}\n'
  assert.deepEqual(
    sharedNames([
      { file: 'a.ts', text },
      { file: 'b.ts', text: 'export type Mark<T> = T\n' },
      { file: 'c.ts', text: 'interface Mark {}\n' },
    ]),
    [['Mark', ['a.ts', 'b.ts']]],
  )
})
