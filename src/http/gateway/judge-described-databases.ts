/**
 * Decides about described requests to an upstream that has databases. This gateway rebuilds each request; another one
 * sends the target in Sluice's answer, or one that already says the same.
 */
import { forbidden } from '../../domain/base/errors.ts'
import type { Arrival, Judge, Outgoing } from './arrival.ts'
import {
  arrivalOf,
  asForbidden,
  type DescribedArrival,
  type DescribedUpstream,
  isFormOfAnyKind,
  legacyCredentialsOf,
} from './described.ts'
import type { FindMatch, Judgement } from './route-table.ts'
import { type Parameters, queryOf } from './target.ts'

/** How a kind of upstream reads parameters, as far as a request that is sent as it came may differ from the built one. */
export interface AsSent {
  /** Whether this server adds the parameter; a request that is sent as it came must already have it. */
  readonly isAdded: (name: string) => boolean
  /** Whether upstream ignores the parameter, or it means the same with the value that was sent. */
  readonly isFree: (name: string, value: string) => boolean
}

export function createDescribedDatabases(deps: {
  readonly match: FindMatch
  /** They change nothing: the request may never be sent. */
  readonly judges: Readonly<Record<Judgement, Judge>>
  readonly asSent: AsSent
}): DescribedUpstream {
  const { match, judges, asSent } = deps
  const ofClient = (parameters: Parameters) => parameters.filter(([name]) => !asSent.isAdded(name))

  async function judge(described: DescribedArrival): Promise<string> {
    const { isReplaced, target } = described
    const arrival = arrivalOf(described, match, isReplaced ? undefined : ofClient)
    const outgoing = await judges[arrival.route.judgement](arrival)
    if (outgoing.answer) {
      throw forbidden('not-by-check', 'Sluice answers this request itself; send it through Sluice')
    }
    if (outgoing.rewrite) {
      throw forbidden('not-by-check', 'Sluice filters the answer to this request; send it through Sluice')
    }
    if (outgoing.check) {
      throw forbidden('not-by-check', 'what is written must be checked line by line; send it through Sluice')
    }
    requireSameBody(arrival, outgoing, described)
    if (!isReplaced && !saysTheSame(target, outgoing.target, asSent)) {
      throw forbidden('not-by-check', `send ${outgoing.target} in place of this path and query`)
    }
    return isReplaced ? outgoing.target : target
  }

  return {
    judge: (described) => judge(described).catch(asForbidden),
    legacyCredentials: (request) => legacyCredentialsOf(request, match),
  }
}

/** If this gateway would send another type of content, upstream could look for parameters in the body. */
function requireSameBody(
  { request: { method }, route }: Arrival,
  { body, contentType }: Outgoing,
  described: DescribedArrival,
): void {
  if (Buffer.isBuffer(body)) throw new Error(`${method} ${route.name} was built with a body of its own`)
  if (body === undefined || contentType === undefined) return
  if (isFormOfAnyKind(described.contentType))
    throw forbidden('not-by-check', `send the data with Content-Type: ${contentType}`)
}

/** Whether two targets have one path and, apart from the order, the same parameters. */
function saysTheSame(sent: string, built: string, asSent: AsSent): boolean {
  return pathOf(sent) === pathOf(built) && listOf(sent, asSent) === listOf(built, asSent)
}

const pathOf = (target: string) => target.split('?', 1)[0]

function listOf(target: string, { isFree }: AsSent): string {
  const parameters = queryOf(target).filter(([name, value]) => !isFree(name, value))
  return JSON.stringify(parameters.map((each) => JSON.stringify(each)).toSorted())
}
