/** Environment variables: SLUICE_NAME for every setting, INFLUXD_NAME for those of InfluxDB. */
import { plain } from './quote.ts'
import { type Given, type Schema, variablesOf } from './setting.ts'
import { nearest } from './suggest.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What `env` gives, by the name of the setting. An empty variable counts as absent, as in InfluxDB. */
export const readEnvironment = (schema: Schema, env: Environment): ReadonlyMap<string, Given> => {
  const given = new Map<string, Given>()
  for (const setting of schema) {
    const subject = variablesOf(setting).find((variable) => env[variable])
    if (subject !== undefined)
      given.set(setting.name, { raw: env[subject], subject, source: `environment ${subject}` })
  }
  return given
}

/**
 * A sentence for each SLUICE_ variable that is probably a slip. Other unknown ones are none of our
 * business: Kubernetes sets SLUICE_PORT, SLUICE_SERVICE_HOST and more wherever a service is called sluice.
 */
export const environmentWarnings = (schema: Schema, env: Environment): readonly string[] => {
  const known = schema.map((setting) => variablesOf(setting)[0] ?? '')
  return Object.keys(env)
    .filter((variable) => variable.startsWith('SLUICE_') && !known.includes(variable))
    .flatMap((variable) => {
      const meant = nearest(variable, known)
      return meant ? [`${plain(variable)} is not a setting; did you mean ${meant}?`] : []
    })
}
