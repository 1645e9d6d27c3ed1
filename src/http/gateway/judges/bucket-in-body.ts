/** Scrapers and replications: InfluxDB compares the bucket in the body with the organization in the body alone. */
import { invalid, notFound } from '../../../domain/base/errors.ts'
import { idIn } from '../../../domain/base/id.ts'
import type { Action } from '../../../domain/records/permission.ts'
import { type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { forwardedTarget, organizationOf, type ResourceDeps } from './resource.ts'

/** The fields that name a bucket, and what is done with it: a scraper writes into it, a replication copies it out. */
const FIELDS: Readonly<Record<string, Action>> = { bucketID: 'write', localBucketID: 'read' }
const DECISIVE: ReadonlySet<string> = new Set([...Object.keys(FIELDS), 'orgID', 'org'])
const DECISIVE_FOLDED: ReadonlySet<string> = new Set([...DECISIVE].map((name) => name.toLowerCase()))

export function judgeBucketInBody(deps: ResourceDeps): Judge {
  return async (arrival) => {
    const { request, caller } = arrival
    const target = forwardedTarget(arrival)
    if (!hasBody(request))
      return { orgID: await organizationOf(arrival, undefined, deps), target, body: undefined }
    const body = await arrival.read(MOST_JUDGED_BYTES)
    const fields = parseObject(body)
    requireExactNames(fields)
    const orgID = await organizationOf(arrival, body, deps)
    for (const [name, action] of Object.entries(FIELDS)) {
      const value = fields[name]
      if (value === undefined) continue
      const id = typeof value === 'string' ? idIn(value) : undefined
      if (!id) throw invalid(`${name} must be the id of a bucket`)
      const bucket = await deps.directory.bucketByID(id)
      if (bucket?.orgID !== orgID || !(await deps.buckets.mayUse(caller.principal, [action], id))) {
        throw notFound('bucket not found')
      }
    }
    // Serialized again, so that upstream reads the fields that were judged.
    return { orgID, target, body: Buffer.from(JSON.stringify(fields)), contentType: 'application/json' }
  }
}

/** Go reads names in any case, and some letters outside ASCII as ones inside. */
function requireExactNames(fields: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(fields)) {
    const isSpelledOtherwise = DECISIVE_FOLDED.has(folded(name)) && !DECISIVE.has(name)
    if (isSpelledOtherwise) throw invalid(`the field ${JSON.stringify(name)} must be spelled as documented`)
  }
}

/** As Go's encoding/json folds names: K and the long s count as k and s. */
function folded(name: string): string {
  return name.replaceAll('\u212a', 'k').replaceAll('\u017f', 's').toLowerCase()
}
