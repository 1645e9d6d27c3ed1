import { createHmac } from 'node:crypto'
import type { SessionKeyStore } from '../domain/records/session-key.ts'

/**
 * A short mark, hexadecimal, by which servers with the same data know what is theirs. It is derived from the key of
 * sessions, which every store has and which the mark does not reveal. The promise rejects if the key cannot be read.
 */
export function createStoreMark(sessionKey: SessionKeyStore): () => Promise<string> {
  let known: string | undefined
  return async () => {
    known ??= createHmac('sha256', await sessionKey.get())
      .update('mark of the store')
      .digest('hex')
      .slice(0, 12)
    return known
  }
}
