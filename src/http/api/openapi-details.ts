/** What the OpenAPI document says of all operations alike: the errors that each may answer, and what follows what. */

/** The parts of an operation that this file reads and writes. */
export interface DocumentedOperation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: {
    required?: boolean
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } }>
    >
  }
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly responses: Record<string, DocumentedResponse>
}

interface DocumentedResponse {
  readonly description: string
  readonly content?: object
  links?: Record<string, { operationId: string; parameters: Record<string, string> }>
}

export interface DocumentedPaths {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

const MEANING: Readonly<Record<number, string>> = {
  400: 'The request is invalid; the message says why',
  401: 'No credentials, or they do not reach this',
  403: 'The user is known and may not do this now',
  404: 'Something that the request names is not there',
  408: 'The body took too long to arrive',
  413: 'The body is too large',
  415: 'The encoding of the body is not understood',
  422: 'It is in conflict with what is there',
  429: 'Too many tries; the header Retry-After says when the next one counts',
  500: 'A failure inside',
  503: 'The server or its store cannot do it now; try again',
}

/** Operations that need no body; of all that have one, the document would say that it is needed. */
const BODY_IS_OPTIONAL: ReadonlySet<string> = new Set(['PostAuthorizationsIDRotate'])

/** Names of things that are looked for, in a query or a body; what is made has only a name. */
const REFERENCES = ['org', 'orgID', 'user', 'userID', 'id']

/** The statuses of errors that an operation may answer; paths without it (404) and other methods (405) are none. */
export function errorStatuses(method: string, operation: DocumentedOperation): number[] {
  const parameters = operation.parameters ?? []
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema.properties
  const inQuery = parameters.filter((each) => each.in === 'query').map(({ name }) => name)
  const inBody = Object.keys(body ?? {})
  const kinds = (operation.security ?? [{ token: [] }]).flatMap(Object.keys)
  const isSetup = inBody.includes('username')
  const names = [...inQuery, ...inBody].some((name) => REFERENCES.includes(name)) && !isSetup
  const found: Readonly<Record<number, boolean>> = {
    400: parameters.length > 0 || body !== undefined,
    401: kinds.length > 0,
    403: kinds.length > 0 || method !== 'get',
    404: names || parameters.some((each) => each.in === 'path' || (method === 'get' && each.name === 'name')),
    408: body !== undefined,
    413: body !== undefined,
    415: body !== undefined,
    422: isSetup || (method !== 'get' && (inBody.includes('name') || inBody.join() === 'id')),
    429: kinds.some((kind) => kind !== 'session'),
    500: true,
    503: true,
  }
  return Object.keys(MEANING)
    .map(Number)
    .filter((status) => found[status])
}

/** Adds to every operation the errors that it may answer, and to what creates something where it can be used. */
export function describeErrorsAndLinks(document: DocumentedPaths): void {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId, requestBody, responses } = operation
      if (requestBody && BODY_IS_OPTIONAL.has(operationId)) requestBody.required = false
      for (const status of method === 'head' ? [] : errorStatuses(method, operation)) {
        responses[status] ??= { ...responses.default, description: MEANING[status] ?? '' }
      }
      const made = method === 'post' ? responses[201] : undefined
      if (made && !operation.security) made.links = linksFrom(path, document)
    }
  }
}

/** The operations on what is created at a path, by the id in the answer. */
function linksFrom(path: string, { paths }: DocumentedPaths): NonNullable<DocumentedResponse['links']> {
  const isInside = path.includes('{id}')
  const inside = isInside ? /^\/\{userID\}$/ : /^\/\{id\}(\/[a-z]+)?$/
  const id = '$response.body#/id'
  const parameters: Record<string, string> = isInside ? { id: '$request.path.id', userID: id } : { id }
  const operations = Object.entries(paths)
    .filter(([each]) => each.startsWith(path) && inside.test(each.slice(path.length)))
    .flatMap(([, methods]) => Object.values(methods))
  return Object.fromEntries(operations.map(({ operationId }) => [operationId, { operationId, parameters }]))
}
