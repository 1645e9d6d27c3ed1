import { unavailable } from '../../domain/base/errors.ts'
import type { Exchange } from './exchange.ts'

/** Reads JSON with `read`. Throws `unavailable` if the text is no JSON, or if `read` throws. */
export function readAnswer<T>(text: string, read: (answer: unknown) => T): T {
  try {
    return read(JSON.parse(text))
  } catch (error) {
    throw unavailable('a server behind this one gave an answer that cannot be read', { cause: error })
  }
}

/** Whether a GET of the path is answered with one of these statuses. */
export function isAnswered(exchange: Exchange, path: string, statuses: readonly number[]): Promise<boolean> {
  return exchange.send('GET', path).then(
    ({ status }) => statuses.includes(status),
    () => false,
  )
}
