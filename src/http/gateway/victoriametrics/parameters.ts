/** The parameters of a request, in its query or form, and those that go on. */
import { invalid, SluiceError } from '../../../domain/base/errors.ts'
import { type Arrival, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { FORM, formIn, mediaTypeOf } from '../form.ts'
import type { Parameters } from '../target.ts'

/** The parameters that a request may repeat. */
const LISTS: ReadonlySet<string> = new Set(['match', 'match[]'])

/**
 * Those of the query, and of the form that a POST has. Throws `invalid` for `extra_label` and `extra_filters`, which
 * VictoriaMetrics joins with OR, and for one that is there twice, of which it takes the first or the last.
 */
export async function parametersOf(arrival: Arrival): Promise<Parameters> {
  const { request } = arrival
  const all = [...arrival.parameters]
  if (request.method !== 'GET' && hasBody(request)) {
    const body = await arrival.read(MOST_JUDGED_BYTES)
    if (body.length > 0) {
      if (
        mediaTypeOf(request.headers['content-type']) !== FORM ||
        request.headers['content-encoding'] !== undefined
      ) {
        throw new SluiceError('unsupported media type', `send the parameters as ${FORM}`)
      }
      all.push(...formIn(body))
    }
  }
  requireOwn(all)
  const seen = new Set<string>()
  for (const [name] of all) {
    if (seen.has(name) && !LISTS.has(name)) throw invalid(`${name} is there twice; send it once`)
    seen.add(name)
  }
  return all
}

/** Throws `invalid` for parameters that this server sets itself. */
export function requireOwn(parameters: Parameters): void {
  const own = parameters.find(([name]) => name.toLowerCase().startsWith('extra_'))
  if (own) throw invalid(`${own[0]} is set by this server, from the buckets that you may read; leave it out`)
}
