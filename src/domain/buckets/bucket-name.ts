import { invalid } from '../base/errors.ts'
import { requireNameFits } from '../base/limits.ts'

/**
 * Checks the name of a new or renamed bucket by InfluxDB's rules and with its messages (`validBucketName` in
 * `tenant/service_bucket.go`); it must also not be empty or too long. A name with a quotation mark cannot be queried.
 */
export function checkBucketName(name: string): void {
  if (name === '') throw invalid('a bucket needs a name')
  requireNameFits('a bucket', name)
  if (name.startsWith('_')) {
    throw invalid(`bucket name ${name} is invalid. Buckets may not start with underscore`)
  }
  if (name.includes('"')) {
    throw invalid(`bucket name ${name} is invalid. Bucket names may not include quotation marks`)
  }
}
