/** For upstreams of tests that answer some requests themselves and leave the others to the stand-in. */
import type { ServerResponse } from 'node:http'

/** Sends a request on to the stand-in, and its answer back. */
export async function passOn(
  influxd: { readonly url: string },
  request: { method: string; target: string; authorization: string | undefined; body: string },
  response: ServerResponse,
): Promise<void> {
  const { method, target, authorization, body } = request
  const answer = await fetch(influxd.url + target, {
    method,
    headers: authorization === undefined ? {} : { authorization },
    ...(body === '' ? {} : { body }),
  })
  const text = await answer.text()
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
  response.end(text)
}
