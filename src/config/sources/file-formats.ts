/**
 * TOML, YAML and JSON to keys and values. The parsers' own messages quote the line, and a line of a
 * configuration file may hold a secret: only its number is passed on.
 */
import { parse as parseToml, TomlError } from 'smol-toml'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain } from '../refusals/quote.ts'

const FORMATS: ReadonlyMap<string, { readonly title: string; readonly parse: (text: string) => unknown }> =
  new Map([
    ['.toml', { title: 'TOML', parse: (text) => parseToml(text) }],
    // Warnings would go to the process by themselves, past the log.
    ['.yaml', { title: 'YAML', parse: (text) => parseYaml(text, { logLevel: 'error' }) }],
    ['.yml', { title: 'YAML', parse: (text) => parseYaml(text, { logLevel: 'error' }) }],
    ['.json', { title: 'JSON', parse: (text) => JSON.parse(text) }],
  ])

function lineOf(error: unknown): string {
  if (error instanceof TomlError) return ` (line ${error.line})`
  if (error instanceof YAMLParseError) return error.linePos ? ` (line ${error.linePos[0].line})` : ''
  const line =
    error instanceof SyntaxError ? /\(line (\d+) column \d+\)$/.exec(error.message)?.[1] : undefined
  return line ? ` (line ${line})` : ''
}

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
    throw new ConfigurationError(`${plain(path)} is not valid ${format.title}${lineOf(error)}`)
  }
  // An empty YAML document, or one of comments alone.
  if (content === null && format.title === 'YAML') return []
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new ConfigurationError(`${plain(path)} is not a table; it must hold settings by their names`)
  return Object.entries(content)
}
