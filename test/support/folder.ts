/** For tests: empty folders, removed when the process ends. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let all: string | undefined

export function temporaryFolder(): string {
  if (!all) {
    const made = mkdtempSync(join(tmpdir(), 'sluice-test-'))
    process.on('exit', () => rmSync(made, { recursive: true, force: true }))
    all = made
  }
  return mkdtempSync(join(all, 'folder-'))
}
