/** For tests: asserts that something is refused, and how. */
import assert from 'node:assert/strict'
import type { ErrorCode, SluiceError } from '../../src/domain/base/errors.ts'

/** Asserts that the call is refused with that code and message. */
export async function refused(work: () => unknown, code: ErrorCode, message?: string | RegExp) {
  await assert.rejects(
    async () => work(),
    (error: SluiceError) => {
      assert.equal(error.code, code, String(error.stack))
      if (typeof message === 'string') assert.equal(error.message, message)
      else if (message) assert.match(error.message, message)
      return true
    },
  )
}
