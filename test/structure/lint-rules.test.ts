/** The project's own linter rules find what they should. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
const CONFIGURATION = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))

/** The lines that a rule of the project finds fault with. */
function foundBy(configuration: object, lines: readonly string[]): string[] {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, ...configuration }))
  writeFileSync(join(folder, 'code.ts'), lines.join('\n'))
  const flags = ['lint', '--reporter=github', '--max-diagnostics=none', 'code.ts']
  const { stdout } = spawnSync(process.execPath, [BIOME, ...flags], { cwd: folder, encoding: 'utf8' })
  const numbers = new Set([...stdout.matchAll(/,line=(\d+),/g)].map(([, number]) => Number(number)))
  return lines.filter((_, index) => numbers.has(index + 1))
}

function foundByPlugin(name: string, lines: readonly string[]): string[] {
  const plugins = [join(ROOT, 'scripts/lint', name)]
  return foundBy({ plugins, linter: { rules: { preset: 'none' } } }, lines)
}

test('a transaction outside changes() is found, however it is written', () => {
  const found = [
    'export const f1 = (store) => store.transaction(() => 1)',
    'export const f2 = (deps) => deps.store?.transaction(() => 1)',
    "export const f3 = (store) => store['transaction'](() => 1)",
    'export const f4 = (store) => ({ append: store.transaction })',
    'export function f5(store) { const { transaction } = store; return transaction(() => 1) }',
    'export const f6 = ({ transaction: begin }) => begin(() => 1)',
  ]
  const accepted = 'export const f7 = (changes) => changes(async (transaction) => transaction)'
  assert.deepEqual(foundByPlugin('transactions.grit', [...found, accepted]), found)
})

test('it is accepted in changes(), in two named writes, and where stores are created', () => {
  assert.deepEqual(filesOf('transactions.grit'), [
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

test('another casing of ID is found wherever a name is declared', () => {
  const found = [
    'export const userId = 1',
    'export function byId(id) { return id }',
    'export function f1(orgIds) { return orgIds }',
    'export function f2({ userId }) { return userId }',
    'export const f3 = (things) => things.map((thingId) => thingId)',
    'export interface I1 { readonly userId: string }',
    'export interface I2 { byIds(): void }',
    'export type Id = string',
    'export type T1<OfId> = OfId',
    'export class IdGenerator {}',
    'export class C1 { newestId() {} }',
    'export const o1 = { createIdGenerator: f1 }',
    "import { parseId } from './id.ts'",
  ]
  const accepted = [
    'export const [id, ids, userID, orgIDs, idea] = things',
    'export type ID = string',
    'export interface IDShape { readonly userID: string; toID(): ID }',
    'export interface Ideal { readonly isIdle: boolean; identify(): void }',
    "export const o2 = { operationId: 'GetUsersID', traceId: '', 'user-Id': 1 }",
    "import { useId } from 'react'",
  ]
  assert.deepEqual(foundByPlugin('ids.grit', [...found, ...accepted]), found)
})

test('data in camelCase and functions in CONSTANT_CASE are found', () => {
  const found = [
    'export const limit = 1',
    "const name = 'x', pattern = /x/",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that the rule reads
    'const text = `${LIMIT} bytes`',
    'const negative = -1',
    'const minute = 60 * 1000',
    'const alias = LIMIT',
    'const most = [Number.MAX_SAFE_INTEGER]',
    'const list: readonly number[] = [1, 2]',
    "const kinds = ['a', 'b'] as const",
    'const table = { a: 1, b: [LIMIT, undefined], LIMIT } satisfies object',
    "const names: ReadonlySet<string> = new Set<string>(['a'])",
    "const labels = new Map([['a', 1]])",
    'const frozen = Object.freeze({ a: 1 })',
    'const [one, two] = [1, 2]',
    'const F1 = () => 1',
    'const F2 = function () {}',
    'const C1 = class {}',
  ]
  const accepted = [
    'export const LIMIT = 1',
    'export const F = Object.freeze({ a: 1 })',
    'const f1 = () => 1',
    'const state = [], open = {}, running = new Set<string>(), cache = new Map()',
    'const service = create({ limit: 1 })',
    'const services = { a: create(1), b() {}, c: () => 1 }',
    'const some = { service }',
    'let count = 0',
    'function local() { const limit = 1; return limit }',
    'for (const each of LIST) { const text = 1; use(each, text) }',
  ]
  assert.deepEqual(foundByPlugin('constants.grit', [...found, ...accepted]), found)
})

test('a function of a module that is no declaration is found if it has a block', () => {
  const found = [
    'const f1 = () => { return 1 }',
    'export const f2 = async () => { await 1 }',
    'const f3: Handler = (request) => { request() }',
    'const f4 = function () { return 1 }',
  ]
  const accepted = [
    'function f5() { return 1 }',
    'const f6 = () => 1',
    'const f7 = () => () => { return 1 }',
    'const list = LIST.map((each) => { return each })',
    'function f8() { const inner = () => { return 1 }; return inner }',
  ]
  assert.deepEqual(foundByPlugin('functions.grit', [...found, ...accepted]), found)
})

test('a fork on promise or value is found outside of the functions for it', () => {
  const found = [
    'export const f1 = (value) => (value instanceof Promise ? value.catch(g) : value)',
    'if (!(read() instanceof Promise)) done()',
  ]
  const accepted = ['export const f2 = (error) => error instanceof Error', 'export const f3 = andThen(1, g)']
  assert.deepEqual(foundByPlugin('promises.grit', [...found, ...accepted]), found)
  assert.deepEqual(filesOf('promises.grit'), [
    ...['src/**', 'console/src/**', '!**/*.test.ts', '!src/domain/base/maybe-promise.ts'],
  ])
})

test('names in other casings are found', () => {
  const { useNamingConvention } = CONFIGURATION.linter.rules.style
  const rules = { preset: 'none', style: { useNamingConvention } }
  const found = ['export let COUNT = 0', 'export function BUILD() {}', 'export const snake_case = f()']
  const accepted = [
    'export let userID = 0',
    'export function Page() {}',
    'export const o = { snake_case: 1 }',
  ]
  assert.deepEqual(foundBy({ linter: { rules } }, [...found, ...accepted]), found)
})

test('the rules on names apply to all of TypeScript', () => {
  for (const rule of ['ids.grit', 'constants.grit', 'functions.grit']) {
    assert.deepEqual(filesOf(rule), ['**/*.ts', '**/*.tsx'])
  }
})

/** The patterns of the files for which the configuration turns a plugin on. */
function filesOf(plugin: string): string[] | undefined {
  type Override = { readonly includes: string[]; readonly plugins?: string[] }
  const overrides: Override[] = CONFIGURATION.overrides
  return overrides.find(({ plugins }) => plugins?.includes(`./scripts/lint/${plugin}`))?.includes
}
