/** The configuration file: which one it is, and what its keys give. */
import { extname, join } from 'node:path'
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain } from '../refusals/quote.ts'
import { nearestSetting } from '../refusals/suggest.ts'
import type { Given, GivenByName } from '../shapes/given.ts'
import { isTables, type Schema, singlesOf } from '../shapes/names.ts'
import { parseFile } from './file-formats.ts'

/** Reads a file as UTF-8; throws as `node:fs` does, with `code` (ENOENT, EISDIR, EACCES ...). */
export type ReadFile = (path: string) => string

const NAMES = ['sluice.toml', 'sluice.yaml', 'sluice.yml', 'sluice.json'] as const

type Attempt = { readonly text: string } | { readonly code: string }

function attempt(readFile: ReadFile, path: string): Attempt {
  try {
    return { text: readFile(path) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return { code: typeof code === 'string' ? code : 'unknown error' }
  }
}

function isMissing(code: string): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function unreadable(path: string, code: string): ConfigurationError {
  return new ConfigurationError(`${plain(path)} cannot be read (${plain(code)}); it must be a readable file`)
}

/**
 * The first file with one of the usual names in `folder`. A file that exists but cannot be read is an error and not
 * skipped.
 */
function inFolder(readFile: ReadFile, folder: string) {
  for (const name of NAMES) {
    const path = join(folder, name)
    const found = attempt(readFile, path)
    if ('text' in found) return { path, text: found.text }
    if (!isMissing(found.code)) throw unreadable(path, found.code)
  }
  return undefined
}

function atPath(readFile: ReadFile, path: string, subject: string) {
  const found = attempt(readFile, path)
  if ('text' in found) return { path, text: found.text }
  const named = `${subject} names ${plain(path)}`
  if (isMissing(found.code))
    throw new ConfigurationError(
      `${named}, which does not exist; it must be a file or a folder that holds one`,
    )
  if (found.code !== 'EISDIR') throw unreadable(path, found.code)
  const inside = inFolder(readFile, path)
  if (inside) return inside
  throw new ConfigurationError(`${named}, a folder that holds none of ${NAMES.join(', ')}`)
}

function unknownKey(names: readonly string[], key: string, path: string): ConfigurationError {
  const meant = nearestSetting(key, names)
  const advice = meant ? `did you mean ${meant}?` : 'sluice help settings lists them'
  return new ConfigurationError(`${plain(key)} in ${plain(path)} is not a setting; ${advice}`)
}

/**
 * What the file gives, by the name of the setting: the file or folder at `named.path`, or else one of
 * the usual names in `cwd`, if there is one. A key without a value (YAML's and JSON's null) gives nothing.
 * Throws ConfigurationError if a named file is missing, and if any file cannot be read, does not
 * parse or has a key that is not a setting.
 */
export function readSettingsFile(
  schema: Schema,
  named: { readonly path: string; readonly subject: string } | undefined,
  { cwd, readFile }: { readonly cwd: string; readonly readFile: ReadFile },
): GivenByName {
  const file = named ? atPath(readFile, named.path, named.subject) : inFolder(readFile, cwd)
  const given = new Map<string, Given>()
  if (!file) return given
  const { path, text } = file
  const names = [...singlesOf(schema), ...schema.filter(isTables)].map(({ name }) => name)
  for (const [key, raw] of parseFile(extname(path).toLowerCase(), text, path)) {
    if (!names.includes(key)) throw unknownKey(names, key, path)
    if (key === 'config-path')
      throw new ConfigurationError(
        `config-path in ${plain(path)} comes too late; it must be a flag or an environment variable`,
      )
    if (raw === null) continue
    given.set(key, { raw, subject: `${key} in ${plain(path)}`, source: `file ${path}` })
  }
  return given
}
