/** A list of tables: from what the sources gave to its value, with sentences that name the table. */
import type { ErrorObject } from 'ajv'
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain, shown } from '../refusals/quote.ts'
import { nearestSetting } from '../refusals/suggest.ts'
import { faultsOf } from './check.ts'
import type { Given } from './given.ts'
import type { Place } from './kinds.ts'
import { keyOf } from './names.ts'
import type { TablesEntry } from './tables.ts'
import { defaultOf, expectedOf, parsed, refusal } from './value.ts'

/** One table as a source gave it. */
export interface GivenTable {
  /** How a sentence about it begins: `upstream 2 (in /etc/sluice.toml)`. */
  readonly subject: string
  /** Undefined if it is no table; then `raw` is the value. */
  readonly keys: ReadonlyMap<string, Given> | undefined
  readonly raw?: unknown
  /** Says what to do about a key that is missing, such as `; set SLUICE_UPSTREAM_1_URL`. */
  readonly advice: (key: string) => string
}

export interface ReadTables {
  readonly value: readonly Readonly<Record<string, unknown>>[]
  readonly sources: readonly Readonly<Record<string, string>>[]
}

const NO_TABLES: ReadTables = Object.freeze({ value: Object.freeze([]), sources: Object.freeze([]) })

/**
 * Checks the tables and returns their values and sources, deeply frozen. Throws ConfigurationError for the most telling
 * fault: a misspelt key before a missing one.
 */
export function readTables(tables: TablesEntry, given: readonly GivenTable[], place: Place): ReadTables {
  // To compile the shape takes tens of milliseconds of a start.
  if (given.length === 0) return NO_TABLES
  const read = given.map(({ keys }) => keys && readKeys(tables, keys, place))
  const faults = faultsOf(
    tables,
    read.map((values) => values ?? null),
  )
  // Each of several alternatives is reported as missing; the fault is that none is there.
  const fault = faults
    .filter(({ schemaPath }) => !/\/anyOf\/\d/.test(schemaPath))
    .toSorted((one, other) => rankOf(one) - rankOf(other))[0]
  if (fault) throw refusalOf(tables, given, fault)

  const value = read.map((values) =>
    Object.freeze(
      Object.fromEntries(
        tables.keys.map((key) => [
          keyOf(key.name),
          Object.freeze(values?.[key.name] ?? defaultOf(key, place)),
        ]),
      ),
    ),
  )
  const sources = given.map(({ keys }) =>
    Object.freeze(
      Object.fromEntries(tables.keys.map(({ name }) => [keyOf(name), keys?.get(name)?.source ?? 'default'])),
    ),
  )
  return { value: Object.freeze(value), sources: Object.freeze(sources) }
}

/** The values of a table by the names of its keys. An unknown key stays, so that the shape refuses it. */
function readKeys(
  tables: TablesEntry,
  keys: ReadonlyMap<string, Given>,
  place: Place,
): Record<string, unknown> {
  const read = [...keys].map(([name, { raw }]) => {
    const key = tables.keys.find((each) => each.name === name)
    return [name, key ? parsed(key, raw, place) : raw] as const
  })
  return Object.fromEntries(read.filter(([, value]) => value !== undefined))
}

/** Which fault is reported first: a misspelt name or value is often the reason why another key is missing. */
const RANKS: Readonly<Record<string, number>> = { type: 0, additionalProperties: 1, required: 3 }
const RANK_OF_A_VALUE = 2

function rankOf({ instancePath, keyword }: ErrorObject): number {
  return instancePath.split('/').length > 2 ? RANK_OF_A_VALUE : (RANKS[keyword] ?? 4)
}

function refusalOf(
  tables: TablesEntry,
  given: readonly GivenTable[],
  fault: ErrorObject,
): ConfigurationError {
  const [, index, name] = fault.instancePath.split('/')
  const table = given[Number(index)]
  const key = tables.keys.find((each) => each.name === name)
  const found = table?.keys?.get(name ?? '')
  if (key && found) return refusal(key, found, expectedOf(key, fault))
  if (!table) throw new TypeError(`the list ${tables.name} does not fit its shape`)
  return new ConfigurationError(problemOf(tables, table, fault))
}

function problemOf(tables: TablesEntry, { subject, raw, advice }: GivenTable, fault: ErrorObject): string {
  const names = tables.keys.map(({ name }) => name)
  switch (fault.keyword) {
    case 'type':
      return `${subject} ${tables.secret ? 'is no table' : `is ${shown(raw)}`}; it must be a table of ${names.join(', ')}`
    case 'additionalProperties': {
      const name = String(fault.params.additionalProperty)
      const meant = nearestSetting(name, names)
      return `${subject}: ${plain(name)} is not a setting; ${meant ? `did you mean ${meant}?` : `it may have ${names.join(', ')}`}`
    }
    case 'required': {
      const name = String(fault.params.missingProperty)
      return `${subject}: ${name} is missing${advice(name)}`
    }
    case 'anyOf': {
      const [one = '', other = ''] = (fault.schema as { required: [string] }[]).map(
        ({ required }) => required[0],
      )
      return `${subject}: ${one} or ${other} is missing${advice(one)}`
    }
    default: {
      const [one, other] = (fault.schema as { required: string[] }).required
      return `${subject}: ${one} and ${other} are both set; leave one out`
    }
  }
}
