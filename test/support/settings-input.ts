/** For tests: a simulated computer with files in an object and the errors of `node:fs`. */
import { resolve } from 'node:path'
import type { LoadInput } from '../../src/config/load.ts'

export const CWD = resolve('/srv/sluice')
export const HOME = resolve('/home/sluice')

/** Paths are relative to CWD. A string is the content of a file, an `Error` is thrown when it is read. */
export function input({
  files = {},
  ...given
}: Partial<LoadInput> & { readonly files?: Readonly<Record<string, string | Error>> } = {}): LoadInput {
  const contents = new Map(Object.entries(files).map(([path, content]) => [resolve(CWD, path), content]))
  const readFile = (path: string): string => {
    const content = contents.get(path) ?? failure('ENOENT')
    if (content instanceof Error) throw content
    return content
  }
  return { argv: [], env: {}, cwd: CWD, home: HOME, readFile, ...given }
}

export const failure = (code: string): Error => Object.assign(new Error(code), { code })
