/** Resources that only upstream knows: to which organization they belong, and whose they are. */
import type { UpstreamResources } from '../../domain/records/upstream.ts'
import { fieldsOf, optionalID } from './answers.ts'
import type { Influxdb2Client } from './client.ts'

/** The types whose paths do not begin with /api/v2. */
const PRIVATE: ReadonlySet<string> = new Set(['notebooks', 'annotations', 'streams'])

export function createInfluxdb2Resources(client: Pick<Influxdb2Client, 'find'>): UpstreamResources {
  return {
    async find(type, id) {
      const root = PRIVATE.has(type) ? '/api/v2private' : '/api/v2'
      const found = await client.find('GET', `${root}/${type}/${id}`)
      if (found === undefined) return undefined
      // A label stands in an object of its own.
      const resource = fieldsOf(found).label ?? found
      const orgID = optionalID(resource, 'orgID')
      if (!orgID) return undefined
      const [ownerID, bucketID] = [optionalID(resource, 'ownerID'), optionalID(resource, 'localBucketID')]
      return { orgID, ownerID, bucketID }
    },
  }
}
