/** The map of folders in docs/architecture.md, generated from each folder's README. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedPart } from './generated-part.ts'

const ROOT = join(import.meta.dirname, '..')
const AREAS = ['src', 'console', 'test', 'bench', 'torture', 'cluster', 'scripts']
const CODE = /\.(ts|tsx|js|mjs|cjs|css|grit|go|html)$/
const LEFT_OUT = /(^|\/)(node_modules|dist)(\/|$)/

/** The paths of all folders that contain code. */
export function codeFolders(): string[] {
  const found = new Set<string>()
  for (const area of AREAS) {
    for (const entry of readdirSync(join(ROOT, area), { recursive: true, withFileTypes: true })) {
      const folder = entry.parentPath.slice(ROOT.length + 1)
      if (entry.isFile() && CODE.test(entry.name) && !LEFT_OUT.test(folder)) found.add(folder)
    }
  }
  return [...found].sort()
}

/** What a folder owns, from the line `Owns ...` of its README; undefined without such a line. */
export function ownedBy(folder: string): string | undefined {
  const path = join(ROOT, folder, 'README.md')
  return existsSync(path) ? /^Owns (.+)\.$/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined
}

/** A document with its map of folders updated. */
export function withFolderMap(document: string): string {
  const lines = codeFolders().map((folder) => `| \`${folder}\` | ${capitalized(ownedBy(folder) ?? '')} |`)
  return generatedPart(document, 'folder map', ['| Folder | Owns |', '| --- | --- |', ...lines].join('\n'))
}

const capitalized = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
