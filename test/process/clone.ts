/** A clone of this repository as it is, with the packages that are installed, in which nothing was built yet. */
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'

const root = join(import.meta.dirname, '../..')
const COPIED = [
  ...['src', 'console', 'docs', 'scripts', 'package.json', 'package-lock.json', '.npmrc'],
  ...['README.md', 'CHANGELOG.md', 'tsconfig.json'],
]

export function cloneSources(): string {
  const folder = temporaryFolder()
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return folder
}
