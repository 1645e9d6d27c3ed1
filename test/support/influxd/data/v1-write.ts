/** `/write` of 1.x: the token's organization decides, and `db` and `rp` name the bucket. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, NO_CONTENT } from '../core/exchange.ts'
import { permission } from '../core/permissions.ts'
import { openRoute, type Route } from '../core/router.ts'
import { mustFindBucket } from '../identity/buckets.ts'
import { isPrecision, parseLines } from './line-protocol.ts'
import { mappingsOf } from './mappings.ts'
import { storePoints, writtenText } from './store-points.ts'
import { v1Caller } from './v1-caller.ts'
import { needToWrite } from './write.ts'

/** It checks 1.x credentials itself. */
export const V1_WRITE_ROUTES: readonly Route[] = [openRoute('POST', '/write', write)]

function write(exchange: Exchange): Answer {
  const { state, query } = exchange
  const caller = v1Caller(exchange, true)
  const database = query.get('db')
  if (!database) throw new InfluxError('invalid', 'missing db')
  const text = writtenText(exchange)
  const rp = query.get('rp')
  const mapping = mappingsOf(state, caller.orgID ?? '')
    .filter((each) => each.database === database && (rp ? each.retention_policy === rp : each.default))
    .find(({ bucketID, orgID }) => caller.may(permission('read', 'buckets', { id: bucketID, orgID })))
  if (!mapping) throw new InfluxError('not found', 'no dbrp mapping found')
  const bucket = mustFindBucket(state, mapping.bucketID)
  needToWrite({ ...exchange, caller }, { id: bucket.orgID }, bucket, 'insufficient permissions for write')
  const precision = query.get('precision') ?? 'ns'
  storePoints(state, bucket.id, parseLines(text, isPrecision(precision) ? precision : 'ns'))
  return NO_CONTENT
}
