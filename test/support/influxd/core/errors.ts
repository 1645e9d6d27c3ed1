/** InfluxDB's error codes and the answers made from them. */

const STATUS_OF = {
  'internal error': 500,
  'not implemented': 501,
  invalid: 400,
  'unprocessable entity': 422,
  'empty value': 400,
  conflict: 422,
  'not found': 404,
  unavailable: 503,
  forbidden: 403,
  'too many requests': 429,
  unauthorized: 401,
  'method not allowed': 405,
  'request too large': 413,
} as const

export type ErrorCode = keyof typeof STATUS_OF

/** An answer other than success; `message` is sent as it is. */
export class InfluxError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return STATUS_OF[this.code]
  }
}

export const UNAUTHORIZED_ACCESS = new InfluxError('unauthorized', 'unauthorized access')
export const PATH_NOT_FOUND = new InfluxError('not found', 'path not found')
