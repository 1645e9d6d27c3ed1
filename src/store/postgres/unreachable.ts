/** Thrown if the store cannot be opened; its message is for the operator and holds no credential. */
export class StoreUnreachableError extends Error {
  constructor(where: string, cause: unknown) {
    super(`PostgreSQL at ${where} cannot be used: ${reasonOf(cause)}`, { cause })
    this.name = 'StoreUnreachableError'
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return reasonOf(error.cause)
  // The error after trying several addresses has a code and no message.
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name)
}
