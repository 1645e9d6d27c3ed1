/** A request as far as credentials and origins are read from it, whichever server took it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { ClientAddress } from './client-address.ts'

/** Fastify's requests have these members in the API; `plainRequest` makes one of Node's. */
export interface PlainRequest {
  /** The id of this request in the log. */
  readonly id?: string
  readonly method: string
  /** Headers by their names in lower case, as Node's parser gives them. */
  readonly headers: IncomingHttpHeaders
  /** The client's address as `ClientAddress` writes it. A function, since most requests never need it. */
  clientAddress(): string
}

/** The part by which pages of other sites are recognised. */
export type SentRequest = Pick<PlainRequest, 'method' | 'headers'>

/** For handlers beside the API, which get Node's request. */
export function plainRequest(
  request: IncomingMessage,
  clientAddress: ClientAddress,
  id: string,
): PlainRequest {
  const { method = '', headers, socket } = request
  return { id, method, headers, clientAddress: () => clientAddress(socket.remoteAddress, headers) }
}
