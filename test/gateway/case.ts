/** A case of gateway-cases.json and database-cases.json: a request, and what becomes of it. */
export interface Case {
  readonly id: string
  readonly permissions: readonly string[]
  readonly request: {
    readonly method: string
    readonly path: string
    readonly query: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
  }
  readonly expect: string
  readonly reason: string
}

/** The case's own headers, in which `good` stands for the token. */
export const headersOf = ({ request }: Case, token: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value.replace('good', token)]),
  )
