import type { Argon2idCost } from '../../src/domain/passwords/argon2id.ts'

/** Real argon2id at minimal cost, for tests that do not depend on its strength. */
export const CHEAP_PASSWORDS: Argon2idCost = { memory: 64, passes: 1, parallelism: 1 }
