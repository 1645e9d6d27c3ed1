/** What a gateway wants to know of a request, in the query of its own request to the check. */
import { invalid } from '../../domain/base/errors.ts'
import type { BucketName } from '../../domain/gateway/bucket-access.ts'
import type { Action } from '../../domain/records/permission.ts'
import { readParameters } from '../gateway/target.ts'

export interface CheckParameters {
  /** What the caller must be allowed to do, besides being known. */
  readonly wanted: { readonly action: Action; readonly bucket: BucketName } | undefined
  /** The upstream by whose rules the request itself is judged; empty for the only one. */
  readonly upstream: string | undefined
  /** Whether the gateway sends upstream the target that the answer names, in place of the client's. */
  readonly isReplaced: boolean
  /** Whether a browser that opens a page is sent to the sign-in page. */
  readonly redirects: boolean
  /** Whether the answer has the cookies that the application may see, for gateways that cannot remove one of them. */
  readonly givesCookies: boolean
}

const NAMES: ReadonlySet<string> = new Set([
  ...['action', 'bucket', 'bucketID', 'org', 'orgID', 'upstream', 'replace', 'redirect', 'cookies'],
])
const NOTHING_WANTED: CheckParameters = {
  ...{ wanted: undefined, upstream: undefined, isReplaced: false, redirects: false, givesCookies: false },
}

/**
 * Throws `invalid` for anything that is not understood. A parameter with a typing error, or one that a template left
 * empty, must not become a check that asks for less.
 */
export function readCheckParameters(query: string): CheckParameters {
  if (query === '') return NOTHING_WANTED
  const given: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of readParameters(query, 'the query of the check')) {
    if (!NAMES.has(name))
      throw invalid(`${name} is no parameter of the check; there are ${[...NAMES].join(', ')}`)
    if (given[name] !== undefined) throw invalid(`${name} is there twice; send it once`)
    if (value === '' && name !== 'upstream')
      throw invalid(`${name} is empty; give it a value or leave it out`)
    given[name] = value
  }
  const { action, upstream, replace, redirect, cookies, ...bucket } = given
  const isReplaced = flagOf('replace', replace)
  if (isReplaced && upstream === undefined) throw invalid('replace needs the upstream')
  return {
    ...{ wanted: wantedOf(action, bucket, upstream), upstream, isReplaced },
    ...{ redirects: flagOf('redirect', redirect), givesCookies: flagOf('cookies', cookies) },
  }
}

function flagOf(name: string, value: string | undefined): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false')
    throw invalid(`${name} must be true or false`)
  return value === 'true'
}

function wantedOf(
  action: string | undefined,
  bucket: BucketName,
  upstream: string | undefined,
): CheckParameters['wanted'] {
  const names = Object.keys(bucket)
  if (action === undefined && names.length === 0) return undefined
  if (upstream !== undefined)
    throw invalid('leave out action and bucket beside upstream: the request itself says what is needed')
  if (action !== 'read' && action !== 'write') throw invalid('action must be read or write')
  if (bucket.bucket === undefined && bucket.bucketID === undefined) {
    throw invalid('action needs the bucket: name it in bucket or bucketID')
  }
  return { action, bucket }
}
