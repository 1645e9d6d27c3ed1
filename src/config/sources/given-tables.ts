/** The tables of a list, from flags and variables or from the file. */
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain } from '../refusals/quote.ts'
import type { Given, GivenByName } from '../shapes/given.ts'
import { indexIn, nameInFirst, ownVariable, variableAt } from '../shapes/names.ts'
import type { GivenTable } from '../shapes/read-tables.ts'
import type { TablesEntry } from '../shapes/tables.ts'
import { refusal } from '../shapes/value.ts'
import type { Environment } from './environment.ts'

export interface SourcesOfTables {
  readonly flags: GivenByName
  readonly environment: GivenByName
  readonly file: GivenByName
  readonly env: Environment
}

type Keys = ReadonlyMap<string, Given>

/**
 * Flags and variables make up tables together, and of one key the flag is stronger. A list that the file has as well
 * is refused: joined by their places in the list, a token could end up with another server's address. Throws
 * ConfigurationError.
 */
export function givenTables(tables: TablesEntry, sources: SourcesOfTables): readonly GivenTable[] {
  const fromCommand = byFlagsAndVariables(tables, sources)
  const fromFile = inFile(tables, sources.file)
  const [command, file] = [fromCommand[0], fromFile[0]]
  if (command && file) {
    throw new ConfigurationError(
      `${command.subject} and ${file.subject} are both set; give ${tables.name} by flags and variables, or in the file`,
    )
  }
  return command ? fromCommand : fromFile
}

function byFlagsAndVariables(
  tables: TablesEntry,
  { flags, environment, env }: SourcesOfTables,
): GivenTable[] {
  const byFlags = keysOfFirst(tables, flags)
  const short = keysOfFirst(tables, environment)
  const indexes = new Set(byFlags.size + short.size > 0 ? [0] : [])
  for (const index of indexesOf(tables, env)) indexes.add(index)
  return [...indexes].map((index, place) => {
    const keys = byVariables(tables, index, env)
    if (index > place) {
      throw new ConfigurationError(
        `${keys.values().next().value?.subject} is set but no variable begins with ${ownVariable(tables.name)}_${place}_; number them from 0 without a gap`,
      )
    }
    if (index > 0) return givenTable(tables, index, keys, false)
    for (const [name, { subject }] of short) {
      const long = keys.get(name)?.subject
      if (long) throw new ConfigurationError(`${subject} and ${long} are the same setting; leave one out`)
    }
    const weaker = [...short, ...keys].filter(([name]) => !byFlags.has(name))
    return givenTable(tables, index, new Map([...byFlags, ...weaker]), byFlags.size > 0)
  })
}

function givenTable(tables: TablesEntry, index: number, keys: Keys, isByFlags: boolean): GivenTable {
  const [one] = keys.values()
  return {
    subject: `${tables.name} ${index + 1} (${one?.subject})`,
    keys,
    advice: (name) => {
      const key = tables.keys.find((each) => each.name === name)
      if (!key) return ''
      return `; set ${isByFlags ? `--${nameInFirst(tables, key)}` : variableAt(tables, index, key)}`
    },
  }
}

/** The keys of the first table that a source gave by their flags' names. */
function keysOfFirst(tables: TablesEntry, given: GivenByName): Keys {
  return new Map(
    tables.keys.flatMap((key) => {
      const found = given.get(nameInFirst(tables, key))
      return found ? [[key.name, found] as const] : []
    }),
  )
}

function byVariables(tables: TablesEntry, index: number, env: Environment): Keys {
  return new Map(
    tables.keys.flatMap((key) => {
      const subject = variableAt(tables, index, key)
      const given = { raw: env[subject], subject, source: `environment ${subject}` }
      return given.raw ? [[key.name, given] as const] : []
    }),
  )
}

/** Ascending. Only variables of known keys count: Kubernetes sets SLUICE_UPSTREAM_0_PORT for a service of that name. */
function indexesOf(tables: TablesEntry, env: Environment): readonly number[] {
  const found = Object.keys(env).flatMap((variable) => {
    const index = env[variable] ? indexIn(tables, variable) : undefined
    const isKnown = tables.keys.some(
      (key) => index !== undefined && variableAt(tables, index, key) === variable,
    )
    return index !== undefined && isKnown ? [index] : []
  })
  return [...new Set(found)].sort((a, b) => a - b)
}

function inFile(tables: TablesEntry, file: GivenByName): readonly GivenTable[] {
  const list = file.get(tables.name)
  const short = keysOfFirst(tables, file)
  const [first] = short.values()
  if (list && first) {
    throw new ConfigurationError(`${first.subject} and ${list.subject} are both set; leave one out`)
  }
  if (first) {
    return [{ subject: `${tables.name} 1 (${first.subject})`, keys: short, advice: () => '' }]
  }
  if (!list) return []
  if (!Array.isArray(list.raw)) {
    const names = tables.keys.map(({ name }) => name).join(', ')
    throw refusal(tables, list, `a list of tables, each with ${names}`)
  }
  return list.raw.map((raw: unknown, index) => {
    const subject = `${tables.name} ${index + 1} (in ${plain(list.source.replace(/^file /, ''))})`
    return { subject, keys: keysOfTable(raw, subject, list.source), raw, advice: () => '' }
  })
}

/** A key without a value (YAML's and JSON's null) gives nothing. */
function keysOfTable(raw: unknown, subject: string, source: string): Keys | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || raw instanceof Date) return undefined
  return new Map(
    Object.entries(raw)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, { raw: value, subject: `${subject}: ${key}`, source }]),
  )
}
