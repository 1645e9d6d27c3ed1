/** For tests: an authentication by password at that time (milliseconds since 1970). */
import type { Authentication } from '../../src/domain/records/session.ts'

export const byPassword = (authenticatedAt: number): Authentication => ({
  method: 'password',
  level: 'one-factor',
  authenticatedAt,
})
