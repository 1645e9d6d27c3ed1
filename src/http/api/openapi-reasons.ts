/** What the OpenAPI document says of `X-Sluice-Reason`, a header of every error of every operation. */
import { ErrorShape, ReasonShape } from '../request/shapes.ts'

/** The part of the document that this file reads and writes. */
export interface AnsweredPaths {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>
  >
}

interface Answer {
  headers?: Record<string, object>
  readonly content?: Readonly<Record<string, { readonly schema?: { readonly $ref?: string } }>>
}

const schema = (name: string) => `#/components/schemas/${name}`

const HEADER = {
  description: 'Why the request was refused, for programs; only where the code says too little',
  schema: { $ref: schema(ReasonShape.$id) },
}

/** Adds the header to each response whose body is an error. */
export function describeReasons({ paths }: AnsweredPaths): void {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  for (const answer of operations.flatMap(({ responses }) => Object.values(responses))) {
    const bodies = Object.values(answer.content ?? {})
    const isError = bodies.some((body) => body.schema?.$ref === schema(ErrorShape.$id))
    if (isError) answer.headers = { ...answer.headers, 'X-Sluice-Reason': HEADER }
  }
}
