/** Writes and deletes: the bucket stands in the query. */
import type { IncomingMessage } from 'node:http'
import { SluiceError } from '../../../domain/base/errors.ts'
import { andThen } from '../../../domain/base/maybe-promise.ts'
import type { BucketAccess } from '../../../domain/gateway/bucket-access.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES, type Outgoing } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { targetOf } from '../target.ts'

/** Names the bucket by its id, so that a rename in the meantime cannot move the points. */
export function judgeWrite(buckets: BucketAccess): Judge {
  return (arrival) => {
    requireKnownCoding(arrival.request)
    // InfluxDB's writes know no bucketID.
    const { org, orgID, bucket, precision } = arrival.decisive
    const { principal } = arrival.caller
    const refusal = 'insufficient permissions for write'
    const found = buckets.bucket(principal, 'write', { org, orgID, bucket }, refusal)
    return andThen(found, (known) => outgoing(arrival, known, precision))
  }
}

/** The predicate in the body cannot name another bucket. */
export function judgeDelete(buckets: BucketAccess): Judge {
  return async (arrival) => {
    const { org, orgID, bucket, bucketID } = arrival.decisive
    const { principal } = arrival.caller
    const refusal = 'insufficient permissions to delete'
    const found = await buckets.bucket(principal, 'write', { org, orgID, bucket, bucketID }, refusal)
    const body = await arrival.read(MOST_JUDGED_BYTES)
    return {
      ...{ orgID: found.orgID, bucketID: found.id, body },
      get statement() {
        return body.toString('utf8')
      },
      target: targetOf(arrival.path, [
        ['orgID', found.orgID],
        ['bucketID', found.id],
      ]),
    }
  }
}

function outgoing(
  { path, request }: Arrival,
  { id, orgID }: { readonly id: Outgoing['orgID']; readonly orgID: Outgoing['orgID'] },
  precision: string | undefined,
): Outgoing {
  const place = `${path}?org=${orgID}&bucket=${id}`
  return {
    orgID,
    bucketID: id,
    target: precision === undefined ? place : `${place}&precision=${encodeURIComponent(precision)}`,
    body: hasBody(request) ? 'as-sent' : undefined,
  }
}

/** InfluxDB unpacks one layer of gzip, and takes any other name for plain text. */
export function requireKnownCoding({ headers }: IncomingMessage): void {
  const coding = headers['content-encoding']
  if (coding === undefined || KNOWN_CODING.test(coding)) return
  throw new SluiceError('unsupported media type', 'Content-Encoding of a write is gzip, identity or left out')
}

const KNOWN_CODING = /^(?:gzip|identity)$/i
