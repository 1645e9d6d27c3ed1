/** Parameters in the body of a POST, as clients send them and as they go on. */
import { invalid } from '../../domain/base/errors.ts'
import type { Outgoing } from './arrival.ts'
import { type Parameters, readParameters, targetOf } from './target.ts'

export const FORM = 'application/x-www-form-urlencoded'

/** The media type of a `Content-Type`, in lower case, without its parameters; '' without one. */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Throws `invalid` as `readParameters` does. */
export function formIn(body: Buffer): Parameters {
  return readParameters(body.toString('latin1'), 'the form')
}

/**
 * Throws `invalid` for a parameter that has one value in the query and another in the form: InfluxDB takes that of the
 * form.
 */
export function requireOneValue(
  inQuery: Iterable<readonly [name: string, value: string | undefined]>,
  form: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, value] of inQuery) {
    if (form[name] !== undefined && form[name] !== value) {
      throw invalid(`${name} is in the query and in the form, with two values; send one of them`)
    }
  }
}

/** A request with these parameters alone: in the target of a GET, in the form of any other. */
export function withParameters(
  method: string | undefined,
  path: string,
  parameters: Parameters,
): Pick<Outgoing, 'target' | 'body' | 'contentType'> {
  if (method === 'GET') return { target: targetOf(path, parameters), body: undefined }
  return { target: path, body: Buffer.from(targetOf('', parameters).slice(1)), contentType: FORM }
}
