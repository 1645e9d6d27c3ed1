/** For tests of the gateway's judges: a request as it arrives, with its body at hand. */
import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller } from '../../src/domain/access/principal.ts'
import type { Arrival } from '../../src/http/gateway/arrival.ts'
import { tooLarge } from '../../src/http/gateway/body.ts'
import { matchPath, routeOf } from '../../src/http/gateway/route-table.ts'
import { decisiveIn, plainPath, queryOf } from '../../src/http/gateway/target.ts'

export interface ArrivalOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** Counts in `reads` how often the body was asked for. */
export function arrivalOf(
  caller: Caller,
  method: string,
  target: string,
  { headers = {}, body }: ArrivalOptions = {},
): Arrival & { readonly reads: number } {
  const path = plainPath(target)
  const match = path === undefined ? undefined : matchPath(path)
  const route = match && routeOf(match, method)
  assert.ok(path !== undefined && match && route, `${method} ${target} is not forwarded`)
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const parameters = queryOf(target)
  const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) }
  const arrival = {
    request: { method, url: target, headers: { ...length, ...headers } } as unknown as IncomingMessage,
    response: {} as ServerResponse,
    ...{ route, path, segments: match.segments, parameters, decisive: decisiveIn(parameters), caller },
    reads: 0,
    async read(mostBytes: number) {
      arrival.reads += 1
      if (bytes && bytes.length > mostBytes) throw tooLarge(mostBytes)
      return bytes ?? Buffer.alloc(0)
    },
  }
  return arrival
}
