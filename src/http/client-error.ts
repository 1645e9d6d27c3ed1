/** What Node's parser refuses before there is a request: answered in the documented schema, then hung up on. */
import type { Socket } from 'node:net'
import { invalid, SluiceError } from '../domain/errors.ts'
import { ERROR_CODE_HEADER, errorBody } from './errors.ts'
import { endSoon } from './slow-clients.ts'

export function respondToClientError(headers: Readonly<Record<string, string>>) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const { status, refusal } = refusalFor(error.code)
    const body = JSON.stringify(errorBody(refusal))
    const lines = [
      `HTTP/1.1 ${status}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      'content-type: application/json; charset=utf-8',
      `${ERROR_CODE_HEADER}: ${refusal.code}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
    endSoon(socket)
  }
}

function refusalFor(code: string | undefined): { status: string; refusal: SluiceError } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: '431 Request Header Fields Too Large',
        refusal: new SluiceError('request too large', 'the headers of the request are too large'),
      }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: '408 Request Timeout', refusal: invalid('the request took too long to arrive') }
    default:
      return { status: '400 Bad Request', refusal: invalid('the request is not well-formed HTTP') }
  }
}
