import { type IncomingMessage, ServerResponse } from 'node:http'

interface HeaderWriter {
  _storeHeader(firstLine: string, headers: unknown): void
}

/**
 * A response class that sends the same headers with every answer. They are put behind the status line as text,
 * once made: Node checks and joins each header of each answer anew, which for the handful that never change
 * costs a request more than finding out who asks.
 */
export function withConstantHeaders(headers: Readonly<Record<string, string>>): typeof ServerResponse {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const block = lines.join('')
  const { _storeHeader: storeHeader } = ServerResponse.prototype as unknown as HeaderWriter

  class ConstantHeadersResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
    _storeHeader(firstLine: string, own: unknown): void {
      storeHeader.call(this, firstLine + block, own)
    }
  }
  return ConstantHeadersResponse as unknown as typeof ServerResponse
}
