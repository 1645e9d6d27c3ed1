/** Ids in a JSON body, of things that InfluxDB looks up without comparing their organization with the request's. */
import { invalid, notFound } from '../../../domain/base/errors.ts'
import { type ID, idIn } from '../../../domain/base/id.ts'
import type { ResourceDeps } from './resource.ts'

export type BodyFields = Readonly<Record<string, unknown>>

/**
 * A check that throws `invalid` for a body with one of these fields in another spelling: Go reads names in any case, and
 * some letters outside ASCII as ones inside.
 */
export function createRequireExactNames(names: readonly string[]): (fields: BodyFields) => void {
  const exact = new Set(names)
  const foldedNames = new Set(names.map((name) => name.toLowerCase()))
  return (fields) => {
    for (const name of Object.keys(fields)) {
      const isSpelledOtherwise = foldedNames.has(folded(name)) && !exact.has(name)
      if (isSpelledOtherwise) throw invalid(`the field ${JSON.stringify(name)} must be spelled as documented`)
    }
  }
}

/** Folds a name as Go's encoding/json does: the Kelvin sign and the long s count as k and s. */
export function folded(name: string): string {
  return name.replaceAll('\u212a', 'k').replaceAll('\u017f', 's').toLowerCase()
}

/** The id in a field; undefined without the field. Throws `invalid` if it is no id. */
export function idField(fields: BodyFields, name: string): ID | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  const id = typeof value === 'string' ? idIn(value) : undefined
  if (!id) throw invalid(`${name} must be the id of a ${WHAT[name]}`)
  return id
}

const WHAT: Readonly<Record<string, string>> = {
  bucketID: 'bucket',
  localBucketID: 'bucket',
  remoteID: 'remote connection',
  endpointID: 'notification endpoint',
}

const NAMES = { remotes: 'remote connection', notificationEndpoints: 'notification endpoint' } as const

/** Throws `not found` if the resource with that id is not in the organization. Accepts a missing id. */
export async function requireIn(
  orgID: ID,
  type: keyof typeof NAMES,
  id: ID | undefined,
  { resources }: Pick<ResourceDeps, 'resources'>,
): Promise<void> {
  if (id === undefined) return
  if ((await resources.find(type, id))?.orgID !== orgID) throw notFound(`${NAMES[type]} not found`)
}
