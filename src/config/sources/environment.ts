/** Environment variables: SLUICE_NAME for every setting, INFLUXD_NAME for those of InfluxDB. */
import { plain } from '../quote.ts'
import type { Given, GivenByName } from '../shapes/given.ts'
import {
  indexIn,
  isTables,
  ownVariable,
  type Schema,
  singlesOf,
  variableAt,
  variablesOf,
} from '../shapes/names.ts'
import { nearest } from '../suggest.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What `env` gives by the names of settings. An empty variable counts as absent, as in InfluxDB. */
export function readEnvironment(schema: Schema, env: Environment): GivenByName {
  const given = new Map<string, Given>()
  for (const { name, setting } of singlesOf(schema)) {
    const subject = variablesOf({ ...setting, name }).find((variable) => env[variable])
    if (subject !== undefined)
      given.set(name, { raw: env[subject], subject, source: `environment ${subject}` })
  }
  return given
}

/**
 * A sentence for each SLUICE_ variable that is probably a slip. Other unknown ones are none of our
 * business: Kubernetes sets SLUICE_PORT, SLUICE_SERVICE_HOST and more wherever a service is called sluice.
 */
export function environmentWarnings(schema: Schema, env: Environment): readonly string[] {
  const known = singlesOf(schema).map(({ name }) => ownVariable(name))
  return Object.keys(env)
    .filter((variable) => variable.startsWith('SLUICE_') && !known.includes(variable))
    .flatMap((variable) => {
      const inTables = variablesLike(schema, variable)
      if (inTables.includes(variable)) return []
      const meant = firstOfList(schema, variable) ?? nearest(variable, inTables.length > 0 ? inTables : known)
      return meant ? [`${plain(variable)} is not a setting; did you mean ${meant}?`] : []
    })
}

/** Where `variable` has a list's name and an index, the variables of all its keys with that index. */
function variablesLike(schema: Schema, variable: string): readonly string[] {
  return schema.filter(isTables).flatMap((tables) => {
    const index = indexIn(tables, variable)
    return index === undefined ? [] : tables.keys.map((key) => variableAt(tables, index, key))
  })
}

/** For a list's own name, which is no variable: one that gives a key of its first table. */
function firstOfList(schema: Schema, variable: string): string | undefined {
  const tables = schema.filter(isTables).find(({ name }) => ownVariable(name) === variable)
  return tables?.keys[0] && variableAt(tables, 0, tables.keys[0])
}
