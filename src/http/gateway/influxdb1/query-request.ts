import type { Arrival, Outgoing } from '../arrival.ts'
import { withParameters } from '../form.ts'

/** How the answer is to be written; all pass. */
const OF_ANSWER = ['epoch', 'chunked', 'chunk_size', 'pretty'] as const

/** The request of a query by the 1.x API: what was judged, once each, and how `asked` wants the answer. */
export function queryRequest(
  { request: { method } }: Arrival,
  judged: Readonly<Record<string, string | undefined>>,
  asked: Arrival['decisive'],
): Pick<Outgoing, 'target' | 'body' | 'contentType'> {
  const all = [...Object.entries(judged), ...OF_ANSWER.map((name) => [name, asked[name]] as const)]
  const parameters = all.flatMap(([name, value]) => (value ? [[name, value] as const] : []))
  return withParameters(method, '/query', parameters)
}
