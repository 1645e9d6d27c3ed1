import { SluiceError } from '../../domain/base/errors.ts'

/** A path where another method would do; `allow` is the value of the header (RFC 9110, 15.5.6). */
export class MethodNotAllowedError extends SluiceError {
  readonly allow: string

  constructor(method: string, methods: readonly string[]) {
    const allow = methods.join(', ')
    super('method not allowed', `${method} is not allowed here; allowed are ${allow || 'none'}`)
    this.allow = allow
  }
}
