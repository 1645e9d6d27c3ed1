/** Environment variables: SLUICE_NAME for every setting, INFLUXD_NAME for those of InfluxDB. */
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain } from '../refusals/quote.ts'
import { nearest } from '../refusals/suggest.ts'
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

/** Variables of commands, which somebody may export for all that they run in a shell. They are no settings. */
const OF_COMMANDS: ReadonlySet<string> = new Set(['SLUICE_TOKEN', 'SLUICE_HOST'])

/**
 * Throws ConfigurationError for a SLUICE_ variable that has a value and is no setting: a setting that is silently left
 * out can leave a server open. INFLUXD_ variables may be meant for an InfluxDB beside the server.
 */
export function refuseUnknownVariables(schema: Schema, env: Environment): void {
  const known = singlesOf(schema).map(({ name }) => ownVariable(name))
  for (const [variable, value = ''] of Object.entries(env)) {
    if (!variable.startsWith('SLUICE_') || value === '' || known.includes(variable)) continue
    if (OF_COMMANDS.has(variable) || isOfKubernetes(variable, value)) continue
    const inTables = variablesLike(schema, variable)
    if (inTables.includes(variable)) continue
    const meant = firstOfList(schema, variable) ?? nearest(variable, inTables.length > 0 ? inTables : known)
    const advice = meant ? `did you mean ${meant}?` : 'sluice help settings lists them'
    throw new ConfigurationError(`${plain(variable)} is not a setting; ${advice}`)
  }
}

/**
 * Whether Kubernetes sets this variable in each container for a service whose name is sluice or begins with sluice-, as
 * Docker's links did (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables). A port
 * that somebody meant as a setting has no protocol in front of it.
 */
function isOfKubernetes(variable: string, value: string): boolean {
  if (/_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR))$/.test(variable))
    return true
  return /_PORT(_\d+_(TCP|UDP|SCTP))?$/.test(variable) && /^(tcp|udp|sctp):\/\//.test(value)
}

/** If `variable` has a list's name and an index, the variables of all its keys with that index. */
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
