import type { Argon2idCost } from '../../src/domain/passwords/argon2id.ts'

/** argon2id as it is, for little: for tests that need passwords and ask nothing of their strength. */
export const CHEAP_PASSWORDS: Argon2idCost = { memory: 64, passes: 1, parallelism: 1 }
