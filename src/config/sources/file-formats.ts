/**
 * TOML, YAML and JSON to keys and values. The parsers' own messages quote the line, and a line of a
 * configuration file may hold a secret: only its number is passed on.
 */
import { createRequire } from 'node:module'
import { parse as parseToml, TomlError } from 'smol-toml'
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain } from '../refusals/quote.ts'

interface Format {
  readonly title: string
  readonly parse: (text: string) => unknown
  /** The number of the line at which the parser stopped, counted from 1, if the parser names it. */
  readonly lineOf: (error: unknown) => number | string | undefined
}

const TOML: Format = {
  title: 'TOML',
  parse: parseToml,
  lineOf: (error) => (error instanceof TomlError ? error.line : undefined),
}

/** Loaded when there is a file for it: the parser is larger than all else that reads settings. */
const loadYaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml')

const YAML: Format = {
  title: 'YAML',
  // Warnings would go to the process by themselves, past the log.
  parse: (text) => loadYaml().parse(text, { logLevel: 'error' }),
  lineOf: (error) => (error instanceof loadYaml().YAMLParseError ? error.linePos?.[0].line : undefined),
}

const JSON_FORMAT: Format = {
  title: 'JSON',
  parse: (text) => JSON.parse(text),
  lineOf: (error) =>
    error instanceof SyntaxError ? /\(line (\d+) column \d+\)$/.exec(error.message)?.[1] : undefined,
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['.toml', TOML],
  ['.yaml', YAML],
  ['.yml', YAML],
  ['.json', JSON_FORMAT],
])

/** The keys and values of a file with that extension (`.toml`). Throws ConfigurationError, naming `path`. */
export function parseFile(
  extension: string,
  text: string,
  path: string,
): readonly (readonly [key: string, raw: unknown])[] {
  const format = FORMATS.get(extension)
  if (!format)
    throw new ConfigurationError(
      `${plain(path)} has an unknown extension; it must be one of ${[...FORMATS.keys()].join(', ')}`,
    )
  let content: unknown
  try {
    content = format.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const line = format.lineOf(error)
    const place = line === undefined ? '' : ` (line ${line})`
    throw new ConfigurationError(`${plain(path)} is not valid ${format.title}${place}`)
  }
  // An empty YAML document, or one of comments alone.
  if (content === null && format === YAML) return []
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new ConfigurationError(`${plain(path)} is not a table; it must hold settings by their names`)
  return Object.entries(content)
}
