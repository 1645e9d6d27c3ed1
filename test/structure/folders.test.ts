/** Every folder with code has a README, from which the map in docs/architecture.md is generated. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { codeFolders, withFolderMap } from '../../scripts/folder-map.ts'

const ROOT = join(import.meta.dirname, '../..')
const README = /^# (.+)\n\nOwns .+\.\n\nMust not .+\.\n\nStart reading at (.+)\.\n$/

test('the README of each folder with code says what it owns, what it must not do, and where to start reading', () => {
  const folders = codeFolders()
  assert.ok(folders.length > 50)
  for (const folder of folders) {
    const path = join(ROOT, folder, 'README.md')
    assert.ok(existsSync(path), `${folder} has no README.md`)
    const [, title, start = ''] = README.exec(readFileSync(path, 'utf8')) ?? []
    assert.equal(title, folder, `${folder}/README.md has another form`)
    for (const [, file = ''] of start.matchAll(/`([^`]+)`/g)) {
      assert.ok(
        existsSync(join(ROOT, folder, file)),
        `${folder}/README.md starts at ${file}, which is not there`,
      )
    }
  }
})

test('the map in docs/architecture.md is up to date', () => {
  const document = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
  assert.ok(document === withFolderMap(document), 'docs/architecture.md is out of date; run `npm run docs`')
})
