/** Answers input that Node's parser refuses, in the documented schema, and closes the connection. */
import type { Socket } from 'node:net'
import { invalid, SluiceError } from '../../domain/base/errors.ts'
import { ERROR_CODE_HEADER, errorBody } from '../request/errors.ts'
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
      ...Object.entries(headers)
        // Over plain HTTP it must not be sent (RFC 6797, 7.2).
        .filter(([name]) => error.code !== 'ERR_SSL_HTTP_REQUEST' || name !== 'strict-transport-security')
        .map(([name, value]) => `${name}: ${value}`),
      'content-type: application/json; charset=utf-8',
      `${ERROR_CODE_HEADER}: ${refusal.code}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
    endSoon(socket)
  }
}

/** Node's parser takes nothing else, in any of its modes (RFC 9112, 3.2; RFC 3986, 2.1). */
const INVALID_TARGET =
  'the path and the query may only have visible ASCII characters; percent-encode all others as UTF-8: blanks (%20), ' +
  'control characters, and all beyond ASCII such as ä (%C3%A4)'
const PLAIN_HTTP = 'the client sent an HTTP request to an HTTPS server; use https://'

function refusalFor(code: string | undefined): { status: string; refusal: SluiceError } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: '431 Request Header Fields Too Large',
        refusal: new SluiceError('request too large', 'the headers of the request are too large'),
      }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: '408 Request Timeout', refusal: invalid('the request took too long to arrive') }
    case 'HPE_INVALID_URL':
      return { status: '400 Bad Request', refusal: invalid(INVALID_TARGET) }
    case 'ERR_SSL_HTTP_REQUEST':
      return { status: '400 Bad Request', refusal: invalid(PLAIN_HTTP) }
    default:
      return { status: '400 Bad Request', refusal: invalid('the request is not well-formed HTTP') }
  }
}
