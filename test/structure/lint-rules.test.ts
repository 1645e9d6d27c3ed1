/** The project's own linter rules find what they should. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
const RULE = join(ROOT, 'scripts/lint/transactions.grit')

function found(code: string) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, plugins: [RULE] }))
  writeFileSync(join(folder, 'code.ts'), code)
  const { stdout, stderr } = spawnSync(process.execPath, [BIOME, 'lint', 'code.ts'], { cwd: folder })
  return `${stdout}${stderr}`.includes('Write through changes()')
}

test('a transaction outside changes() is found, however it is written', () => {
  for (const code of [
    'export const f = (store) => store.transaction(() => 1)',
    'export const f = (deps) => deps.store?.transaction(() => 1)',
    "export const f = (store) => store['transaction'](() => 1)",
    'export const f = (store) => ({ append: store.transaction })',
    'export function f(store) { const { transaction } = store; return transaction(() => 1) }',
    'export const f = ({ transaction: begin }) => begin(() => 1)',
  ]) {
    assert.ok(found(code), code)
  }
  assert.ok(!found('export const f = (changes) => changes(async (transaction) => transaction)'))
})

test('it is accepted in changes(), in two named writes, and where stores are created', () => {
  const { overrides } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  const { includes } = overrides.find(({ plugins }: { plugins?: string[] }) => plugins?.length)
  assert.deepEqual(includes, [
    'src/**',
    '!**/*.test.ts',
    '!src/domain/changes.ts',
    '!src/domain/writes-beside-changes.ts',
    '!src/store/sql/identity-store.ts',
    '!src/store/sql/migrate.ts',
    '!src/store/move/move.ts',
  ])
  const uses = (path: string) => readFileSync(join(ROOT, path), 'utf8').split('.transaction(').length - 1
  assert.equal(uses('src/domain/changes.ts'), 1)
  assert.equal(uses('src/domain/writes-beside-changes.ts'), 2)
})
