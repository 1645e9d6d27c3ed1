import { SluiceError } from '../../domain/base/errors.ts'

/** An error whose status says more than its documented code, which several statuses share. */
export class StatusError extends SluiceError {
  readonly status: number

  constructor(status: number, ...error: ConstructorParameters<typeof SluiceError>) {
    super(...error)
    this.status = status
  }
}
