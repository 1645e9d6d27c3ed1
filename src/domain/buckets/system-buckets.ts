import type { ID, IDGenerator } from '../base/id.ts'
import type { Bucket } from '../records/bucket.ts'
import { newRetention } from './retention.ts'

const DAY = 24 * 3600

/** The two buckets that every new organization gets. */
export function systemBuckets(orgID: ID, ids: IDGenerator, at: string): Bucket[] {
  const system = (name: string, description: string, days: number): Bucket => ({
    id: ids.next(),
    orgID,
    type: 'system',
    name,
    description,
    retentionPolicy: '',
    ...newRetention({ everySeconds: days * DAY }),
    createdAt: at,
    updatedAt: at,
  })
  return [
    system('_tasks', 'System bucket for task logs', 3),
    system('_monitoring', 'System bucket for monitoring logs', 7),
  ]
}
