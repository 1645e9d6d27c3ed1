/** Links in the OpenAPI document: from the answer that creates something to the operations on it. */

/** The parts of an operation that are read and written here and in `openapi.ts`. */
export interface DocumentedOperation {
  readonly operationId: string
  readonly requestBody?: { required?: boolean }
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly responses: Record<string, DocumentedResponse>
}

interface DocumentedResponse {
  links?: Record<string, { operationId: string; parameters: Record<string, string> }>
}

export interface DocumentedPaths {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

/**
 * Adds links from each operation that creates something to the operations on it. Setup has none, because what it
 * creates is used with other credentials.
 */
export function addLinks(document: DocumentedPaths): void {
  for (const [path, methods] of Object.entries(document.paths)) {
    const made = methods.post?.responses[201]
    if (made && !methods.post?.security) made.links = linksFrom(path, document)
  }
}

/** The operations on what is created at a path, by the id in the answer. */
function linksFrom(path: string, { paths }: DocumentedPaths): NonNullable<DocumentedResponse['links']> {
  const isInside = path.includes('{id}')
  const inside = isInside ? /^\/\{(?:userID|invitationID)\}$/ : /^\/\{id\}(\/[a-z]+)?$/
  const id = '$response.body#/id'
  const parametersOf = (each: string): Record<string, string> =>
    isInside ? { id: '$request.path.id', [/\w+(?=\}$)/.exec(each)?.[0] ?? '']: id } : { id }
  const operations = Object.entries(paths)
    .filter(([each]) => each.startsWith(path) && inside.test(each.slice(path.length)))
    .flatMap(([each, methods]) => {
      const parameters = parametersOf(each)
      return Object.values(methods).map(({ operationId }) => ({ operationId, parameters }))
    })
  return Object.fromEntries(operations.map((each) => [each.operationId, each]))
}
