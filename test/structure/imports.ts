/** The imports of an area of the sources, folder by folder, as the floors test judges them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
/** Type imports count too: a reader has to know the other folder to understand this one. */
const IMPORT = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g

export interface Dependency {
  /** Entries of the area: its folders, and files outside of them. */
  readonly from: string
  readonly to: string
  /** The importing file and the imported one, for messages. */
  readonly file: string
  readonly imported: string
}

/** Dependencies between the entries of a folder, without tests. */
export function dependenciesIn(area: string): Dependency[] {
  return dependencies(area, (file) => entryOf(area, file))
}

/** Dependencies between all folders of an area, at every depth; `from` and `to` are paths of folders. */
export function foldersIn(area: string): Dependency[] {
  return dependencies(area, (file) => (file.startsWith(`${area}/`) ? dirname(file) : undefined))
}

function dependencies(area: string, nodeOf: (file: string) => string | undefined): Dependency[] {
  return sourcesIn(area).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return [...text.matchAll(IMPORT)].flatMap(([, specifier = '']) => {
      const imported = posix.join(dirname(file), specifier)
      const [from, to] = [nodeOf(file), nodeOf(imported)]
      return to === undefined || from === undefined || from === to ? [] : [{ from, to, file, imported }]
    })
  })
}

/** The imports that make a circle, for messages. */
export function pathsOf(circle: readonly string[], found: readonly Dependency[]): string[] {
  return found
    .filter(({ from, to }) => circle.includes(from) && circle.includes(to))
    .map(({ file, imported }) => `${file} imports ${imported}`)
}

export function entriesOf(area: string): string[] {
  return [...new Set(sourcesIn(area).flatMap((file) => entryOf(area, file) ?? []))].sort()
}

function sourcesIn(area: string): string[] {
  return readdirSync(join(ROOT, area), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => posix.join(area, file))
}

function entryOf(area: string, file: string): string | undefined {
  return file.startsWith(`${area}/`) ? file.slice(area.length + 1).split('/')[0] : undefined
}

/** Groups of two or more entries that reach each other in a circle (Tarjan's algorithm). */
export function circlesOf(dependencies: readonly Dependency[]): string[][] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of dependencies) next.set(from, (next.get(from) ?? new Set()).add(to))
  const reaches = (start: string): Set<string> => {
    const found = new Set<string>()
    const open = [start]
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      for (const to of next.get(each) ?? []) {
        if (!found.has(to)) {
          found.add(to)
          open.push(to)
        }
      }
    }
    return found
  }
  const reached = new Map([...next.keys()].map((entry) => [entry, reaches(entry)]))
  const circles = new Map<string, string[]>()
  for (const [entry, found] of reached) {
    if (!found.has(entry)) continue
    const circle = [...found].filter((other) => reached.get(other)?.has(entry)).sort()
    circles.set(circle.join(' '), circle)
  }
  return [...circles.values()]
}
